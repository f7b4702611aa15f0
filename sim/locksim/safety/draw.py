"""What chance decides about one case: cells' spread, temperatures, rests, earlier use.

Everything hangs on the case's own name alone, so neither order nor workers change a case. The
distributions are assumed: nobody publishes such figures, and none was measured.
"""

import math
from random import Random

from locksim.cells.cell import Cell
from locksim.packs.deliverable import deliverable_mah
from locksim.packs.live import LivePack
from locksim.packs.load import PackKind
from locksim.packs.slot import Slot

# Assumed spread of a batch: standard deviations, cut off at three of them.
CAPACITY_SD = 0.03
RESISTANCE_SD = 0.10
_CUT = 3.0
DAY_MS = 24 * 3_600_000
LONGEST_REST_MS = 180 * DAY_MS
# Light use before a rest: a mean current (mA), for at most so long.
_BURST_MA = 100.0
_BURST_MS = 600_000


class Draw:
    """The chances of one case, for packs of one kind."""

    def __init__(self, name: str, kind: PackKind) -> None:
        self.rng = Random(name)  # noqa: S311 a measurement must be repeatable
        self.kind = kind
        self.profile = kind.profile

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def temperature_c(self) -> int:
        """Within the profile's range; its ends, where margins are least, often."""
        lowest, highest = math.ceil(self.profile.lowest_c), math.floor(self.profile.highest_c)
        choice = self.rng.random()
        if choice < 0.25:
            return lowest
        if choice < 0.5:
            return highest
        return 20 if choice < 0.65 else self.rng.randint(lowest, highest)

    def cold_c(self) -> int:
        """Where the profile still holds and a load pulls hardest."""
        lowest = math.ceil(self.profile.lowest_c)
        return self.rng.randint(lowest, max(lowest, 2))

    def rest_ms(self, longest_ms: int = LONGEST_REST_MS) -> int:
        """From nothing to months, each order of magnitude as often."""
        if self.chance(0.1):
            return 0
        return round(math.exp(self.rng.uniform(math.log(1_000), math.log(longest_ms))))

    def spread(self, sd: float) -> float:
        """A cell's own share of its kind's figure."""
        while abs(share := self.rng.gauss(0, 1)) > _CUT:
            pass
        return 1 + sd * share

    def cells(self, kind: PackKind | None = None) -> list[Cell]:
        """A full cell for each place, each with its own spread."""
        kind = kind or self.kind
        return [
            kind.new_cell(capacity=self.spread(CAPACITY_SD), resistance=self.spread(RESISTANCE_SD))
            for _ in range(kind.series)
        ]

    def deliverable(self, cell: Cell, kind: PackKind | None = None) -> float:
        """What the full `cell` can deliver, mAh."""
        kind = kind or self.kind
        return deliverable_mah(Slot(cell, buffer=kind.new_buffer()), kind.profile)

    def evenly(self, gone: float, kind: PackKind | None = None) -> LivePack:
        """A pack all of whose cells gave the same, the weakest this share of what it can."""
        kind = kind or self.kind
        cells = self.cells(kind)
        given_mah = gone * min(self.deliverable(cell, kind) for cell in cells)
        for cell in cells:
            cell.delivered_mah = given_mah
        return kind.pack(cells)

    def one_weak(self, gone: float, others: tuple[float, float]) -> LivePack:
        """A pack with one cell of which the share `gone` is gone; of the others it's `others`."""
        cells = self.cells()
        weak = self.rng.randrange(len(cells))
        for place, cell in enumerate(cells):
            share = gone if place == weak else self.rng.uniform(*others)
            cell.delivered_mah = share * self.deliverable(cell)
        return self.kind.pack(cells)

    def stiffen_weakest(self, pack: LivePack) -> None:
        """Its emptiest cell resists more than most: still within the assumed spread."""
        weakest = max(pack.slots, key=lambda slot: slot.cell.delivered_mah).cell
        weakest.resistance = self.rng.uniform(1.0, 1 + _CUT * RESISTANCE_SD)

    def used_lightly(self, pack: LivePack, now: int, temp_c: float) -> int:
        """Perhaps let `pack` give a little at `temp_c` from `now` on; when that ends."""
        if self.chance(0.5):
            return now
        pack.carry(now, round(self.rng.uniform(5, _BURST_MA)), 0, temp_c)
        now += self.rng.randint(1_000, _BURST_MS)
        pack.carry(now, 0, 0, temp_c)
        return now
