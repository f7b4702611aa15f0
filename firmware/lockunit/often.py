"""How often events happen that anybody may cause, so that a flood of them stays a few records.

It counts; what is written of that, and when, is the journal's.
"""

from lockunit.ticks import Timer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

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
        """Whether an hour is over, and not yet told of."""
        return self._hour.left(now) == 0

    def tell(self, now: int, write: "Callable[[int, int, int], None]") -> None:
        """Give `write` each kind of which some have no record, and how many; begin anew.

        What it raises ends that, and the rest comes next time.
        """
        for kind in self._counts:
            more = self._counts[kind] - LIMIT
            if more > 0:
                write(now, kind, more)
            self._counts[kind] = 0
        self._hour.clear()
