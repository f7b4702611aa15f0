"""What each board with a name said of itself when it was last probed, kept in the user's state.

A configuration says what should be there; this says what was.
"""

from pathlib import Path

import msgspec
from filelock import FileLock
from platformdirs import user_state_path


class Seen(msgspec.Struct, frozen=True):
    """What a board said, and when: `at` is local time with its offset."""

    at: str
    board: str
    unique_id: str
    unit: str | None = None
    firmware: str | None = None


def _file() -> Path:
    return user_state_path("lockrig", appauthor=False) / "boards.json"


def seen() -> dict[str, Seen]:
    """By the board's name. What can't be read was never noted."""
    try:
        return msgspec.json.decode(_file().read_bytes(), type=dict[str, Seen])
    except (OSError, msgspec.DecodeError, RecursionError):
        return {}


def note(name: str, said: Seen) -> None:
    """Keep what the board said. OSError."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_suffix(".lock")):
        beside = file.with_suffix(".new")
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(seen() | {name: said})))
        beside.replace(file)
