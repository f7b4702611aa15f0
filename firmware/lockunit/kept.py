"""One number that outlives a loss of power, and is refused rather than begun again.

What it counts is its owner's.
"""

import struct

from lockunit.board import Board
from lockunit.storage import checked, unchecked

LARGEST = 0xFFFFFFFF
NONE = -1


def pack(value: int) -> bytes:
    """As it is stored."""
    return checked(struct.pack("<I", value))


def unpack(stored: bytes) -> int:
    """The number; NONE if it isn't whole."""
    data = unchecked(stored)
    if data is None or len(data) != 4:
        return NONE
    value: int = struct.unpack("<I", data)[0]
    return value


class Kept:
    """A number of 32 bits in a store of its own; `value` is NONE where that isn't whole."""

    def __init__(self, board: Board, name: str) -> None:
        self.board = board
        self.name = name
        stored = board.fetch(name)
        self.value = NONE if stored is None else unpack(stored)
        if self.value == NONE:
            # One that is missing was removed: all are there before the key is.
            board.refuse(name, "expected a number with its checksum")

    def put(self, value: int) -> bool:
        """Store another; whether that could be done. If not, `value` is as it was."""
        done = self.board.store(self.name, pack(value))
        if done:
            self.value = value
        return done
