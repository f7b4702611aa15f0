"""Virtual boards that run in the foreground: their flash, which stays, and where they are found.

Each has a name, a flash of its own, and while it runs a note of its ports; two don't share a name.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_data_path

# Somebody who asks which boards run holds their locks for a moment.
_ASKED_S = 0.3


class BoardInUseError(Exception):
    """Another process runs the board of that name; the message says where it is."""


@dataclass(frozen=True, slots=True)
class Running:
    """A virtual board that runs: its process and the paths of its ports."""

    name: str
    pid: int
    console: str
    link: str


def folder() -> Path:
    """Where the boards are kept. OSError if that can't be made."""
    path = user_data_path("lockrig", appauthor=False) / "virtual"
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def taken(name: str) -> Iterator[Path]:
    """The flash of the board `name`, nobody else's meanwhile. BoardInUseError."""
    path = folder() / f"{name}.img"
    lock = FileLock(path.with_suffix(".lock"))
    try:
        lock.acquire(timeout=_ASKED_S)
    except Timeout:
        other = next((board for board in running() if board.name == name), None)
        where = f" as process {other.pid}, console {other.console}" if other else ""
        raise BoardInUseError(
            f"the virtual board {name} runs already{where}; stop it, or give another name"
        ) from None
    with lock:
        yield path


@contextmanager
def announced(board: Running) -> Iterator[None]:
    """Let others find the board while it runs."""
    note = folder() / f"{board.name}.json"
    beside = note.with_suffix(".new")
    beside.write_text(json.dumps(asdict(board)), encoding="utf-8")
    beside.replace(note)
    try:
        yield
    finally:
        with suppress(OSError):
            note.unlink()


def running() -> list[Running]:
    """The virtual boards that run now, by name; what a killed process left is passed over."""
    found = []
    for note in sorted(folder().glob("*.json")):
        try:
            board = Running(**json.loads(note.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            continue
        try:
            # Who holds the lock lives; a process number may be somebody else's by now.
            with FileLock(note.with_suffix(".lock"), timeout=0):
                pass
        except Timeout:
            found.append(board)
    return found
