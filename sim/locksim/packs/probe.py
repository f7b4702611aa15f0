"""A look at what a place in a pack would give under a load, without hanging one on it.

For reports and truths of the model: the pack itself is not touched, and nothing is judged.
"""

import copy

from locksim.packs.slot import Slot

# As long as the unit's own samples.
SAMPLE_MS = 200


def loaded_mv(slot: Slot, ma: float, now: int, temp_c: float, ms: int = SAMPLE_MS) -> float:
    """The voltage after `ms` of `ma` from `now` on at `temp_c`."""
    twin = copy.copy(slot)
    twin.cell = copy.copy(slot.cell)
    twin.buffer = copy.copy(slot.buffer)
    twin.carry(now, ma, temp_c)
    return twin.mv(now + ms)
