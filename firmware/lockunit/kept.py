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


class Kept:
    """A number of 32 bits in a store of its own; `value` is NONE where that isn't whole."""

    def __init__(self, board: Board, name: str) -> None:
        self.board = board
        self.name = name
        self.value = NONE
        stored = board.fetch(name)
        data = None if stored is None else unchecked(stored)
        if data is None or len(data) != 4:
            # One that is missing was removed: all are there before the key is.
            board.refuse(name, "expected a number with its checksum")
        else:
            self.value = struct.unpack("<I", data)[0]

    def put(self, value: int) -> bool:
        """Store another; whether that could be done. If not, `value` is as it was."""
        done = self.board.store(self.name, pack(value))
        if done:
            self.value = value
        return done
