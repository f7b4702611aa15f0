"""A firmware on trial: confirmed by who put it there and saw it run, or given up by itself.

Which firmware that is, and what the next start is of, the board knows.
"""

from lockunit.board import Board
from lockunit.ticks import Timer
from lockunit.timebound import DONE, STORAGE

NO_TRIAL = "NO_TRIAL"

# Whoever put it there is there: nobody else can say that it does what it should.
TRIAL_MS = 10 * 60_000
# While it is in use it isn't taken away; it is looked at again.
_AGAIN_MS = 10_000


class Trial:
    """The one of this start; `timer` is added to the unit's own."""

    def __init__(self, board: Board, now: int) -> None:
        self.board = board
        self.timer = Timer("trial")
        self.on = board.trial()
        if self.on:
            self.timer.set(now, TRIAL_MS)

    def confirm(self) -> str:
        """Take this firmware into use: DONE, NO_TRIAL or STORAGE (it is on trial still)."""
        if not self.on:
            return NO_TRIAL
        try:
            self.board.confirm()
        except OSError:
            return STORAGE
        self.on = False
        self.timer.clear()
        return DONE

    def step(self, now: int, busy: bool) -> None:
        """Give it up, and start the one in use, once the time is over and nothing goes on."""
        if not self.timer.due(now):
            return
        self.timer.set(now, _AGAIN_MS)
        if busy:
            return
        try:
            self.board.reject()
        except OSError:
            pass  # each start of it is counted
        self.board.restart()
