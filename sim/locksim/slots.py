"""The two slots of a simulated board, and what its boot selector makes of them.

It has no flash and no interpreter: whatever a slot holds, the same firmware runs; docs/flash.md
tells what a real board does.
"""

import errno
import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lockunit.slot import Hash

BOARD, MPY = "virtual", 6
# As the virtual board's flash.
_BYTES = 1 << 20
_STARTS = 3


class Slots:
    """What lies in them outlives every reset. `holds`: what the slot in use does at first, which is
    looked at when somebody asks."""

    def __init__(self) -> None:
        self.holds: Callable[[], Mapping[str, bytes]] | None = None
        self._files: tuple[dict[str, bytes], dict[str, bytes]] = ({}, {})
        self._folders: tuple[set[str], set[str]] = ({""}, set())
        self.in_use = self.runs = 0
        # Which slot is on trial, and how many starts it has left.
        self.trial: tuple[int, int] | None = None

    @property
    def on_trial(self) -> bool:
        """Whether this start is one."""
        return self.runs != self.in_use

    def start(self) -> None:
        """Choose the slot of a start, as boot.py does."""
        self.runs = self.in_use
        slot, left = self.trial or (self.in_use, 0)
        self.trial = None
        if slot != self.in_use and left:
            self.runs, self.trial = slot, (slot, left - 1)

    def confirm(self) -> None:
        """Take the slot that runs into use."""
        self.in_use, self.trial = self.runs, None

    def reject(self) -> None:
        """No trial any more."""
        self.trial = None

    def files(self, slot: int) -> dict[str, bytes]:
        """What lies in one of them, by path."""
        if self.holds is not None:
            holds, self.holds = self.holds, None
            self._files[0].update(holds())
            self._folders[0].update(path.rpartition("/")[0] for path in self._files[0])
        return self._files[slot]

    def folders(self, slot: int) -> set[str]:
        """The folders in one of them; "": its own."""
        return self._folders[slot]


class OtherSlot:
    """The slot that isn't in use; see `lockunit.slot`."""

    board, mpy = BOARD, MPY

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._other = 1 - slots.runs
        self._path = ""

    @property
    def _files(self) -> dict[str, bytes]:
        return self._slots.files(self._other)

    def room(self) -> int:
        return _BYTES

    def clear(self) -> bool:
        if self._slots.trial is not None:
            self._slots.trial = None
            return True
        folders = self._slots.folders(self._other)
        if self._files:
            self._files.popitem()
        elif folders:
            folders.remove(max(folders))
        else:
            return False
        return True

    def open(self, path: str) -> None:
        self._path = path
        self._files[path] = b""
        self._slots.folders(self._other).update(("", path.rpartition("/")[0]))

    def write(self, data: bytes) -> None:
        self._files[self._path] += data

    def close(self) -> None:
        self._path = ""

    def read(self, path: str, at: int, count: int) -> bytes:
        return _part(self._files, path, at, count)

    def used(self, path: str, at: int, count: int) -> bytes:
        return _part(self._slots.files(self._slots.runs), path, at, count)

    def count(self) -> int:
        return len(self._files)

    def hash(self) -> "Hash":
        return hashlib.sha256()

    def try_it(self) -> None:
        self._slots.trial = self._other, _STARTS


def _part(files: dict[str, bytes], path: str, at: int, count: int) -> bytes:
    if path not in files:
        raise FileNotFoundError(errno.ENOENT, path)
    return files[path][at : at + count]
