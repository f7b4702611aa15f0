"""The journal's key as it is stored, and what it is called by those who don't know it.

Nothing here gives it out: it never travels on the link.
"""

from lockunit.board import Board
from lockunit.crypto import hmac
from lockunit.storage import checked, unchecked

STORED_AS = "key.journal"
KEY_BYTES = 32
_VERSION = 1


def pack(key: bytes, given: bool) -> bytes:
    """As it is stored; `given`: it isn't to be given out again."""
    return checked(bytes((_VERSION, 1 if given else 0)) + key)


def unpack(stored: bytes) -> "tuple[bytes, bool] | None":
    """The key, and whether it was given out; None if it isn't whole."""
    data = unchecked(stored)
    if data is None or len(data) != 2 + KEY_BYTES or data[0] != _VERSION:
        return None
    return data[2:], data[1] != 0


def load(board: Board) -> "tuple[bytes, str]":
    """The key, and ""; or one that was made just now, and whether it is missing or corrupt."""
    stored = board.fetch(STORED_AS)
    if stored is None:
        return board.random(KEY_BYTES), "missing"
    found = unpack(stored)
    if found is None:
        board.refuse(STORED_AS, "expected a key with its checksum")
        return board.random(KEY_BYTES), "corrupt"
    return found[0], ""


def ident(board: Board, key: bytes) -> bytes:
    """Four bytes that name a key and don't tell it."""
    return hmac(board, key, b"lockrig journal key")[:4]
