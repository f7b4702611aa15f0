"""One connection of the radio: what came in on it and isn't taken yet, and what is to go out.

Bounded both ways; it knows nothing of the stack, nor of what a line means.
"""

from lockunit.ticks import Timer

# A longest line, and what a central may write before it is taken.
_MOST_IN = 1_536
# Four of the longest lines: nobody has more answers on their way to him.
_MOST_OUT = 4_104
# A central that takes nothing for so long isn't there.
_READS_MS = 10_000
# What the air's oldest packets carry, until the two ends agree on more.
_LEAST_MTU = 23
_FREE = -1


class Connection:
    """`handle`: the stack's. `told`: the unit knows of it; `gone`: it ended, and it should know.

    `overrun`: more came than is kept, so that a line has lost a piece. `ended`: by us.
    """

    def __init__(self, wire: int) -> None:
        self.wire = wire
        self._came: list[bytes] = []
        self._going: list[bytes] = []
        self._stuck = Timer("radio.stuck")
        self.free()

    def free(self) -> None:
        """Nobody is there, nor remembered."""
        self.handle = _FREE
        self.told = self.gone = self.overrun = self.ended = False
        self._mtu = _LEAST_MTU
        self._came.clear()
        self._coming = 0
        self.forget()

    def taken(self) -> bool:
        """Whether somebody is there, or was and the unit doesn't know yet that he left."""
        return self.handle != _FREE

    def there(self) -> bool:
        """Whether somebody is there whom nobody has told to go."""
        return self.taken() and not (self.gone or self.ended)

    def join(self, handle: int) -> None:
        """Somebody is there."""
        self.handle = handle

    def agree(self, mtu: int) -> None:
        """From now on so much goes into one packet, and three bytes less of ours."""
        self._mtu = mtu

    def receive(self, data: bytes) -> None:
        """Keep what came in."""
        if self._coming + len(data) > _MOST_IN:
            self.overrun = True
        elif not self.overrun:
            self._coming += len(data)
            self._came.append(data)

    def take(self) -> "bytes | None":
        """The oldest of it, which is gone then."""
        if not self._came:
            return None
        data = self._came.pop(0)
        self._coming -= len(data)
        return data

    def queue(self, line: bytes) -> bool:
        """Add a line to what is to go out; whether there was room for it."""
        if self._queued + len(line) >= _MOST_OUT:
            return False
        self._going.append(line + b"\n")
        self._queued += len(line) + 1
        return True

    def forget(self) -> None:
        """Nothing is to go out any more."""
        self._going.clear()
        self._queued = self._at = 0
        self._stuck.clear()

    def end(self) -> None:
        """Whoever is there is to go."""
        self.ended = True
        self.forget()

    def next(self) -> "bytes | None":
        """What goes out next, in one packet; None: nothing."""
        if not self._going:
            return None
        return self._going[0][self._at : self._at + self._mtu - 3]

    def went(self, count: int) -> None:
        """So many bytes of it did."""
        self._stuck.clear()
        self._at += count
        if self._at >= len(self._going[0]):
            self._queued -= len(self._going.pop(0))
            self._at = 0

    def held_up(self, now: int) -> None:
        """They didn't."""
        if not self._stuck.armed():
            self._stuck.set(now, _READS_MS)

    def reads(self, now: int) -> bool:
        """Whether whoever is there still takes what goes out."""
        return self._stuck.left(now) != 0
