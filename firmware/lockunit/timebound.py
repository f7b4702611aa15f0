"""What a unit knows of the time: its calendar while that is set, and a lower bound that it keeps.

It judges times; who may set the clock is the session's.
"""

from lockunit import kept
from lockunit.board import Board
from lockunit.lockkey import BOUND_AS
from lockunit.ticks import diff

# A board's clock that shows a year before 2024 counts as not set; 2068 not every one reaches.
_EARLIEST_S = 1_704_067_200
_BEYOND_S = 3_092_601_600
_FARTHEST_S = 400 * 86_400

DONE, RANGE, STORAGE = "done", "RANGE", "STORAGE"
EXPIRED, NOT_YET = "EXPIRED", "NOT_YET"


class Bound:
    """The time is at least `at_s` (seconds since 1970); kept.NONE: nobody knows."""

    def __init__(self, board: Board, now: int) -> None:
        self.board = board
        self._kept = kept.Kept(board, BOUND_AS)
        self.at_s = self._kept.value
        self._seen = now
        self._rest_ms = 0
        # Whether the board didn't store it when it grew.
        self.refused = False

    def clock(self) -> int:
        """Seconds since 1970; 0 if that isn't known. A calendar below the bound is wrong."""
        found = self.board.calendar()
        return found if found >= self.at_s else 0

    def _pass(self, now: int) -> None:
        """Count the time since this was last called, where nothing else does."""
        clock = self.clock()
        passed = max(0, diff(now, self._seen)) + self._rest_ms
        self._seen = now
        self._rest_ms = passed % 1_000
        if self.at_s == kept.NONE:
            # Nobody can tell what the bound was: a clock that is set is as good.
            self.at_s = clock or kept.NONE
        elif not clock:
            self.at_s = min(self.at_s + passed // 1_000, kept.LARGEST)

    def least(self, now: int) -> int:
        """The time is at least that now."""
        self._pass(now)
        return self.at_s

    def grow(self, now: int) -> None:
        """Raise the bound by what is known now, and store it, or see it `refused`.

        To be called with every sample of the battery: at least every 6 h, and more often than the
        ticks' half period.
        """
        self._pass(now)
        self.at_s = max(self.at_s, self.clock() or kept.NONE)
        self.refused = self.at_s != self._kept.value and not self._kept.put(self.at_s)

    def refusal(self, now: int, not_before_s: int, not_after_s: int) -> str:
        """Why a credential for this time isn't good now; "" if it is, or may be: see `clock`."""
        self._pass(now)
        clock = self.clock()
        if not clock and self.at_s == kept.NONE:
            return STORAGE
        if not_after_s < (clock or self.at_s):
            return EXPIRED
        return NOT_YET if clock and clock < not_before_s else ""

    def set(self, now: int, time_s: int, farther: bool, lower: bool) -> str:
        """Set the calendar, and the bound with it: DONE, RANGE, STORAGE (nothing is set then).

        `farther`: it may be raised by over 400 days; `lower`: it may be set below the bound, and
        the bound with it.
        """
        self._pass(now)
        if not _EARLIEST_S <= time_s < _BEYOND_S or (time_s < self.at_s and not lower):
            return RANGE
        if not farther and time_s > max(self.at_s, self.clock()) + _FARTHEST_S:
            return RANGE
        # The bound first: a clock that is set without it would be forgotten with the power.
        if not self._kept.put(time_s):
            return STORAGE
        self.at_s = time_s
        self.refused = False
        self._rest_ms = 0
        self.board.set_calendar(time_s)
        return DONE
