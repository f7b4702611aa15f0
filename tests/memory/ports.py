"""Runs the scripts of `board` on two ports of MicroPython: unix, with 64-bit objects, and
WebAssembly under node, with the 32-bit ones that boards have.

It brings the figures back; what they may be stands in `limits.toml`.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lockhil.bench import NotOnThisBenchError
from lockhil.firmware import compiled, wiring_file
from lockhil.virtual.interpreter import interpreter

ROOT = Path(__file__).parents[2]
BOARD = Path(__file__).parent / "board"
_MODULES = ROOT / "build" / "node" / "node_modules"
# Nothing may be collected while it is counted; what is larger is slow to collect in between.
_HEAP = "4m"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Port:
    """`name` as it stands in `limits.toml`, and the command that runs a script of `board`."""

    name: str
    words: tuple[str, ...]

    def run(self, script: str, firmware: Path, *numbers: int) -> list[Row]:
        """The rows that the script gave, on the firmware in this folder."""
        words = [*self.words, script, str(firmware), *map(str, numbers)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


def unix() -> Port:
    """64 bits. NotOnThisBenchError."""
    return Port("unix", (*interpreter(), "-X", f"heapsize={_HEAP}", str(BOARD / "run.py")))


def webassembly() -> Port:
    """32 bits. NotOnThisBenchError: the message says what to install."""
    name, _, version = (
        (Path(__file__).parent / "webassembly.txt").read_text().strip().rpartition("@")
    )
    node = shutil.which("node")
    if node is None:
        raise NotOnThisBenchError(
            "expected node (18 or newer) on the path, found none; install nodejs and npm, "
            "then: make build/node/.made"
        )
    folder = _MODULES / name
    try:
        found = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    except OSError:
        found = "none"
    if found != version:
        raise NotOnThisBenchError(
            f"expected {name} {version} in {_MODULES.relative_to(ROOT)}, found {found}; "
            "install it: make build/node/.made (needs npm)"
        )
    return Port("webassembly", (node, str(BOARD / "run.mjs"), str(folder)))


PORTS = {"unix": unix, "webassembly": webassembly}


def modules() -> dict[str, bytes]:
    """The firmware's modules as they go on a board: path -> .mpy."""
    return {place: data for place, data in compiled().items() if "/" in place}


def put_firmware(folder: Path, files: Mapping[str, bytes]) -> None:
    """Lay these modules into a folder, with the wiring of the board `virtual`."""
    for place, data in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    shutil.copyfile(wiring_file(), folder / "board.json")
