"""`lockrig virtual NAME --pair`: a unit's board and its probe's, wired to each other, foreground.

It prints their four ports; what there is to do by hand is what hands do to boards and wires.
"""

import os
from pathlib import Path

import click

from lockhil.probe.files import laid_out
from lockhil.probe.wiring import read_wiring
from lockhil.virtual.image import blank, build
from lockhil.virtual.pair import RealPair
from lockhil.virtual.pair.wiring import PROBE, SIDES, UNIT
from lockhil.virtual.running import Running, announced, taken
from lockrig.errors import Exit, LockrigError
from lockrig.virtual.flash import prepare
from lockrig.virtual.keyboard import serve

_WIRING = "virtual"
_SUFFIX = "-PROBE"
# With the suffix it is a board's name too.
NAME_MAX = 16 - len(_SUFFIX)
_HELP = f"""\
  unplug  {" or ".join(SIDES)}: its process is killed
  replug  {" or ".join(SIDES)}: it starts again
  swap    NET NET: exchange two wires at the unit
  look    at the nets"""


def run(name: str, unit: Path, *, fresh: bool, empty: bool) -> int:
    """Run the unit NAME, whose flash is `unit`, and its probe until ctrl-C. LockrigError."""
    probe = f"{name}{_SUFFIX}"
    wiring = read_wiring(_WIRING)
    with taken(probe) as flash:
        if fresh or empty or not flash.exists():
            prepare(flash, blank() if empty else build(laid_out(wiring, probe)))
        pair = RealPair(wiring.data, unit, flash)
        with pair:
            _announce(pair, name, probe)
    raise LockrigError("the boards' wires broke", Exit.FAILED) from pair.failure


def _announce(pair: RealPair, name: str, probe: str) -> None:
    """Let others find both, and do what is typed."""
    notes = {
        side: Running(label, os.getpid(), pair.console(side), pair.link(side))
        for side, label in ((UNIT, name), (PROBE, probe))
    }
    with announced(notes[UNIT]), announced(notes[PROBE]):
        click.echo(notes[UNIT].console)
        click.echo(f"link: {notes[UNIT].link}")
        click.echo(f"probe console: {notes[PROBE].console}")
        click.echo(f"probe link: {notes[PROBE].link}")
        click.echo(
            f"{name} and {probe} are running; type help for what you can do to them, ctrl-C ends it"
        )
        serve(lambda: pair.failure, lambda words: _act(pair, words), _HELP)


def _act(pair: RealPair, words: list[str]) -> str:
    """Do what these words say; what came of it, or what is wrong with them."""
    match words:
        case ["unplug", ("unit" | "probe") as side]:
            pair.kill(side)
        case ["replug", ("unit" | "probe") as side]:
            pair.restart(side)
        case ["swap", one, other]:
            try:
                pair.swap_wires(one, other)
            except ValueError as error:
                return str(error)
        case ["look"]:
            shown = {event.ch: event.v for event in pair.events}
            return ", ".join(f"{ch} {v}" for ch, v in shown.items())
        case _:
            return f"expected one of these, with what it needs:\n{_HELP}"
    return "done"
