"""The manifest of an update: which files a slot is to have, a line each, read from the flash.

It is never in memory as a whole, and nothing in it is believed before all of it was checked; who
signed it, `updating` knows.
"""

import binascii

from lockunit.board import Board

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockunit.slot import Hash

# Where it lies while an update goes on: what ends so is swept by the next start.
STORED_AS = "update.new"
MOST_FILES = 200
_MOST_BYTES = 1 << 20
_DIGITS = 7
_LONGEST_LINE = 160
_LONGEST_NAME = 32
_DATA = (b"board.json", b"firmware.json")
_FOLDERS = (b"lockunit", b"lockboards")
_MODULE = b".mpy"
_LETTERS = b"abcdefghijklmnopqrstuvwxyz0123456789_"


class Lines:
    """A walk through it. `number`: of the line last read, from 1 on, and its `path`, `size` (bytes)
    and `digest`; `at`: where the next one begins."""

    def __init__(self, board: Board, found: "Hash") -> None:
        self._board = board
        self._hash = found
        self.at = self.number = self.size = 0
        self.path = ""
        self.digest = b""

    def next(self) -> bool:
        """Read the next line; False at the end. ValueError: it isn't one; OSError."""
        raw = self._board.read(STORED_AS, self.at, _LONGEST_LINE)
        if not raw:
            self.path = ""
            self.size = 0
            return False
        end = raw.find(b"\n") + 1
        line = raw[:end]
        digest, size, path = _parse(line[:-1])
        if path <= self.path.encode() or self.number == MOST_FILES:
            raise ValueError("expected each path once, sorted")
        self._hash.update(line)
        self.at += end
        self.number += 1
        self.path, self.size, self.digest = path.decode(), size, digest
        return True

    def whole(self, size: int, digest: bytes) -> bool:
        """Whether all that was read, to the end, is this; to be asked once."""
        return self.at == size and self.number > 0 and self._hash.digest() == digest


def _parse(line: bytes) -> "tuple[bytes, int, bytes]":
    """Hash, size and path. ValueError."""
    digest, told, path = line.split(b" ")
    found = binascii.unhexlify(digest)
    size = int(told) if len(told) <= _DIGITS else 0
    # Interpreters differ on what else they take for a number.
    good = binascii.hexlify(found) == digest and len(found) == 32 and str(size).encode() == told
    if not (good and 0 < size <= _MOST_BYTES and _known(path)):
        raise ValueError("expected a hash, a size and a path")
    return found, size, path


def _known(path: bytes) -> bool:
    """Whether it is a path that a slot has: nothing leads out of it."""
    if path in _DATA:
        return True
    parts = path.split(b"/")
    if len(parts) != 2 or parts[0] not in _FOLDERS or parts[1][-4:] != _MODULE:
        return False
    name = parts[1][:-4]
    return 0 < len(name) <= _LONGEST_NAME and all(byte in _LETTERS for byte in name)
