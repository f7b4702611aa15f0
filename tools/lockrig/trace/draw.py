"""Draws a channel as one row of characters, however long the time and narrow the row.

It works on changes and columns; what is shown, and in which order, is `show`'s.

A column is a stretch of time. What happened in it stays visible even where it was much shorter
than the column: a pulse is never averaged away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lockrig.trace.scale import Scale

Changes = Sequence[tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class Ink:
    """The characters to draw with."""

    low: str
    high: str
    rise: str
    fall: str
    pulse: str
    several: str
    unseen: str
    line: str
    forward: str
    back: str
    both: str
    point: str
    bars: str
    gap: str

    def all(self) -> str:
        """Every character, to ask a terminal for."""
        return "".join(str(getattr(self, name)) for name in self.__slots__)

    def legend(self) -> str:
        """What the characters of a wave mean."""
        return (
            f"{self.low} off  {self.high} on  {self.rise} goes on  {self.fall} goes off  "
            f"{self.pulse} short pulse  {self.several} several edges  {self.unseen} not seen"
        )


BLOCKS = Ink("▁", "█", "▐", "▌", "┃", "▒", "·", "─", "▲", "▼", "◆", "●", "▁▂▃▄▅▆▇█", "?")
ASCII = Ink("_", "#", "/", "\\", "|", "%", ".", "-", "^", "v", "X", "*", "_,:;+=%#", "x")


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a column saw: the value it began with (None: nothing seen yet), then the new ones."""

    before: Any
    seen: bool
    values: list[Any]

    def all(self) -> list[Any]:
        return [*([self.before] if self.seen else []), *self.values]


def _cells(changes: Changes, scale: Scale) -> list[_Cell]:
    cells = [_Cell(None, False, [])]
    for t_ms, value in changes:
        column = scale.column(t_ms)
        _fill(cells, column + 1)
        cells[column].values.append(value)
    _fill(cells, scale.columns)
    return cells


def _fill(cells: list[_Cell], columns: int) -> None:
    while len(cells) < columns:
        last = cells[-1].all()
        cells.append(_Cell(last[-1] if last else None, bool(last), []))


def bits(changes: Changes, scale: Scale, ink: Ink) -> str:
    """A row for a channel of 0 and 1."""
    return "".join(_bit(cell, ink) for cell in _cells(changes, scale))


def _bit(cell: _Cell, ink: Ink) -> str:
    values = cell.all()
    edges = sum(a != b for a, b in pairwise(values))
    if not values:
        return ink.unseen
    if edges == 0:
        return ink.high if values[-1] else ink.low
    if edges == 1:
        return ink.rise if values[-1] else ink.fall
    return ink.pulse if edges == 2 and not values[0] else ink.several


def motor(changes: Changes, scale: Scale, ink: Ink) -> str:
    """A row for a channel of -1, 0 and 1: any movement shows, however short."""
    row = ""
    for cell in _cells(changes, scale):
        values = set(cell.all())
        if {1, -1} <= values:
            row += ink.both
        elif values & {1, -1}:
            row += ink.forward if 1 in values else ink.back
        else:
            row += ink.line if values else ink.unseen
    return row


def words(changes: Changes, scale: Scale, ink: Ink) -> str:
    """A row for words that hold: each as far as it fits until the next."""
    row = [ink.several if len(cell.values) > 1 else "" for cell in _cells(changes, scale)]
    columns = [scale.column(t_ms) for t_ms, _ in changes]
    text = ink.unseen * (columns[0] if columns else scale.columns)
    for (_, word), column, end in zip(changes, columns, [*columns[1:], scale.columns], strict=True):
        room = end - column
        text = text[:column] + f"{word} "[:room].ljust(room, ink.line)
    return "".join(mark or char for mark, char in zip(row, text, strict=True))


def points(changes: Changes, scale: Scale, ink: Ink) -> str:
    """A row for things that happen: a mark, or how many (`+`: more than 9) in one column."""
    row = ""
    for cell in _cells(changes, scale):
        count = len(cell.values)
        row += " " if not count else ink.point if count == 1 else str(count) if count < 10 else "+"
    return row


def levels(changes: Changes, scale: Scale, ink: Ink) -> str:
    """A row for numbers, None where a reading failed: the lowest of each column."""
    known = [value for _, value in changes if value is not None]
    low, high = (min(known), max(known)) if known else (0, 0)
    row = ""
    for cell in _cells(changes, scale):
        values = cell.all()
        if not values:
            row += ink.unseen
        elif None in values:
            row += ink.gap
        else:
            top = len(ink.bars) - 1
            row += ink.bars[(min(values) - low) * top // (high - low) if high > low else top]
    return row
