"""What is kept of a life's trace: the last days, those around the end, and each diagnosis.

A life of years has millions of events; between two pieces nothing was kept, and a note says so.
"""

from collections import deque
from collections.abc import Iterator

from lockjudge.trace import Event

_LAST_DAYS = 2
AROUND_END_DAYS = 2


class Kept:
    """Pieces of a trace, in order of time."""

    def __init__(self) -> None:
        self._pieces: list[list[Event]] = []
        self._last: deque[tuple[int, list[Event], list[list[Event]]]] = deque()
        self.end_day: int | None = None

    def add(self, day: int, events: list[Event], diagnoses: list[list[Event]]) -> None:
        """A day is over: all its events, and those of each diagnosis by themselves."""
        self._last.append((day, events, diagnoses))
        if len(self._last) > _LAST_DAYS:
            earlier, whole, parts = self._last.popleft()
            near = self.end_day is not None and abs(earlier - self.end_day) <= AROUND_END_DAYS
            self._pieces += [whole] if near else parts

    def events(self) -> Iterator[Event]:
        """All that is kept."""
        for piece in [*self._pieces, *(whole for _, whole, _ in self._last)]:
            if piece:
                yield Event(piece[0].t_ms, "note", "what came before this is not kept")
                yield from piece
