"""How often events happen that anybody may cause, so that a flood of them stays a few records.

It counts; what is written of that, and when, is the journal's.
"""

from lockunit.ticks import Timer

# So many of a kind have records of their own in an hour.
LIMIT = 4
_HOUR_MS = 3_600_000


class Often:
    """The events of this hour: one begins with its first event."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._hour = Timer("journal.hour")

    def note(self, now: int, kind: int) -> bool:
        """One more of this kind; whether it may have a record."""
        if not self._hour.armed():
            self._hour.set(now, _HOUR_MS)
        count = self._counts.get(kind, 0) + 1
        self._counts[kind] = count
        return count <= LIMIT

    def counting(self) -> bool:
        """Whether an hour isn't over, or not yet done with."""
        return self._hour.armed()

    def over(self, now: int) -> bool:
        """Whether an hour is over, and not yet done with."""
        return self._hour.left(now) == 0

    def next(self) -> int:
        """A kind of which more than LIMIT happened; -1 if there is none, which ends the hour."""
        for kind in self._counts:
            if self.more(kind) > 0:
                return kind
        self._counts.clear()
        self._hour.clear()
        return -1

    def more(self, kind: int) -> int:
        """How many of this kind have no record."""
        return self._counts[kind] - LIMIT

    def told(self, kind: int) -> None:
        """A record tells how many there were."""
        self._counts[kind] = 0
