"""The firmware as it is put on a board: compiled files, version, manifest; and what is the unit's.

It comes from the installed packages or from a copy of the folder firmware/.
"""

import ast
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lockhil.firmware import FirmwareError, compiled, firmware_root

MANIFEST = "/firmware.json"
FORMAT = "lockrig-firmware/1"
MAIN, BOOT, BOARD = "/main.py", "/boot.py", "/board.json"
FOLDERS = ("/lib/lockunit/", "/lib/lockboards/")
DATA = "/data/"
UNIT, SETTINGS = "/data/unit", "/data/settings"
BESIDE = ".new"


def sha256(data: bytes) -> str:
    """In hex, as boards print it."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Firmware:
    """What goes on a board, but for the board's own data: the content of each file by its path."""

    version: str
    mpy: int
    files: dict[str, bytes]
    boards: Path

    def with_board(self, board: str) -> dict[str, bytes]:
        """All files for this board, the manifest last. KeyError: there is no such board."""
        if board not in self.board_names():
            raise KeyError(board)
        files = {**self.files, BOARD: (self.boards / f"{board}.json").read_bytes()}
        told = {
            "format": FORMAT,
            "version": self.version,
            "board": board,
            "sha256": {place: sha256(files[place]) for place in sorted(files)},
        }
        files[MANIFEST] = (json.dumps(told, indent=0) + "\n").encode()
        return files

    def board_names(self) -> list[str]:
        """The boards that there is data for."""
        return sorted(path.stem for path in self.boards.glob("*.json"))


def load(root: Path | None = None) -> Firmware:
    """The firmware in a folder like firmware/ (default: the installed one). FirmwareError."""
    given = root or firmware_root("lockunit")
    files = {f"/{place}": data for place, data in compiled(root).items()}
    boards = given / "lockboards" / "boards"
    if not boards.is_dir():
        boards = firmware_root() / "lockboards" / "boards"
    headers = {data[1] for place, data in files.items() if place.endswith(".mpy")}
    if len(headers) != 1 or MAIN not in files or BOOT not in files:
        raise FirmwareError(f"no whole firmware in {given}: expected lockunit, lockboards, rootfs")
    return Firmware(_version(given / "lockunit" / "__init__.py"), headers.pop(), files, boards)


def _version(path: Path) -> str:
    """What `VERSION = "..."` says in the file, without running it."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = [name.id for name in node.targets if isinstance(name, ast.Name)]
            if names == ["VERSION"] and isinstance(node.value.value, str):
                return node.value.value
    raise FirmwareError(f'{path} says no version: expected a line VERSION = "1.2.3"')


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a board's /firmware.json says was put there; no proof that it still is."""

    version: str
    board: str
    files: dict[str, str]


def read_manifest(content: bytes) -> Manifest | None:
    """None: it is no manifest of ours, or damaged."""
    try:
        told: Any = json.loads(content)
        if told["format"] != FORMAT:
            return None
        files = {str(place): str(digest) for place, digest in told["sha256"].items()}
        return Manifest(str(told["version"]), str(told["board"]), files)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def version_key(version: str) -> tuple[int, ...]:
    """To compare versions by; a part that is no number counts as 0."""
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))
