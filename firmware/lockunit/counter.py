"""What the journal keeps beside its records: the numbers in use, and what was acknowledged.

It is so small that a file system has room for it where it has none for a record: LittleFS keeps it
in its directory.
"""

import struct

from lockunit.board import Board
from lockunit.storage import checked, unchecked

STORED_AS = "counter.journal"


def fetch(board: Board) -> "tuple[int, int]":
    """Numbers below the first may have been used, those up to the second are acknowledged.

    The first is -1 if what is stored is corrupt: then it is named.
    """
    stored = board.fetch(STORED_AS)
    if stored is None:
        return 0, 0
    data = unchecked(stored)
    if data is not None and len(data) == 4:
        # As units stored it that kept no acknowledgement in it.
        data += bytes(4)
    if data is None or len(data) != 8:
        board.refuse(STORED_AS, "expected two numbers with their checksum")
        return -1, 0
    found: tuple[int, int] = struct.unpack("<II", data)
    return found


def store(board: Board, used: int, acked: int) -> bool:
    """Store both; whether that could be done."""
    return board.store(STORED_AS, checked(struct.pack("<II", used, acked)))
