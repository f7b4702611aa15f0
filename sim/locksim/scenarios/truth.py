"""The model's truth of the pack that is in: what each cell is, and what it went through first.

What no unit can measure. It only looks.
"""

from locksim.packs.deliverable import DISCHARGED_SHARE, discharged, gone_share
from locksim.packs.live import LivePack
from locksim.packs.load import Profile
from locksim.packs.probe import loaded_mv
from locksim.scenarios.result import CellTruth
from locksim.world import World

_AT_C = 20


class Truth:
    """Of one pack, by its own kind's profile, whatever the unit believes."""

    def __init__(self, world: World, pack: LivePack, profile: Profile) -> None:
        self._world = world
        self._pack = pack
        self._profile = profile
        self._told: set[tuple[str, int]] = set()

    def cells(self) -> list[CellTruth]:
        """Each cell as it is now."""
        now, warmth = self._world.now, self._world.plant.temperature_c
        ma = self._profile.load_ma
        found = []
        for place, slot in enumerate(self._pack.slots):
            cell = slot.cell
            found.append(
                CellTruth(
                    rest_mv=self._pack.cell_mv(place, now),
                    loaded_mv=round(loaded_mv(slot, ma, now, warmth)),
                    loaded_20_mv=round(loaded_mv(slot, ma, now, _AT_C)),
                    gone_share=round(gone_share(slot, self._profile, now), 4),
                    delivered_mah=round(cell.delivered_mah, 3),
                    self_discharged_mah=round(cell.self_discharged_mah, 3),
                    clogged_mah=round(cell.clogged_mah, 3),
                    unavailable_mah=round(cell.unavailable_mah, 3),
                    reversed_mah=round(cell.reversed_mah, 3),
                    charged_mah=round(cell.charged_mah, 3),
                    risk_index=cell.risk_index,
                )
            )
        return found

    def discharged(self) -> bool:
        """Whether any cell is (SAFE-5)."""
        now = self._world.now
        return any(discharged(slot, self._profile, now) for slot in self._pack.slots)

    def weakest_mv(self) -> float:
        """The weakest cell under the test load, were it 20 C."""
        now, ma = self._world.now, self._profile.load_ma
        return min(loaded_mv(slot, ma, now, _AT_C) for slot in self._pack.slots)

    def news(self) -> list[tuple[str, int]]:
        """What has happened to a cell (from 1) since it was last asked: reversed, discharged."""
        found = []
        for place, slot in enumerate(self._pack.slots, start=1):
            if slot.cell.reversed:
                found.append(("reversed", place))
            if gone_share(slot, self._profile, self._world.now) >= DISCHARGED_SHARE:
                found.append(("discharged", place))
        fresh = [news for news in found if news not in self._told]
        self._told.update(fresh)
        return fresh
