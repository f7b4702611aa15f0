"""The time scale of a drawing: which column a moment falls into, and the ruler above it.

It knows times and columns only; `draw` knows signals.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """`columns` columns over the time from `start_ms` to `end_ms`, both included.

    `zero_ms` is the moment that the ruler counts from (the press).
    """

    start_ms: int
    end_ms: int
    zero_ms: int
    columns: int

    @property
    def span_ms(self) -> int:
        """How long the drawn time is, at least 1 ms."""
        return max(1, self.end_ms - self.start_ms)

    def column(self, t_ms: int) -> int:
        """The column that `t_ms` falls into."""
        column = (t_ms - self.start_ms) * self.columns // self.span_ms
        return min(max(column, 0), self.columns - 1)

    def column_s(self) -> str:
        """How many seconds a column stands for."""
        return _seconds(max(1, round(self.span_ms / self.columns)))

    def ruler(self) -> str:
        """Seconds from the zero, each label beginning in the column of its moment."""
        step = _round_step(self.span_ms * 9 // self.columns + 1)
        row = [" "] * (self.columns + 12)
        free = 0
        first = -((self.zero_ms - self.start_ms) // step)
        for k in range(first, (self.end_ms - self.zero_ms) // step + 1):
            label = _seconds(k * step)
            at = self.column(self.zero_ms + k * step)
            if at >= free and at + len(label) <= self.columns:
                row[at : at + len(label)] = label
                free = at + len(label) + 1
        return "".join(row).rstrip()


def _round_step(at_least_ms: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50 ... ms."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power >= at_least_ms:
                return factor * power
        power *= 10


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")
