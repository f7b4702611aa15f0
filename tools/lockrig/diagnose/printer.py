"""Puts screens into colour, marks training on every line, and draws a simulated unit's lights.

How text looks; what it says is decided elsewhere.
"""

from typing import TextIO

import click

from lockrig.diagnose.screens import WIDTH, Screen
from lockrig.diagnose.terminal import Terminal
from lockrig.i18n import _

_COLOURS = {"stop": "red", "go": "green"}


class Printer:
    """Prints to `out`; `training` marks each line; `title` stands over each screen."""

    def __init__(self, out: TextIO, *, training: bool, title: str = "") -> None:
        self._out = out
        self._training = training
        self._titled = title

    def show(
        self,
        terminal: Terminal,
        screen: Screen,
        heading: str,
        leds: tuple[int, int] | None = None,
    ) -> None:
        """Draw a whole screen, and the two lights if there are simulated ones."""
        big = [self._loud(screen), ""] if screen.big else []
        lines = [self._title(heading), "", *big, *screen.lines]
        if leds is not None:
            lines += ["", *self._lights(leds), "", _("[B]  press the training unit's button")]
        terminal.draw(self._marked(lines))

    def result(self, screen: Screen, heading: str) -> None:
        """Print the last screen so that it stays; what matters most comes last."""
        loud = self._loud(screen)
        lines = [self._title(heading), *screen.before, "", loud, "", *screen.lines]
        click.echo(self._marked(lines), file=self._out)

    def line(self, text: str) -> None:
        """Print one more line below the result."""
        click.echo(self._marked([text]), file=self._out)

    def _loud(self, screen: Screen) -> str:
        colour = _COLOURS.get(screen.tone)
        return click.style(f"   {screen.big}   ", fg="white", bg=colour, bold=True)

    def _title(self, heading: str) -> str:
        title = self._titled or _("lockrig: may this battery be changed?")
        return click.style(f"{title}  {heading}".rstrip().ljust(WIDTH - 10), bold=True)

    def _marked(self, lines: list[str]) -> str:
        mark = click.style(_("TRAINING"), fg="black", bg="yellow") + " "
        return "\n".join(mark + line if self._training else line for line in lines)

    def _lights(self, leds: tuple[int, int]) -> list[str]:
        lit = [
            click.style("●●●●●", fg=colour, bold=True) if on else click.style("·····", dim=True)
            for on, colour in zip(leds, ("bright_green", "bright_red"), strict=True)
        ]
        names = [_("green"), _("red")]
        lights = [f"      {lit[0]}               {lit[1]}"] * 3
        return [*lights, f"      {names[0]:<20}{names[1]}"]
