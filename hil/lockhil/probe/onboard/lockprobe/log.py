"""What the probe saw and did: a ring that interrupts write into, and the numbered log made of it.

Neither ever drops something silently: what had no room is counted.
"""

import io
from array import array

_RING = 128
_LOG = 512
# io.IOBase.ioctl: a poller asks what is ready.
_POLL = 3
_READABLE = 1


class Ring(io.IOBase):
    """Edges as interrupts leave them: a raw time, which input, and its level. Allocates nothing."""

    def __init__(self) -> None:
        self._raws = array("i", [0] * _RING)
        self._edges = bytearray(_RING)
        self._first = 0
        self._count = 0
        self.lost = 0

    def put(self, raw: int, place: int, level: int) -> None:
        """Add an edge; called by interrupts."""
        if self._count == _RING:
            self.lost += 1
            return
        at = (self._first + self._count) % _RING
        self._raws[at] = raw
        self._edges[at] = place << 1 | level
        self._count += 1

    def waiting(self) -> int:
        """How many wait."""
        return self._count

    def raw(self) -> int:
        """The time of the oldest, as `ticks_us` gave it."""
        return self._raws[self._first]

    def take(self) -> int:
        """The oldest, which is gone then: twice its input's place, and its level."""
        edge = self._edges[self._first]
        self._first = (self._first + 1) % _RING
        self._count -= 1
        return edge

    def ioctl(self, request: int, arg: int) -> int:
        """Answer a poller."""
        if request == _POLL:
            return arg & _READABLE if self._count else 0
        return 0


class Log:
    """The last events by their numbers, from 1 on."""

    def __init__(self) -> None:
        self._events: list[object] = [None] * _LOG
        self.last = 0
        self.shown: dict[str, object] = {}

    def note(self, us: int, ch: str, v: object) -> None:
        """Channel `ch` has the value `v` since `us`, unless it had it already."""
        if ch not in self.shown or self.shown[ch] != v:
            self.shown[ch] = v
            self._events[self.last % _LOG] = (us, ch, v)
            self.last += 1

    def after(self, number: int) -> "tuple[int, int]":
        """The first event after `number` that is still there, and how many before it are gone."""
        oldest = max(1, self.last - _LOG + 1)
        first = max(number + 1, oldest)
        return first, first - number - 1

    def get(self, number: int) -> object:
        """(us, channel, value) of an event that is there."""
        return self._events[(number - 1) % _LOG]
