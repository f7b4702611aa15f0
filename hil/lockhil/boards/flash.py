"""Puts firmware on a board: copies beside, verifies, switches over in one go, verifies again.

Until the switch the old firmware is whole; a board that was cut during it starts nothing, and the
next run goes on where that one ended.
"""

import base64
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from lockhil.boards import onboard
from lockhil.boards.contents import hashed
from lockhil.boards.firmware import BESIDE, MANIFEST, sha256
from lockhil.boards.plan import Plan
from lockhil.boards.repl import BoardError, Repl

# A third more as base64, and still under what a command may have.
_PIECE = 1_024
_NAMES = 24


class FlashError(Exception):
    """What is on the board isn't what was sent; the message says which file."""


class State(Enum):
    """How far it came; what a user is told when it ends early."""

    UNCHANGED = "nothing was changed: the board has what it had"
    HALF = "the board is half flashed and starts nothing: run the same command again"
    SWITCHED = "the new firmware is in place, but wasn't seen to run: run the same command again"
    DONE = "the new firmware is in place and runs"


class Flash:
    """One plan on its way to one board; `state` says how far it came."""

    def __init__(self, repl: Repl, plan: Plan) -> None:
        self._repl = repl
        self._plan = plan
        self.state = State.UNCHANGED
        self._folders: set[str] = set()

    def copy(self, progress: Callable[[int], object]) -> None:
        """Write what differs beside what is there, and verify it. `progress` is told bytes.

        FlashError, BoardError, NoContactError.
        """
        plan, repl = self._plan, self._repl
        try:
            for place in plan.copy:
                self._write(place, plan.files[place], progress)
        except BoardError as error:
            if "ENOSPC" not in str(error) and "28" not in str(error):
                raise
            repl.run(f"try:\n {onboard.END_FILE}\nexcept NameError:pass")
            repl.run(onboard.remove([place + BESIDE for place in plan.copy]))
            raise FlashError("the board is full; remove files that aren't ours") from None
        beside = hashed(repl, [place + BESIDE for place in plan.put])
        self._compare(beside, plan.put, BESIDE)

    def _write(self, place: str, data: bytes, progress: Callable[[int], object]) -> None:
        parts = place.split("/")[1:-1]
        for folder in ("/" + "/".join(parts[: n + 1]) for n in range(len(parts))):
            if folder not in self._folders:
                self._repl.run(onboard.folder(folder))
                self._folders.add(folder)
        # One command a piece: each costs a round trip.
        pieces = [data[at : at + _PIECE] for at in range(0, len(data), _PIECE)] or [b""]
        for number, piece in enumerate(pieces):
            begin = onboard.begin_file(place + BESIDE) if number == 0 else ""
            end = onboard.END_FILE if number == len(pieces) - 1 else ""
            more = onboard.more(base64.b64encode(piece).decode())
            self._repl.run("\n".join((begin, more, end)))
            progress(len(piece))

    def switch(self) -> None:
        """Take what lies beside into use, and verify all. It isn't interrupted by ctrl-C."""
        plan, repl = self._plan, self._repl
        stale = [place for place in plan.remove if place.endswith(BESIDE)]
        repl.run(onboard.remove(stale))
        repl.run(onboard.switch_lists(MANIFEST))
        gone = [place for place in plan.remove if place not in stale]
        for name, places in (("R", plan.put), ("D", gone), ("K", plan.keep)):
            for at in range(0, len(places), _NAMES):
                repl.run(onboard.more_of(name, places[at : at + _NAMES]))
        with _undisturbed():
            self.state = State.HALF
            repl.run(onboard.SWITCH)
            self.state = State.SWITCHED
        self._compare(hashed(repl, list(plan.files)), list(plan.files), "")

    def _compare(self, found: dict[str, str], places: list[str], end: str) -> None:
        for place in places:
            if found.get(place + end) != sha256(self._plan.files[place]):
                raise FlashError(
                    f"{place + end} on the board isn't what was sent: its flash is worn, or the "
                    "line is bad; run again, and if that doesn't help, take another board"
                )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold ctrl-C back for a moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    held: list[Any] = []
    before = signal.signal(signal.SIGINT, lambda *_: held.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if held:
        raise KeyboardInterrupt
