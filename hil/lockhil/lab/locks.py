"""A board's lock: one run at a time has it, with all its ports.

It holds among the programs of one user on one computer. It goes with the process that has it,
however that ends. Who else reaches a port over the network is a laboratory's business.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_state_path

from lockhil.lab.entries import boards
from lockhil.lab.ports import key
from lockhil.virtual.running import running

# Somebody who asks who has a board takes its lock for a moment.
_ASKED_S = 0.3

# What the process says that it does, where its words don't.
doing = ""


class BusyError(Exception):
    """Another process has the board, or nobody can know; the message says who, and since when."""


def folder() -> Path:
    """Where locks lie. OSError."""
    path = user_state_path("lockrig", appauthor=False) / "locks"
    path.mkdir(parents=True, exist_ok=True)
    return path


class Lease:
    """The locks of a board, until `release`. A process that has one gets it again."""

    def __init__(self, port: str, side: str = "link") -> None:
        """For a board's name, or a port. BusyError."""
        self._held: list[FileLock] = []
        try:
            # In one order, so that two that want the same don't both end with half.
            for name in sorted(_keys(port, side)):
                self._take(name, port)
        except OSError as error:
            self.release()
            raise BusyError(
                f"can't tell whether {port} is in use: {error}; lockrig keeps its locks in the "
                "user's state folder (XDG_STATE_HOME)"
            ) from None
        except BaseException:
            self.release()
            raise

    def _take(self, name: str, port: str) -> None:
        lock, note = _files(name)
        try:
            lock.acquire(timeout=_ASKED_S)
        except Timeout:
            raise BusyError(f"{port} is busy: {_holder(note)}; end that, and run again") from None
        self._held.append(lock)
        if lock.lock_counter == 1:
            told = {"pid": os.getpid(), "command": _command(), "since": _now()}
            # The lock holds without it.
            with suppress(OSError):
                note.write_text(json.dumps(told), "utf-8")

    def moved(self, port: str, side: str = "link") -> "Lease":
        """The lease of the same port, which is another device now; this one is given back."""
        lease = Lease(port, side)
        self.release()
        return lease

    def release(self) -> None:
        """Give them back."""
        while self._held:
            self._held.pop().release()


@contextmanager
def held(port: str, side: str = "link") -> Iterator[None]:
    """A lease as long as `with`. BusyError."""
    lease = Lease(port, side)
    try:
        yield
    finally:
        lease.release()


def holder(port: str, side: str = "link") -> str | None:
    """Who has the board or port, in words; None: nobody, or this process."""
    try:
        with held(port, side):
            return None
    except BusyError as error:
        return str(error).partition(";")[0]


def _keys(port: str, side: str) -> set[str]:
    """All that is locked with it: the ports of each board that it is one of, and their names."""
    mine = port if port in boards() else key(port, side) or port
    keys = {mine}
    for name, ports in _known().items():
        whole = {name, *(found for side, place in ports if (found := key(place, side)))}
        if mine in whole:
            keys |= whole
    return keys


def _known() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The ports of each board that has a name, and of those virtual ones that run."""
    known = {name: board.ports for name, board in boards().items()}
    for board in running():
        known[f"virtual:{board.name}"] = (("link", board.link), ("console", board.console))
    return known


def _files(name: str) -> tuple[FileLock, Path]:
    # A name may be a path; what it is can be read in the note.
    path = folder() / hashlib.sha256(name.encode()).hexdigest()[:24]
    return (
        FileLock(path.with_suffix(".lock"), is_singleton=True, thread_local=False),
        path.with_suffix(".json"),
    )


def _command() -> str:
    return doing or " ".join(["lockrig", *sys.argv[1:]])


def _now() -> str:
    return datetime.now().astimezone().isoformat(" ", timespec="seconds")


def _holder(note: Path) -> str:
    try:
        told = json.loads(note.read_text("utf-8"))
        os.kill(told["pid"], 0)
        return f"`{told['command']}` (process {told['pid']}) has it since {told['since']}"
    except PermissionError:
        return "another user's process has it"
    except (OSError, ValueError, TypeError, KeyError):
        return "another process has it"
