"""The drive that a Raspberry Pi chip shows while its BOOTSEL button was held at its start.

Its boot ROM takes what is copied there into the flash, and restarts when it has all of it.
"""

import errno
import os
import re
import shutil
import string
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lockhil.runtime.image import Uf2Image

INFO: Final = "INFO_UF2.TXT"
_NAME: Final = "micropython.uf2"
# Board-ID in there -> chip; as the boot ROMs of both have it.
_BOARDS: Final = {"RPI-RP2": "RP2040", "RP2350": "RP2350"}
_BOARD: Final = re.compile(r"^Board-ID:\s*(\S+)\s*$", re.MULTILINE)
_LONGEST_INFO: Final = 4_096
_PIECE: Final = 64 << 10
# Two megabytes over USB 1.1 take some seconds, and the chip writes them meanwhile.
PATIENCE_S = 60
_LOOK_S: Final = 0.2


class NoDriveError(Exception):
    """There is no such drive, or more than one; the message says which, and what to do."""


class WrongChipError(Exception):
    """The drive is another chip's, or isn't one that takes this; nothing was changed."""


class NotTakenError(Exception):
    """The chip didn't take it, or only some of it; BOOTSEL brings its drive back."""


@dataclass(frozen=True, slots=True)
class Drive:
    """Where it is mounted, and whose it is; `chip` is a Board-ID where we don't know that."""

    path: Path
    chip: str


def drives(places: list[Path] | None = None) -> list[Drive]:
    """Those that are mounted at one of these places (default: anywhere)."""
    found = (_drive(path) for path in (_mounted() if places is None else places))
    return [drive for drive in found if drive is not None]


def only(given: Path | None) -> Drive:
    """The drive at that path, or the only one there is. NoDriveError."""
    hint = "hold BOOTSEL while you plug the board in; where it isn't mounted by itself, mount it"
    found = drives(None if given is None else [given])
    if not found:
        where = "is mounted" if given is None else f"is at {given}"
        raise NoDriveError(f"no drive with {INFO} {where}: {hint}")
    if len(found) > 1:
        places = ", ".join(str(drive.path) for drive in found)
        raise NoDriveError(f"expected one board with BOOTSEL, there are {places}: give --drive")
    return found[0]


def check(drive: Drive, image: Uf2Image, size: int) -> None:
    """WrongChipError where a file of this size and for this chip doesn't go there."""
    if drive.chip != image.chip:
        raise WrongChipError(f"the file is for {image.chip}, and {drive.path} is {drive.chip}'s")
    try:
        free = shutil.disk_usage(drive.path).free
    except OSError as error:
        raise WrongChipError(f"can't use {drive.path}: {error.strerror}") from None
    if free < size:
        raise WrongChipError(f"{drive.path} has {free} bytes free, the file needs {size}")


def copy(drive: Drive, data: bytes, progress: Callable[[int], object]) -> None:
    """Copy it there, and wait until the drive goes: the chip has it then, and runs it.

    `progress` is told the bytes that went. NotTakenError.
    """
    last = False
    try:
        with (drive.path / _NAME).open("wb", buffering=0) as file:
            for at in range(0, len(data), _PIECE):
                last = at + _PIECE >= len(data)
                file.write(data[at : at + _PIECE])
                progress(min(_PIECE, len(data) - at))
            os.fsync(file.fileno())
    except OSError as error:
        # With the last block the chip restarts, whatever is still to be said to its drive.
        if not last or error.errno == errno.ENOSPC:
            raise NotTakenError(f"{drive.path}: {error.strerror or error}") from None
    until = time.monotonic() + PATIENCE_S
    while _drive(drive.path) is not None:
        if time.monotonic() > until:
            raise NotTakenError(f"{drive.path} is still there after {PATIENCE_S} s")
        time.sleep(_LOOK_S)


def _drive(path: Path) -> Drive | None:
    try:
        with (path / INFO).open("rb") as file:
            told = file.read(_LONGEST_INFO).decode("ascii", "replace")
    except OSError:
        return None
    board = _BOARD.search(told.replace("\r", ""))
    if board is None:
        return None
    return Drive(path, _BOARDS.get(board[1], board[1][:40]))


def _mounted() -> list[Path]:
    if sys.platform == "win32":
        return [Path(f"{letter}:\\") for letter in string.ascii_uppercase]
    if sys.platform == "darwin":
        return sorted(Path("/Volumes").glob("*"))
    return _in_table(Path("/proc/self/mounts").read_text("utf-8", "surrogateescape"))


def _in_table(mounts: str) -> list[Path]:
    """Where FAT file systems are mounted; blanks in a path are told as octal numbers."""
    rows = [line.split(" ") for line in mounts.splitlines()]
    told = [row[1] for row in rows if len(row) > 2 and row[2] in ("vfat", "msdos", "fuseblk")]
    octal = re.compile(r"\\([0-7]{3})")
    return [Path(octal.sub(lambda found: chr(int(found[1], 8)), path)) for path in told]
