"""A board's flash as a file: the firmware compiled to .mpy and what the unit stores, in LittleFS.

Images are cached by the hash of all that goes in; nobody writes into a cached one.
"""

import contextlib
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

from lockhil.firmware import FirmwareError, laid_out
from lockhil.virtual.interpreter import CHILD, interpreter

SIZE = 1 << 20
_KEPT = 64


def image(stored: Mapping[str, bytes]) -> Path:
    """An image with the firmware, this board's data, and `stored` under the unit's names."""
    content = laid_out()
    content |= {f"data/{name}": data for name, data in stored.items()}
    return build(content)


def blank() -> Path:
    """An image without any firmware: a board as its maker ships it."""
    return build({})


def build(content: Mapping[str, bytes]) -> Path:
    """An image of these files, by their paths on the board."""
    makers = (CHILD / "make_image.py", CHILD / "disk.py")
    digest = hashlib.sha256(b"".join(maker.read_bytes() for maker in makers))
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
    for old in sorted(folder.glob("*.img"), key=_age)[:-_KEPT]:
        old.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0  # another process tidies too


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
