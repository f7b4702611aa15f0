"""A cell file's figures beside the model's: errors, and what they come to.

It draws and prints nothing, and fits nothing.
"""

import math
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from locksim.cells.load import CellFile, Point
from locksim.cells.predict import predict

# What is asked of the figures that were held out, in per cent.
MEDIAN_PCT = 10.0
WORST_PCT = 25.0


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure, and the model's."""

    cell: str
    point: Point
    model: float

    @property
    def error_pct(self) -> float:
        """How far the model is off; 0 where the figure is a bound, and kept."""
        error = 100 * (self.model / self.point.value - 1)
        kept = error >= 0 if self.point.bound == "min" else error <= 0
        return 0.0 if self.point.bound is not None and kept else error

    @property
    def held_out(self) -> bool:
        """Whether the figure was kept from the fit."""
        return self.point.use == "held_out"


@dataclass(frozen=True, slots=True)
class Summary:
    """The errors of some figures, without their signs."""

    count: int
    median_pct: float
    worst_pct: float

    @property
    def passed(self) -> bool:
        """Whether they are within what is asked; where nothing was held out, nothing passed."""
        return self.count > 0 and self.median_pct <= MEDIAN_PCT and self.worst_pct <= WORST_PCT


def compare(name: str, cell: CellFile) -> Iterator[Compared]:
    """Each of the file's figures, in its order, as it is worked out."""
    law = cell.law()
    for point in cell.point:
        yield Compared(name, point, predict(law, point))


def summary(rows: Iterable[Compared]) -> Summary:
    """The errors of those rows that were held out."""
    errors = [abs(row.error_pct) for row in rows if row.held_out]
    if not errors:
        return Summary(0, math.nan, math.nan)
    return Summary(len(errors), statistics.median(errors), max(errors))
