"""The lock's key: how it is stored, with what a unit has to have beside it, and what is made of it.

Nothing here gives it out, and nothing makes one: it comes over USB, at a bench.
"""

from lockunit import kept
from lockunit.board import Board
from lockunit.crypto import expand, extract
from lockunit.storage import checked, unchecked

STORED_AS = "key.lock"
KEY_BYTES = 32
UNIT_BYTES = 16
COUNTER_AS, EPOCH_AS = "counter.session", "epoch.session"
BACKOFF_AS, BOUND_AS = "backoff.session", "bound.session"
# What each key that is made from the lock's is for.
FOR_USER, FOR_TIME, FOR_UPDATE = b"lockrig1 user", b"lockrig1 time", b"lockrig1 update"
_VERSION = 1


def pack(key: bytes) -> bytes:
    """As it is stored."""
    return checked(bytes((_VERSION,)) + key)


def unpack(stored: bytes) -> "bytes | None":
    """The key; None if it isn't whole."""
    data = unchecked(stored)
    if data is None or len(data) != 1 + KEY_BYTES or data[0] != _VERSION:
        return None
    return data[1:]


def provisions(
    key: bytes, epoch: int, now_s: int, counter: int = 0
) -> "tuple[tuple[str, bytes], ...]":
    """What to store, in this order, to give a unit its key at `now_s` (seconds since 1970).

    The key comes last: a unit that has one has all of it, so what is missing then was removed.
    `counter`: the stored counter of a unit that has one already; it never begins again.
    """
    return (
        (COUNTER_AS, kept.pack(counter)),
        (EPOCH_AS, kept.pack(epoch)),
        (BACKOFF_AS, kept.pack(0)),
        (BOUND_AS, kept.pack(now_s)),
        (STORED_AS, pack(key)),
    )


def unit_bytes(unit: str) -> bytes:
    """A unit's id as the protocol has it: 16 bytes, filled up with zeros."""
    return unit.encode() + bytes(UNIT_BYTES - len(unit))


class LockKey:
    """The key of one unit; `found`: whether there is one, `damaged`: whether it can't be read."""

    def __init__(self, board: Board) -> None:
        self.board = board
        stored = board.fetch(STORED_AS)
        key = None if stored is None else unpack(stored)
        self.found = key is not None
        self.damaged = stored is not None and key is None
        if self.damaged:
            board.refuse(STORED_AS, "expected a key with its checksum")
        # The key itself isn't needed again.
        self._made = extract(board, unit_bytes(board.unit_id()), key) if key else b""

    def make(self, use: bytes, details: bytes = b"") -> bytes:
        """The key of 32 bytes for this use; there must be a lock's key."""
        return expand(self.board, self._made, use + details)
