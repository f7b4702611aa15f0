"""The probe's time: microseconds since its program began, from a counter that wraps.

It sets nothing and waits for nothing; how it relates to another clock the host finds out.
"""

from time import ticks_diff, ticks_us

# Read at least so often, or a turn of the counter (2**30 us) goes by unseen.
LONGEST_MS = 400_000


class Clock:
    """Counts on from one reading to the next."""

    def __init__(self) -> None:
        self._raw = ticks_us()
        self._us = 0

    def us(self) -> int:
        """Now."""
        raw = ticks_us()
        self._us += ticks_diff(raw, self._raw)
        self._raw = raw
        return self._us

    def at(self, raw: int) -> int:
        """When `ticks_us` gave `raw`, shortly ago."""
        return self.us() - ticks_diff(self._raw, raw)
