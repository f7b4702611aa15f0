"""The clock of a logic analyser's CSV: when a row was sampled.

It reads the time column's name and cells, or counts rows by the sample rate; nothing else.
"""

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction

_NAME = re.compile(r"time\s*[\[(_]?\s*(s|ms|us|µs|μs|ns|ps)?\s*[\])]?", re.IGNORECASE)
_MS = {
    "s": Fraction(1000),
    "ms": Fraction(1),
    "us": Fraction(1, 10**3),
    "ns": Fraction(1, 10**6),
    "ps": Fraction(1, 10**9),
}
# Names that sigrok gives the column where it writes units for names.
_UNIT_NAMES = ("samples", "seconds", "milliseconds", "microseconds", "nanoseconds", "picoseconds")
TIME_UNITS = tuple(_MS)


def is_time(name: str) -> bool:
    """Whether a column of this name tells the time."""
    return _NAME.fullmatch(name) is not None or name.lower() in _UNIT_NAMES


def exact(cell: str) -> tuple[Fraction, Fraction]:
    """The number in a cell, and the step between two numbers written so; ValueError if none."""
    try:
        value = Decimal(cell.replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"expected a number, got {cell!r:.40}") from None
    exponent = value.as_tuple().exponent
    # The bounds keep 1e999999999 from being written out.
    if not isinstance(exponent, int) or abs(exponent) > 30 or len(cell) > 60:
        raise ValueError(f"expected a number, got {cell!r:.40}")
    return Fraction(value), Fraction(10) ** exponent


class Clock:
    """Milliseconds of a row, from its time cell or its number.

    `column` is the time column's name, `rate` the sample rate in Hz, either may be None; `unit`
    is what the user says that the cells are in.
    """

    def __init__(self, column: str | None, rate: Fraction | None, unit: str | None) -> None:
        self.rate = rate
        self._column = column
        self._row = -1
        self._digits = Fraction(0)
        self._unit_ms: Fraction | None = None
        self._period: int | None = None
        if column is not None:
            self._read_name(column, unit)

    def _read_name(self, column: str, unit: str | None) -> None:
        named = _NAME.fullmatch(column)
        if unit is None and named and named[1]:
            unit = named[1].lower().replace("µ", "u").replace("μ", "u")
        if unit is not None:
            self._unit_ms = _MS[unit]
        elif self.rate is not None:
            # sigrok counts in the next power of 1,000 above the rate, and in whole steps of it:
            # at 24 MHz a sample is called 41 ns. So the steps are counted, not the nanoseconds.
            ticks = 1
            while ticks < self.rate:
                ticks *= 1000
            self._period = int(ticks / self.rate)

    def problem(self) -> str | None:
        """Why this clock can't be read, with what to do; None if it can."""
        if self._column is None and self.rate is None:
            return "expected a column `Time [s]` or a comment `; Samplerate: 1 MHz`; export with it"
        if self._column is not None and self._unit_ms is None and self._period is None:
            return f"the column {self._column} has no unit; say which with --time-unit"
        return None

    def ms(self, cell: str) -> Fraction:
        """When the next row was sampled, by its time cell; ValueError if that tells no time."""
        self._row += 1
        if self._column is None:
            assert self.rate is not None
            return Fraction(self._row * 1000) / self.rate
        value, step = exact(cell)
        if self._period is not None and self._unit_ms is None:
            assert self.rate is not None
            if value.denominator != 1 or value.numerator % self._period:
                raise ValueError(f"time {cell} is no multiple of {self._period}; give --time-unit")
            return value / self._period * 1000 / self.rate
        assert self._unit_ms is not None
        step *= self._unit_ms
        self._digits = min(self._digits, step) if self._digits else step
        return value * self._unit_ms

    def resolution_ms(self) -> Fraction:
        """The sample period, or the smallest step that the cells were written in."""
        return 1000 / self.rate if self.rate is not None else self._digits
