"""The slot that isn't in use, as files: what an update fills. Loaded when one begins.

It checks nothing: what a path may be, and whether a trial may begin, the core knows.
"""

import errno
import hashlib
import json
import os
import sys

from lockboards import slots

_FOLDER = 0x4000
# Of LittleFS; a folder takes two blocks.
_FOLDER_BLOCKS = 2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from lockunit.slot import Hash

    Entry = tuple[str, int, int] | tuple[str, int, int, int]


def _done(change: "Callable[..., None]", *place: str) -> bool:
    """Do it; False: it is so already."""
    try:
        change(*place)
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.EEXIST):
            raise
        return False
    return True


class OtherSlot:
    """See `lockunit.slot`."""

    def __init__(self) -> None:
        self._here = "/b" if slots.FOLDER == "/a" else "/a"
        with open(slots.FOLDER + "/board.json") as file:
            self.board: str = json.load(file).get("board", "?")
        self.mpy: int = sys.implementation._mpy & 0xFF
        self._file: BinaryIO | None = None

    def room(self) -> int:
        block, _, size, free = os.statvfs("/")[:4]
        # Shared blocks are counted twice: nearly full, it says less than nothing.
        free = free if 0 <= free <= size else 0
        return (free + self._blocks(self._here, block)) * block

    def _blocks(self, folder: str, block: int) -> int:
        """What lies there takes so many."""
        found = _FOLDER_BLOCKS
        for entry in self._entries(folder):
            if entry[1] & _FOLDER:
                found += self._blocks(folder + "/" + entry[0], block)
            else:
                # The smallest lie in their folder's blocks: they give none back.
                found += entry[-1] // block + (entry[-1] > block // 8)
        return found

    def _entries(self, folder: str) -> "Iterator[Entry]":
        """Of each its name, kind, a number and its bytes; to be gone through to the end."""
        try:
            return os.ilistdir(folder)
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise
            return iter(())

    def clear(self) -> bool:
        if _done(slots.reject):
            return True
        place, name = "", self._here
        kind = _FOLDER
        while name and kind & _FOLDER:
            place += name
            name = ""
            for entry in self._entries(place):
                name, kind = "/" + entry[0], entry[1]
        if name:
            os.remove(place + name)
            return True
        return _done(os.rmdir, place)

    def open(self, path: str) -> None:
        self.close()
        place = self._here
        for folder in path.split("/"):
            _done(os.mkdir, place)
            place += "/" + folder
        self._file = open(place, "wb")  # noqa: SIM115 its pieces come one by one

    def write(self, data: bytes) -> None:
        assert self._file is not None
        self._file.write(data)

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def read(self, path: str, at: int, count: int) -> bytes:
        return self._read(self._here, path, at, count)

    def used(self, path: str, at: int, count: int) -> bytes:
        return self._read(slots.FOLDER, path, at, count)

    def _read(self, folder: str, path: str, at: int, count: int) -> bytes:
        with open(folder + "/" + path, "rb") as file:
            file.seek(at)
            found: bytes = file.read(count)
            return found

    def count(self) -> int:
        return self._count(self._here)

    def _count(self, folder: str) -> int:
        found = 0
        for entry in self._entries(folder):
            found += self._count(folder + "/" + entry[0]) if entry[1] & _FOLDER else 1
        return found

    def hash(self) -> "Hash":
        return hashlib.sha256()

    def try_it(self) -> None:
        slots.try_slot(self._here)
