"""Puts firmware on a board: into the slot that isn't in use, verified there, then on trial.

Until it is confirmed another firmware stays in use: a board that is cut anywhere in between boots
that one, or this one, whole.
"""

import base64
from collections.abc import Callable
from enum import Enum

from lockhil.boards import onboard
from lockhil.boards.contents import hashed, hashed_slot
from lockhil.boards.firmware import BESIDE, TRIAL, sha256
from lockhil.boards.plan import Plan
from lockhil.boards.repl import BoardError, Repl

# A third more as base64, and still under what a command may have.
_PIECE = 1_024
_NAMES = 24
# So many times the board starts it; then it is given up.
STARTS = 3


class FlashError(Exception):
    """What is on the board isn't what was sent; the message says which file."""


class State(Enum):
    """How far it came; what a user is told when it ends early."""

    UNCHANGED = "nothing was changed: the board has what it had"
    KEPT = "the board keeps the firmware that it had"
    NONE_YET = "the board has no whole firmware yet, and starts none: run the same command again"
    TRIAL = (
        "the new firmware is on trial, and wasn't confirmed: the board goes back to the one that "
        "it had; run the same command again"
    )
    PLACED = "the new firmware is in place, but wasn't seen to run: run the same command again"
    DONE = "the new firmware is in place and runs"


class Flash:
    """One plan on its way to one board; `state` says how far it came."""

    def __init__(self, repl: Repl, plan: Plan) -> None:
        self._repl = repl
        self._plan = plan
        self.state = State.UNCHANGED
        self._folders: set[str] = set()

    def carry_out(self, progress: Callable[[int], object]) -> None:
        """All but the reset after it; `progress` is told the bytes that were sent.

        FlashError, BoardError, NoContactError.
        """
        plan = self._plan
        self.state = State.KEPT if plan.before is not None else State.NONE_YET
        self._remove(plan.remove)
        try:
            for place in plan.changes:
                self._fill(place, progress)
            for place in plan.put:
                self._write(place, place + BESIDE, progress)
        except BoardError as error:
            if "ENOSPC" not in str(error) and "28" not in str(error):
                raise
            self._repl.run(f"try:\n {onboard.END_FILE}\nexcept NameError:pass")
            self._remove([*plan.changes, *(place + BESIDE for place in plan.put)])
            raise FlashError("the board is full; remove files that aren't ours") from None
        self._verify()
        self._take()

    def _remove(self, places: list[str]) -> None:
        for at in range(0, len(places), _NAMES):
            self._repl.run(onboard.remove(places[at : at + _NAMES]))

    def _fill(self, place: str, progress: Callable[[int], object]) -> None:
        """A file of the slot: nobody starts what lies there yet."""
        if place in self._plan.clone:
            self._make_folders(place)
            self._repl.run(onboard.clone(self._plan.clone[place], place))
        else:
            self._write(place, place, progress)

    def _make_folders(self, place: str) -> None:
        parts = place.split("/")[1:-1]
        for folder in ("/" + "/".join(parts[: n + 1]) for n in range(len(parts))):
            if folder not in self._folders:
                self._repl.run(onboard.folder(folder))
                self._folders.add(folder)

    def _write(self, name: str, place: str, progress: Callable[[int], object]) -> None:
        self._make_folders(place)
        data = self._plan.files[name]
        # One command a piece: each costs a round trip.
        pieces = [data[at : at + _PIECE] for at in range(0, len(data), _PIECE)] or [b""]
        for number, piece in enumerate(pieces):
            begin = onboard.begin_file(place) if number == 0 else ""
            end = onboard.END_FILE if number == len(pieces) - 1 else ""
            more = onboard.more(base64.b64encode(piece).decode())
            self._repl.run("\n".join((begin, more, end)))
            progress(len(piece))

    def _verify(self) -> None:
        """The slot holds what it should and nothing else, and what lies beside is what was sent."""
        plan = self._plan
        wanted = {place: sha256(data) for place, data in plan.in_slot.items()}
        found = hashed_slot(self._repl, plan.slot)
        wanted |= {place + BESIDE: sha256(plan.files[place]) for place in plan.put}
        found |= hashed(self._repl, [place + BESIDE for place in plan.put])
        for place in sorted({*wanted, *found}):
            if wanted.get(place) != found.get(place):
                raise FlashError(
                    f"{place} on the board isn't what was sent: its flash is worn, or the line is "
                    "bad; run again, and if that doesn't help, take another board"
                )

    def _take(self) -> None:
        """What lies beside into use, each for itself; then the slot on trial."""
        plan = self._plan
        for place in plan.put:
            if place in plan.keep:
                self._repl.run(onboard.rename(place, f"{place}.old"))
            self._repl.run(onboard.rename(place + BESIDE, place))
        if plan.trial:
            what = plan.slot.strip("/") + str(STARTS)
            self._repl.run(onboard.put_on_trial(TRIAL, what))
        self.state = State.TRIAL if plan.trial else State.PLACED
