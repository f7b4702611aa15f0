"""The battery pack: cells in series, each an open voltage behind a resistance.

It doesn't discharge or recover by itself: a scenario sets the cells, at any time.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(slots=True)
class Cell:
    """One cell: its open voltage (mV) and its inner resistance (mohm)."""

    ocv_mv: int
    r_mohm: int

    def mv(self, ma: int) -> int:
        """Its voltage while it gives `ma`; negative when its neighbours drive it below 0 V."""
        return self.ocv_mv - ma * self.r_mohm // 1000


class Pack:
    """Cells in series, the lowest first; with a tap at each one, or with none."""

    def __init__(self, cells: Iterable[Cell], *, tapped: bool = True) -> None:
        self.cells = tuple(cells)
        if not self.cells:
            raise ValueError("expected at least one cell, got none")
        self.tapped = tapped

    @property
    def taps(self) -> int:
        """How many cells can be measured by themselves."""
        return len(self.cells) if self.tapped else 0

    @property
    def ocv_mv(self) -> int:
        """The open voltage of all cells."""
        return sum(cell.ocv_mv for cell in self.cells)

    @property
    def r_mohm(self) -> int:
        """The inner resistance of all cells."""
        return sum(cell.r_mohm for cell in self.cells)


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
UNTAPPED = "_untapped"

PackSpec = str | Iterable[tuple[int, int]]


def make_pack(spec: PackSpec, *, tapped: bool = True) -> Pack:
    """A new pack by name (`PACKS`, or one of those + `_untapped`) or from (mV, mohm) pairs.

    ValueError names the packs there are.
    """
    if not isinstance(spec, str):
        return Pack((Cell(*cell) for cell in spec), tapped=tapped)
    name = spec.removesuffix(UNTAPPED)
    if name not in PACKS:
        raise ValueError(f"expected a pack out of {', '.join(PACKS)} (+ {UNTAPPED}), got {spec!r}")
    return Pack((Cell(*cell) for cell in PACKS[name]), tapped=tapped and name == spec)
