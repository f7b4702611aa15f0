"""Reads a logic analyser's CSV: a row a sample, or a row a change; a column a signal.

It gives signals and changes, and takes what the file says of its clock from `csv_clock`.
"""

import csv
import io
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, BinaryIO

from lockrig.trace.capture import Capture, Change, Raw
from lockrig.trace.channels import BITS, JSON, MOTOR, NUMBERS
from lockrig.trace.csv_clock import Clock, exact, is_time
from lockrig.trace.csv_out import COLUMNS
from lockrig.trace.files import refuse
from lockrig.trace.terminal import safe

_CHANNELS = re.compile(r"Channels\s*\([^)]*\):\s*(.+)")
_RATE = re.compile(r"Sample ?rate:\s*([0-9]{1,12}(?:\.[0-9]{1,12})?)\s*([kMG]?)Hz", re.IGNORECASE)
_RATES = {"": 1, "k": 10**3, "K": 10**3, "m": 10**6, "M": 10**6, "g": 10**9, "G": 10**9}
_MAX_LINE = 100_000


class CsvCapture(Capture):
    """A CSV file, its head read and its rows still to come; LockrigError if it is none."""

    kind = "csv"

    def __init__(self, path: str, file: BinaryIO, time_unit: str | None) -> None:
        self.path = path
        self._line = 0
        self._comments: list[str] = []
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline=None)
        first = next(self._lines(), None)
        if first is None:
            raise refuse(f"{safe(path)} has no rows; export the capture again")
        delimiter = max(",;\t", key=first.count)
        self._rows = csv.reader(self._after(first), delimiter=delimiter)
        self._define(time_unit)
        self._sampled = False
        self._longest_ms = Fraction(0)

    def _lines(self) -> Iterator[str]:
        """Lines with something in them; comments are put aside."""
        while True:
            try:
                text = self._text.readline(_MAX_LINE)
            except UnicodeDecodeError:
                raise self.wrong(
                    self._line + 1, "no UTF-8 text; export the capture as CSV"
                ) from None
            self._line += bool(text)
            if not text:
                return
            if len(text) == _MAX_LINE or "\0" in text:
                raise self.wrong(self._line, "no line of a CSV file; export the capture as CSV")
            if text.startswith((";", "#")):
                self._comments.append(text.lstrip(";# ").strip())
            elif text.strip():
                yield text

    def _after(self, first: str) -> Iterator[str]:
        yield first
        yield from self._lines()

    def _next_row(self) -> list[str] | None:
        try:
            row = next(self._rows, None)
        except csv.Error as error:
            raise self.wrong(self._line, f"no row of a CSV file ({error})") from None
        return None if row is None else [cell.strip() for cell in row]

    def _define(self, time_unit: str | None) -> None:
        """Find the columns, from the head row or from the comments, and the clock."""
        head = self._next_row() or []
        if tuple(head) == COLUMNS:
            raise refuse(
                f"{safe(self.path)} is a list of a trace's events: name the trace itself, "
                "or export it with --vcd"
            )
        told = self._channels_told()
        self._pending = None
        if all(_is_number(cell) for cell in head):
            # No head row: the comments alone know the names.
            self._pending = head
            extra = len(head) - len(told)
            head = [*(["Time"] if extra == 1 else []), *told]
            if extra not in (0, 1) or not told:
                raise self.wrong(
                    self._line,
                    "expected a row of names (`Time [s],Channel 0,...`), got numbers; "
                    "export with names",
                )
        self._offset = int(is_time(head[0]))
        names = head[self._offset :]
        if "logic" in names and len(told) == len(names):
            names = told
        self.names = [(name,) for name in names]
        self._width = len(head)
        self._clock = Clock(head[0] if self._offset else None, self._rate(), time_unit)
        if problem := self._clock.problem():
            raise self.wrong(self._line, problem)

    def _channels_told(self) -> list[str]:
        for comment in self._comments:
            if told := _CHANNELS.search(comment):
                return [name.strip() for name in told[1].split(",")]
        return []

    def _rate(self) -> Fraction | None:
        for comment in self._comments:
            if told := _RATE.search(comment):
                return (Fraction(told[1]) * _RATES[told[2]]) or None
        return None

    def _all_rows(self) -> Iterator[list[str]]:
        if self._pending is not None:
            yield self._pending
        while (row := self._next_row()) is not None:
            yield row

    def changes(self) -> Iterator[Change]:
        """Every signal in the first row, then what differs from the row before."""
        previous: list[str] = []
        idle = False
        for row in self._all_rows():
            if len(row) != self._width:
                raise self.wrong(self._line, f"expected {self._width} columns, got {len(row)}")
            cells = row[self._offset :]
            self._sampled |= idle
            last_ms = self.end_ms
            self.end_ms = self._time(row[0])
            # A row that repeats the one before shows a table of samples; the last may always.
            idle = cells == previous
            if idle:
                continue
            if last_ms is not None:
                self._longest_ms = max(self._longest_ms, self.end_ms - last_ms)
            for number, cell in enumerate(cells):
                if not previous or cell != previous[number]:
                    yield Change(self._line, self.end_ms, number, cell)
            previous = cells

    def _time(self, cell: str) -> Fraction:
        try:
            now = self._clock.ms(cell)
        except ValueError as error:
            raise self.wrong(self._line, str(error)) from None
        if self.end_ms is not None and now < self.end_ms:
            raise self.wrong(
                self._line, f"time {cell} comes after a later one; export the capture again"
            )
        return now

    def resolution_ms(self) -> Fraction:
        """The sample period if it is told, or shows; else what the written digits resolve."""
        told = self._clock.resolution_ms()
        return told if self._clock.rate or not self._sampled else max(told, self._longest_ms)

    def decode(self, channel: str, signal: int, raw: Raw) -> Any:  # noqa: ARG002 (VCD asks it)
        """`raw` as a value of `channel`; ValueError says what was expected."""
        text = str(raw)
        if channel in BITS or channel == MOTOR:
            allowed = ("0", "1") if channel in BITS else ("-1", "0", "1")
            if text not in allowed:
                raise ValueError(
                    f"expected {' or '.join(allowed)}, got {text!r:.20}: it was not seen here"
                )
            return int(text)
        if channel in NUMBERS:
            return round(exact(text)[0]) if text else None
        if channel in JSON:
            raise ValueError(f"a CSV file holds no {channel}")
        return text


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[-+0-9.eE]+", cell) is not None
