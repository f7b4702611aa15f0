"""A pack that lives: slots in series, each with its own cell, charge and past.

It does what physics says at the current that it is told; it knows no unit and no limits.
"""

import math
from collections.abc import Iterable

from locksim.packs.slot import Slot


class LivePack:
    """Slots in series, the lowest first. A `Source`."""

    changes = True

    def __init__(self, slots: Iterable[Slot], *, tapped: bool = True) -> None:
        self.slots = tuple(slots)
        if not self.slots:
            raise ValueError("expected at least one cell, got none")
        self.tapped = tapped
        # Voltages by instant since the last change: hardware and firmware read them many times.
        self._mvs: dict[int, list[int]] = {}

    @property
    def size(self) -> int:
        return len(self.slots)

    @property
    def taps(self) -> int:
        return len(self.slots) if self.tapped else 0

    def settle(self, now: int) -> None:  # noqa: ARG002 a `Source` is told the time
        self._mvs = {}
        for slot in self.slots:
            slot.bypassed = False

    def thevenin(self, now: int) -> tuple[int, int]:
        each = [slot.thevenin(now) for slot in self.slots]
        return math.floor(sum(mv for mv, _ in each)), round(sum(mohm for _, mohm in each))

    def bypasses(self, now: int, ma: int) -> bool:
        for slot in self.slots:
            if slot.bypass_mv is not None and not slot.bypassed:
                mv, mohm = slot.thevenin(now)
                if mv - ma * mohm / 1000 < -slot.bypass_mv:
                    slot.bypassed = True
                    self._mvs = {}
                    return True
        return False

    def carry(self, now: int, ma: int, idle_ua: int, temp_c: float) -> None:
        self._mvs = {}
        for slot in self.slots:
            slot.carry(now, ma + idle_ua / 1000, temp_c)

    def cell_mv(self, cell: int, now: int) -> int:
        mvs = self._mvs.get(now)
        if mvs is None:
            mvs = self._mvs[now] = [math.floor(slot.mv(now)) for slot in self.slots]
        return mvs[cell]

    def open_mv(self, cell: int, now: int) -> int:
        moment = self.slots[cell].cell.at(now)
        return math.floor(moment.open_mv)
