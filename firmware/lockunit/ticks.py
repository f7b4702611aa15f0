"""Ticks: milliseconds that wrap at 2**30, and one-shot timers on them.

Every intermediate result fits a small integer of a 32-bit board (under 2**30), so nothing here
allocates. Calendar time is another matter and not kept here.
"""

_HALF = 1 << 29

# A timer may be set this far ahead; longer waits are built of shorter ones.
LONGEST_MS = 1 << 28


def add(now: int, ms: int) -> int:
    """The tick `ms` (0 to LONGEST_MS) after `now`."""
    moved = now - _HALF + ms
    return moved - _HALF if moved >= _HALF else moved + _HALF


def diff(later: int, earlier: int) -> int:
    """How many ms `later` comes after `earlier`; right while they are less than 2**29 apart."""
    ms = later - earlier
    if ms >= _HALF:
        return ms - _HALF - _HALF
    if ms < -_HALF:
        return ms + _HALF + _HALF
    return ms


class Timer:
    """One named deadline: its name is the reason of the wake that it causes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._armed = False
        self._at = 0

    def set(self, now: int, ms: int) -> None:
        """Go off `ms` after `now`; replaces what was set before."""
        self._armed = True
        self._at = add(now, min(ms, LONGEST_MS))

    def clear(self) -> None:
        """Don't go off."""
        self._armed = False

    def armed(self) -> bool:
        """Whether it will go off."""
        return self._armed

    def left(self, now: int) -> int:
        """The ms until it goes off, 0 if that is overdue; -1 if it isn't set."""
        return max(0, diff(self._at, now)) if self._armed else -1

    def due(self, now: int) -> bool:
        """Whether it goes off now; it says so once."""
        if self._armed and diff(self._at, now) <= 0:
            self._armed = False
            return True
        return False
