"""What lies in the folder of records: which file is what, by its place and name alone.

It opens no file; what stands in one is `entry`'s.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lockrig.records.record import normal_label

# Real units' folders, and those of training: never mixed.
APART = {"units": False, "training": True}
RECORD, TRACE, RECEIPT, OPEN, HALF, LOCK, FOREIGN = (
    "record",
    "trace",
    "receipt",
    "open",
    "half-written",
    "lock",
    "foreign",
)
_PREFIX = "unit-"
_NAMES = (
    (TRACE, re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\.trace\.jsonl")),
    (RECORD, re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}\.json")),
    (HALF, re.compile(r".+\.(tmp|reserve)")),
    (LOCK, re.compile(r"\.lock")),
)
_IN_SWAP = (
    (OPEN, re.compile(r"open\.json")),
    (RECEIPT, re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]*\.json")),
    (HALF, re.compile(r".+\.tmp")),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A file in the folder `root`: of which unit, and what it is to be."""

    root: Path
    path: Path
    unit: str
    training: bool
    what: str

    @property
    def name(self) -> str:
        """Where it lies, from the root on, the same on every system."""
        return self.path.relative_to(self.root).as_posix()


def files(root: Path) -> Iterator[Found]:
    """Every file below the folders of units, in order; OSError if one of those can't be read."""
    for part, training in APART.items():
        for path in _inside(root / part):
            unit = path.name.removeprefix(_PREFIX)
            named = path.name.startswith(_PREFIX) and normal_label(unit) == unit
            if named and path.is_dir() and not path.is_symlink():
                yield from _of_unit(root, path, unit, training)
            else:
                yield Found(root, path, "", training, FOREIGN)


def _of_unit(root: Path, folder: Path, unit: str, training: bool) -> Iterator[Found]:
    for path in _inside(folder):
        if path.name == "swap" and path.is_dir() and not path.is_symlink():
            for below in _inside(path):
                yield Found(root, below, unit, training, _kind(below, _IN_SWAP))
        else:
            yield Found(root, path, unit, training, _kind(path, _NAMES))


def _inside(folder: Path) -> list[Path]:
    try:
        return [folder / name for name in sorted(os.listdir(folder))]
    except FileNotFoundError:
        return []


def _kind(path: Path, names: tuple[tuple[str, re.Pattern[str]], ...]) -> str:
    return next((what for what, name in names if name.fullmatch(path.name)), FOREIGN)
