"""What was seen of units' batteries, in files that only grow: a JSON object a line, a file a year.

It keeps and gives back; what follows from it is `standing`'s. Training lies in a folder of its own.
"""

import contextlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from lockrig.records.reading import read_ordinary
from lockrig.records.record import normal_label, stamp, unstamp
from lockrig.records.sealed import DamagedRecordError

AIR, LINK, CHANGE = "air", "link", "change"
SOURCES = (AIR, LINK, CHANGE)
LEVELS = ("UNKNOWN", "GOOD", "CHANGE_SOON", "CHANGE_NOW", "SUSPECTED_DISCHARGED")
SUSPECTED = LEVELS[-1]
FOLDERS = {False: "seen", True: "seen-training"}
MOST_BYTES = 256 * 2**20
_LONGEST = 2_000
_WAIT_S = 10
_TEXTS = ("ground", "supply", "firmware", "kind", "customer", "address")
_NUMBERS = ("loaded_mv", "rest_mv", "temp_c", "swaps")


class CantRememberError(Exception):
    """It can't be put on the disk; the message says why."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What was told of a unit's battery `at` a time (UTC), and by which way.

    `source`: AIR (an advert, which anybody can send), LINK (the unit's own report), CHANGE (the end
    of a battery change). `loaded_mv` is of the weakest cell, `rest_mv` of the whole pack; None: not
    told, or the unit couldn't read it. `swaps`: how many changes the unit has counted.
    """

    at: datetime
    unit: str
    source: str
    level: str = "UNKNOWN"
    fresh: bool = False
    ground: str = ""
    loaded_mv: int | None = None
    rest_mv: int | None = None
    temp_c: int | None = None
    supply: str = ""
    fits: bool | None = None
    swaps: int | None = None
    firmware: str = ""
    kind: str = ""
    customer: str = ""
    address: str = ""


_FIELDS = {field.name for field in fields(Observation)}


def remember(root: Path, observed: Iterable[Observation], *, training: bool) -> None:
    """Append to the file of the year, on the disk when this returns. CantRememberError."""
    folder = root / FOLDERS[training]
    by_year: dict[int, list[Observation]] = {}
    for each in observed:
        by_year.setdefault(each.at.year, []).append(each)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=_WAIT_S):
            for year, seen in by_year.items():
                _append(folder / f"{year}.jsonl", b"".join(map(_line, seen)))
    except Timeout:
        raise CantRememberError("another process is writing there") from None
    except OSError as error:
        raise CantRememberError(error.strerror or str(error)) from None


def _append(path: Path, lines: bytes) -> None:
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o644)
    with open(handle, "r+b", buffering=0) as file:
        size = os.fstat(handle).st_size
        if size:
            file.seek(size - 1)
            if file.read(1) != b"\n":
                # Half a line that a kill or a full disk left: it stays one, and is told as damaged.
                lines = b"\n" + lines
        try:
            while lines:
                lines = lines[file.write(lines) or 0 :]
            os.fsync(handle)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, size)
            raise


def _line(observed: Observation) -> bytes:
    told = {**asdict(observed), "at": stamp(observed.at)}
    kept = {name: value for name, value in told.items() if value not in (None, "")}
    return json.dumps(kept, separators=(",", ":")).encode() + b"\n"


def recall(root: Path, *, training: bool) -> tuple[list[Observation], list[str]]:
    """All that was seen, oldest first, and what is damaged, by file and line. OSError."""
    folder = root / FOLDERS[training]
    found: list[Observation] = []
    damaged: list[str] = []
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".jsonl"))
    except FileNotFoundError:
        return [], []
    for name in names:
        try:
            data = read_ordinary(folder / name, MOST_BYTES)
        except DamagedRecordError as error:
            damaged.append(f"{folder.name}/{name}: {error}")
            continue
        for number, line in enumerate(data.split(b"\n"), start=1):
            if line:
                observed = _parsed(line)
                if observed is None:
                    damaged.append(f"{folder.name}/{name}: line {number} is none of its own")
                else:
                    found.append(observed)
    found.sort(key=lambda observed: observed.at)
    return found, damaged


def number(value: object) -> int | None:
    """A foreign number, if it is one that can be meant."""
    return value if type(value) is int and abs(value) < 2**31 else None


def _parsed(line: bytes) -> Observation | None:
    """The observation in a line; None: it is none."""
    if len(line) > _LONGEST:
        return None
    try:
        told: Any = json.loads(line)
        if not isinstance(told, dict) or not told.keys() <= _FIELDS:
            return None
        observed = Observation(**{**told, "at": unstamp(told["at"])})
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    texts = all(isinstance(getattr(observed, name), str) for name in _TEXTS)
    values = [getattr(observed, name) for name in _NUMBERS]
    numbers = all(value is None or number(value) is not None for value in values)
    known = observed.source in SOURCES and observed.level in LEVELS
    flags = type(observed.fresh) is bool and observed.fits in (None, True, False)
    named = isinstance(observed.unit, str) and normal_label(observed.unit) == observed.unit
    return observed if texts and numbers and known and flags and named else None
