"""Small things that outlive a reset, for the core: what a board can't store never stops a unit.

What the board refuses waits here and is tried again; what can't be read is corrupt, never absent.
The journal's records aren't here: they are too many.
"""

import binascii
import struct

from lockunit.board import Board
from lockunit.ticks import Timer

_RETRY_MS = 60_000


def checked(data: bytes) -> bytes:
    """`data` with its checksum behind it."""
    return data + struct.pack("<I", binascii.crc32(data))


def unchecked(stored: bytes) -> "bytes | None":
    """What `checked` was given; None if it isn't whole."""
    data = stored[:-4]
    return data if len(stored) > 4 and checked(data) == stored else None


class Storage:
    """The board's `fetch` and `store`, without their exceptions."""

    def __init__(self, board: Board) -> None:
        self.board = board
        # Names that were refused, for the journal to tell; each once until it was stored.
        self.refused: list[str] = []
        self._waiting: dict[str, bytes] = {}
        self._retry = Timer("storage.retry")
        self.timers = (self._retry,)

    def fetch(self, name: str) -> "bytes | None":
        """What is stored; None if nothing is; b"", which is nobody's, if it can't be read."""
        if name in self._waiting:
            return self._waiting[name]
        try:
            return self.board.fetch(name)
        except OSError:
            return b""

    def store(self, name: str, data: bytes) -> None:
        """Store it, now or as soon as the board can."""
        try:
            self.board.store(name, data)
            self._waiting.pop(name, None)
        except OSError:
            if name not in self._waiting:
                self.refused.append(name)
            self._waiting[name] = data

    def due(self, now: int) -> bool:
        """Try again what was refused, if it is time for that; whether it was."""
        if not self._retry.due(now):
            return False
        for name in list(self._waiting):
            self.store(name, self._waiting[name])
        return True

    def arm(self, now: int, more: bool) -> None:
        """Wake for that once a minute while something waits; `more`: something of others' does."""
        if not (self._waiting or more):
            self._retry.clear()
        elif not self._retry.armed():
            self._retry.set(now, _RETRY_MS)
