"""The firmware as it is put on a board: compiled files, version, manifest; and what is the unit's.

It comes from the installed packages or from a copy of the folder firmware/.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lockhil.firmware import FirmwareError, compiled, firmware_root, said_version

MAIN, BOOT = "/main.py", "/boot.py"
# Where a firmware lies, with its board's data and its manifest.
SLOTS = ("/a", "/b")
BOARD, MANIFEST = "board.json", "firmware.json"
# Where this is, a firmware is taken to be.
MARK = "lockunit/__init__.mpy"
FORMAT = "lockrig-firmware/2"
# Which slot is in use, and which is on trial for how many starts; boot.py reads them.
SLOT, TRIAL = "/slot", "/trial"
# Before there were slots it lay here.
FORMER = "/lib"
FORMER_FOLDERS = ("/lib/lockunit", "/lib/lockboards")
FORMER_FILES = ("/board.json", "/firmware.json")
_FORMER_FORMAT = "lockrig-firmware/1"
DATA = "/data/"
UNIT, SETTINGS = "/data/unit", "/data/settings"
BESIDE = ".new"


def sha256(data: bytes) -> str:
    """In hex, as boards print it."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Firmware:
    """What goes on a board, but for the board's own data.

    `modules`: by their paths in a slot; `root`: by their paths on the board.
    """

    version: str
    mpy: int
    modules: dict[str, bytes]
    root: dict[str, bytes]
    boards: Path

    def in_slot(self, slot: str, board: str) -> dict[str, bytes]:
        """All of a slot by its path on this board. KeyError: there is no such board.

        In the order in which it is written: what shows that there is a firmware comes last.
        """
        if board not in self.board_names():
            raise KeyError(board)
        files = {BOARD: (self.boards / f"{board}.json").read_bytes(), **self.modules}
        told = {
            "format": FORMAT,
            "version": self.version,
            "board": board,
            "sha256": {place: sha256(files[place]) for place in sorted(files)},
            "root": {place: sha256(data) for place, data in sorted(self.root.items())},
        }
        files[MANIFEST] = (json.dumps(told, indent=0) + "\n").encode()
        files[MARK] = files.pop(MARK)
        return {f"{slot}/{place}": data for place, data in files.items()}

    def board_names(self) -> list[str]:
        """The boards that there is data for."""
        return sorted(path.stem for path in self.boards.glob("*.json"))


def load(root: Path | None = None) -> Firmware:
    """The firmware in a folder like firmware/ (default: the installed one). FirmwareError."""
    given = root or firmware_root("lockunit")
    files = compiled(root)
    modules = {place: data for place, data in files.items() if "/" in place}
    # The last that a blank board gets is what starts the rest.
    rest = {place: files.get(place.strip("/"), b"") for place in (BOOT, MAIN)}
    boards = given / "lockboards" / "boards"
    if not boards.is_dir():
        boards = firmware_root() / "lockboards" / "boards"
    headers = {data[1] for data in modules.values()}
    if len(headers) != 1 or not all(rest.values()):
        raise FirmwareError(f"no whole firmware in {given}: expected lockunit, lockboards, rootfs")
    version = said_version(given / "lockunit" / "__init__.py")
    return Firmware(version, headers.pop(), modules, rest, boards)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest on a board says was put there; no proof that it still is.

    `files`: sha256 by path in the slot; `root`: those of boot.py and main.py.
    """

    version: str
    board: str
    files: dict[str, str]
    root: dict[str, str]


def read_manifest(content: bytes) -> Manifest | None:
    """None: it is no manifest of ours, or damaged."""
    try:
        told: Any = json.loads(content)
        if told["format"] not in (FORMAT, _FORMER_FORMAT):
            return None
        files = {str(place): str(digest) for place, digest in told["sha256"].items()}
        root = files if told["format"] == _FORMER_FORMAT else told["root"]
        ours = {place: str(root[place]) for place in (BOOT, MAIN) if place in root}
        return Manifest(str(told["version"]), str(told["board"]), files, ours)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def version_key(version: str) -> tuple[int, ...]:
    """To compare versions by; a part that is no number counts as 0."""
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))
