"""What a cell can deliver at 20 C under its profile's load, and how much of that is gone.

The world's own truth for statistics and reports, in closed form but for one halving: nothing that a
unit could measure, and no verdict on a battery.
"""

from functools import lru_cache

from locksim.cells.cell import Cell
from locksim.cells.law import REFERENCE_C, Law
from locksim.packs.load import Profile
from locksim.packs.slot import Buffer, Slot

# How long a diagnostic's load hangs on the pack before it is judged.
LOAD_MS = 3_900
# So much gone is a discharged cell (SAFE-5).
DISCHARGED_SHARE = 0.98
# The charge is found to this share of the capacity.
_PRECISION = 1e-6


def deliverable_mah(slot: Slot, profile: Profile) -> float:
    """The charge (mAh) that this place, full, could lose before it is empty (see `Profile`).

    0 where even a full one can't bear the load. Of the cell it is its capacity and resistance that
    count, not what it has been through: a film or a low voltage that rest mends isn't a loss.
    """
    cell, buffer = slot.cell, slot.buffer
    stored = None if buffer is None else (buffer.farad, buffer.mohm, buffer.leak_ua)
    load = (profile.load_ma, profile.empty_mv)
    return _deliverable(cell.law, cell.capacity_mah, cell.resistance, stored, load)


def gone_share(slot: Slot, profile: Profile, now: int) -> float:
    """How much of it is gone for good at `now`, delivered or lost: 0 full, 1 (or more) empty."""
    whole = deliverable_mah(slot, profile)
    return slot.cell.gone_at(now) / whole if whole else 1.0


def discharged(slot: Slot, profile: Profile, now: int) -> bool:
    """Whether this place is discharged, as SAFE-5 defines it; once so, always so."""
    return slot.cell.reversed or gone_share(slot, profile, now) >= DISCHARGED_SHARE


@lru_cache(maxsize=1024)
def _deliverable(
    law: Law,
    capacity_mah: float,
    resistance: float,
    stored: tuple[float, float, float] | None,
    load: tuple[int, int],
) -> float:
    load_ma, empty_mv = load

    def bears(used: float) -> bool:
        slot = Slot(
            Cell(
                law,
                capacity=capacity_mah / law.capacity_mah,
                resistance=resistance,
                used=used,
                temp_c=REFERENCE_C,
            ),
            buffer=None if stored is None else Buffer(*stored),
        )
        slot.carry(0, load_ma, REFERENCE_C)
        return slot.mv(LOAD_MS) > empty_mv

    if not bears(0.0):
        return 0.0
    full, empty = 0.0, 1.0
    if bears(empty):
        return capacity_mah
    while empty - full > _PRECISION:
        middle = (full + empty) / 2
        if bears(middle):
            full = middle
        else:
            empty = middle
    return full * capacity_mah
