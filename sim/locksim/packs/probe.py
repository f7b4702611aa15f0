"""A look at what a place in a pack would give under a load, without hanging one on it.

For reports and truths of the model: the pack itself is not touched, and nothing is judged.
"""

import copy

from locksim.packs.slot import Slot

# As long as the unit's own sample, for which its levels hold.
SAMPLE_MS = 200
# What has built up under an earlier load is gone by then; what has diffused away isn't.
_REST_MS = 60_000


def loaded_mv(slot: Slot, ma: float, now: int, temp_c: float) -> float:
    """The voltage at the end of a load of `ma` at `temp_c`, a minute after `now`."""
    twin = copy.copy(slot)
    twin.cell = copy.copy(slot.cell)
    twin.buffer = copy.copy(slot.buffer)
    twin.carry(now, 0, temp_c)
    twin.carry(now + _REST_MS, ma, temp_c)
    return twin.mv(now + _REST_MS + SAMPLE_MS)
