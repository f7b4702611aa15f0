"""A unit's journal in a file that goes on from run to run: on the disk first, then acknowledged.

A JSON object a line: whose journal it is and from which number on, then a place of it each. What
isn't such a file is refused, and nothing in it is changed. Whether it is genuine is `check`'s.
"""

import base64
import errno
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from lockhil.journal.reader import Slot
from lockunit.records import head, whole

FORMAT = "lockrig-journal/1"
# A place as it was written, or one that the unit holds damaged.
_RECORD, _DAMAGED = b"record", b"damaged"
_LONGEST_LINE = 160
_PLACE = re.compile(
    rb'\{"seq":([0-9]{1,10}),"(?:record|damaged)":"([A-Za-z0-9+/]{86}==)"\}', re.ASCII
)


class NotKeptError(Exception):
    """No file that a journal was kept in, or one that was changed since; the message says where."""


class InUseError(Exception):
    """Somebody else is writing to this file."""


class Kept:
    """The file of the unit called `unit`, begun at its record `first`; `slots` is what it holds.

    `torn`: bytes of a line that was being written when an earlier run ended. They were never
    acknowledged, and go when something is added.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._size = 0
        self.unit = ""
        self.first = 0
        self.slots: list[Slot] = []
        self.torn = 0
        if path.exists():
            self._load(path.read_bytes())

    @property
    def begun(self) -> bool:
        """Whether there is such a file."""
        return bool(self.unit)

    def begin(self, unit: str, first: int) -> None:
        """Make the file, for a unit whose oldest record is `first`. OSError."""
        self.unit, self.first = unit, first
        told = {"format": FORMAT, "unit": unit, "first": first}
        line = json.dumps(told, separators=(",", ":")).encode() + b"\n"
        beside = self._path.with_name(self._path.name + ".new")
        with beside.open("wb") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        _sync_folder(self._path.parent)
        self._size = len(line)

    def add(self, slots: Iterable[Slot]) -> None:
        """Add places: they are on the disk once this returns. OSError: none of them is there."""
        slots = tuple(slots)
        if not slots:
            return
        data = b"".join(_place(slot) for slot in slots)
        if self._file is None:
            self._file = os.open(self._path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
        try:
            os.ftruncate(self._file, self._size)
            os.lseek(self._file, self._size, os.SEEK_SET)
            self._write(data)
            os.fsync(self._file)
        except OSError:
            os.ftruncate(self._file, self._size)
            raise
        self._size += len(data)
        self.torn = 0
        self.slots += slots

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        written = 0
        while written < len(data):
            written += os.write(self._file, data[written:])

    def close(self) -> None:
        """Be done with it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _load(self, data: bytes) -> None:
        *lines, rest = data.split(b"\n")
        self._size = len(data) - len(rest)
        # Some file systems leave zeros where power went.
        self.torn, rest = len(rest), rest.rstrip(b"\0")
        if not lines:
            raise NotKeptError(f"expected a file that begins with {FORMAT}")
        if len(rest) > _LONGEST_LINE or not (rest + b"{").startswith(b"{"):
            raise NotKeptError(f"its last line, {len(lines) + 1}, was never one of a journal")
        self._load_first(lines[0])
        for number, line in enumerate(lines[1:], 2):
            slot = _slot(line)
            if slot is None:
                after = self.slots[-1].seq if self.slots else self.first - 1
                raise NotKeptError(
                    f"line {number}, behind record {after}, isn't as it was written: {line[:60]!r}"
                )
            before = self.slots[-1].seq if self.slots else self.first - 1
            if slot.seq <= before:
                raise NotKeptError(f"line {number}: record {slot.seq} stands behind {before}")
            self.slots.append(slot)

    def _load_first(self, line: bytes) -> None:
        told = _parsed(line)
        unit, first = told.get("unit"), told.get("first")
        if told.get("format") != FORMAT or not isinstance(unit, str) or type(first) is not int:
            raise NotKeptError(f"expected a file that begins with {FORMAT}, got {line[:60]!r}")
        self.unit, self.first = unit or "?", first


@contextmanager
def open_kept(path: Path) -> Iterator[Kept]:
    """The file at `path`, for us alone meanwhile. NotKeptError, InUseError, OSError."""
    if not path.parent.is_dir():
        # The lock would make it.
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    lock = FileLock(path.with_name(path.name + ".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise InUseError(f"{path} is being written by somebody else") from None
    with lock:
        kept = Kept(path)
        try:
            yield kept
        finally:
            kept.close()


def _sound(seq: int, data: bytes) -> bool:
    return whole(data) and head(data)[0] == seq


def _place(slot: Slot) -> bytes:
    """The line of a place."""
    name = _RECORD if _sound(slot.seq, slot.data) else _DAMAGED
    return b'{"seq":%d,"%s":"%s"}\n' % (slot.seq, name, base64.b64encode(slot.data))


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _slot(line: bytes) -> Slot | None:
    """The place that a line tells; None if nobody wrote such a line."""
    found = _PLACE.fullmatch(line)
    if found is None:
        return None
    slot = Slot(int(found[1]), base64.b64decode(found[2]))
    # The very same bytes, so that nothing rides along.
    return slot if _place(slot) == line + b"\n" else None


def _sync_folder(folder: Path) -> None:
    """A new name is on the disk when its folder is."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
