"""A pack that doesn't change by itself: cells in series, each an open voltage and a resistance.

A test sets them as it needs them, at any time; packs that live are in `live`.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(slots=True)
class FixedCell:
    """One cell: its open voltage (mV) and its inner resistance (mohm)."""

    ocv_mv: int
    r_mohm: int

    def mv(self, ma: int) -> int:
        """Its voltage while it gives `ma`; negative when its neighbours drive it below 0 V."""
        return self.ocv_mv - ma * self.r_mohm // 1000


class FixedPack:
    """Cells in series, the lowest first; with a tap at each one, or with none. A `Source`."""

    changes = False

    def __init__(self, cells: Iterable[FixedCell], *, tapped: bool = True) -> None:
        self.cells = tuple(cells)
        if not self.cells:
            raise ValueError("expected at least one cell, got none")
        self.tapped = tapped
        self._ma = 0

    @property
    def size(self) -> int:
        return len(self.cells)

    @property
    def taps(self) -> int:
        return len(self.cells) if self.tapped else 0

    def settle(self, now: int) -> None:
        pass

    def thevenin(self, now: int) -> tuple[int, int]:  # noqa: ARG002 it is the same at any time
        return sum(cell.ocv_mv for cell in self.cells), sum(cell.r_mohm for cell in self.cells)

    def bypasses(self, now: int, ma: int) -> bool:  # noqa: ARG002 it has no diodes
        return False

    def carry(self, now: int, ma: int, idle_ua: int, temp_c: float) -> None:  # noqa: ARG002
        # What the electronics take is too little to move these voltages.
        self._ma = ma

    def cell_mv(self, cell: int, now: int) -> int:  # noqa: ARG002 it is the same at any time
        return self.cells[cell].mv(self._ma)

    def open_mv(self, cell: int, now: int) -> int:  # noqa: ARG002 it is the same at any time
        return self.cells[cell].ocv_mv


# Name -> (open voltage in mV, resistance in mohm) of each cell.
PACKS: dict[str, tuple[tuple[int, int], ...]] = {
    "good": ((3000, 300), (3000, 300)),
    # Still opens for weeks: time to plan a change.
    "weak": ((2900, 600), (2900, 600)),
    # Opens for days.
    "low": ((2800, 700), (2800, 700)),
    "discharged": ((2600, 1000), (2600, 1000)),
    # The one that a look at the whole pack alone would miss.
    "one_weak_cell": ((3000, 300), (2300, 1500)),
    # Collapses under load and takes the unit down with it.
    "flat": ((2300, 4000), (2300, 4000)),
}
