"""Sheets and lists of records for a terminal of 80 columns; colours only where there is one.

It lays out; the words come from `sheet` and `words`.
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

import click

from lockrig.i18n import _
from lockrig.records import words
from lockrig.records.entry import Entry
from lockrig.records.sheet import Sheet
from lockrig.records.times import local
from lockrig.trace.terminal import safe

WIDTH = 70
_COLOURS = {"stop": "red", "go": "green"}
_TONES = {"allowed": "green", "done": "green", "withdrawn": "", "cleared": "", "open": "yellow"}


def mark(training: bool) -> str:
    """What stands before whatever is of training."""
    return click.style(_("TRAINING"), fg="black", bg="yellow") + " " if training else ""


def short(ident: str) -> str:
    """The end of an id that tells a record from the others."""
    return ident if ident.startswith("open-") else ident.rsplit("-", 1)[-1]


def table(head: Sequence[str], rows: Iterable[Sequence[str]], indent: str = "") -> Iterator[str]:
    """Columns as wide as they need."""
    lines = [[safe(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (f"{cell:{width}}" for cell, width in zip(line, widths, strict=True))
        yield (indent + "  ".join(cells)).rstrip()


def facts(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A name and a text each, the texts below each other."""
    pairs = list(pairs)
    wide = max((len(name) for name, _text in pairs), default=0) + 2
    for name, text in pairs:
        yield from textwrap.wrap(
            safe(text),
            WIDTH,
            initial_indent=f"{name + ':':{wide}}",
            subsequent_indent=" " * wide,
        ) or [f"{name}:"]


def paragraphs(*texts: str) -> Iterator[str]:
    """Texts at the terminal's width."""
    for text in texts:
        yield from textwrap.wrap(safe(text), WIDTH) or [""]


def listing(entries: Sequence[Entry]) -> Iterator[str]:
    """A line for each record."""
    units = max((len(entry.unit) for entry in entries), default=0)
    ids = max((len(short(entry.id)) for entry in entries), default=0)
    for entry in entries:
        told = words.word(words.VERDICTS, entry.verdict)
        colour = _TONES.get(entry.verdict, "red")
        verdict = click.style(told, fg=colour) if colour else told
        yield (
            f"{mark(entry.training)}{short(entry.id):{ids}}  {local(entry.at):20}  "
            f"{entry.unit:{units}}  {verdict}"
        )


def whole(made: Sheet, desk: Sequence[str]) -> Iterator[str]:
    """A sheet; `desk` says how the service desk is reached."""
    sign = mark(made.entry.training)
    big = f" {made.big} "
    colour = _COLOURS.get(made.tone)
    yield sign + click.style(big, fg="white", bg=colour, bold=True) if colour else sign + big
    for line in [
        "",
        *facts([(_("Who might act"), made.who)]),
        *(desk if made.for_the_desk else ()),
        "",
        *facts(made.facts),
    ]:
        yield sign + line
    if made.rows:
        yield sign
        for line in table(made.head, made.rows):
            yield sign + line
    if made.notes:
        yield sign
        for note in made.notes:
            for line in paragraphs(note):
                yield sign + line
    yield sign
    for line in paragraphs(closing()):
        yield sign + line


def closing() -> str:
    """Said at the end of every sheet."""
    return _(
        "A record of the past allows nothing today. Not certified, not any vendor's product; the "
        "care provider's own routine prevails."
    )
