"""A unit as the diagnostic finds it: its pack, its profile, what it remembers; and what is true.

The truth is the world's (SAFE-5): no threshold of any firmware stands here.
"""

from dataclasses import dataclass, field

from locksim.packs.deliverable import discharged, gone_share
from locksim.packs.live import LivePack
from locksim.packs.load import PackKind
from lockunit.battery import CHANGE_NOW, CHANGE_SOON, G_NONE, GOOD
from lockunit.settings import Settings

# At least this share of every cell is left in a pack that is called good.
GOOD_LEFT = 0.10


@dataclass(slots=True)
class Setup:
    """`now` is when the unit boots with this pack, or goes on with it, in ms of the pack's time."""

    kind: PackKind
    pack: LivePack
    now: int
    temperature_c: int
    settings: Settings
    storage: dict[str, bytes] = field(default_factory=dict)
    # What the thermometer shows for ever, where it is stuck.
    stuck_c: int | None = None

    def discharged(self, now: int) -> bool:
        """Whether any cell is, at `now`."""
        return any(discharged(slot, self.kind.profile, now) for slot in self.pack.slots)

    def good(self, now: int) -> bool:
        """Whether enough is left in every cell, and none was ever reversed."""
        return not self.discharged(now) and all(
            gone_share(slot, self.kind.profile, now) <= 1 - GOOD_LEFT for slot in self.pack.slots
        )

    def describe(self, now: int) -> str:
        """One line for whoever looks into a case."""
        cells = ", ".join(
            f"{100 * gone_share(slot, self.kind.profile, now):.1f} %"
            + (" reversed" if slot.cell.reversed else "")
            for slot in self.pack.slots
        )
        latch = self.storage.get("battery")
        remembered = "nothing stored" if latch is None else f"stored {latch.hex()}"
        return f"{self.temperature_c} C, gone {cells}, {remembered}"


def stored(level: int, ground: int = G_NONE) -> dict[str, bytes]:
    """A unit's memory of a level."""
    return {"battery": bytes((level, level ^ 255, ground, ground ^ 255, 0, 255))}


# What a unit may remember that never saw the suspicion: nothing (new electronics) or a level.
UNSUSPECTING: tuple[dict[str, bytes], ...] = (
    {},
    {},
    stored(GOOD),
    stored(CHANGE_SOON),
    stored(CHANGE_NOW),
)
