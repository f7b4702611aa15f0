"""The events that interrupts leave for the main loop: a ring that never allocates.

It keeps them in order, and knows nothing of pins or of what an event means.
"""

import io
from array import array

_SIZE = 32
# io.IOBase.ioctl: a poller asks what is ready.
_POLL = 3
_READABLE = 1


class Ring(io.IOBase):
    """Pairs of small integers, oldest first; a poller wakes while there are any."""

    def __init__(self) -> None:
        self._kinds = array("i", [0] * _SIZE)
        self._values = array("i", [0] * _SIZE)
        self._first = 0
        self._count = 0
        # Something was left out since it was last cleared: look at every input again.
        self.overflowed = False
        # Something else happened that the main loop should look at.
        self.rung = False

    def put(self, kind: int, value: int) -> None:
        """Add an event; called by interrupt handlers."""
        if self._count == _SIZE:
            self.overflowed = True
            return
        place = (self._first + self._count) % _SIZE
        self._kinds[place] = kind
        self._values[place] = value
        self._count += 1

    def waiting(self) -> int:
        """How many events wait."""
        return self._count

    def kind(self) -> int:
        """The kind of the oldest."""
        return self._kinds[self._first]

    def take(self) -> int:
        """The value of the oldest, which is gone then."""
        value = self._values[self._first]
        self._first = (self._first + 1) % _SIZE
        self._count -= 1
        return value

    def ioctl(self, request: int, arg: int) -> int:
        """Answer a poller."""
        if request == _POLL:
            return arg & _READABLE if self._count or self.overflowed or self.rung else 0
        return 0
