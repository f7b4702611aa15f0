"""The end of a battery change: a new pack shows under load that it is one.

It lifts a suspicion for the service desk alone; who may change a pack at all is decided outside.
"""

from lockunit.battery import Battery
from lockunit.board import SUPPLY_BATTERY, Board
from lockunit.bolt import BUSY, DONE, INSUFFICIENT_BATTERY
from lockunit.ticks import Timer

NOT_AUTHORISED = "NOT_AUTHORISED"
ROLE_DESK = "desk"
ROLES = ("staff", ROLE_DESK)

# As long as a diagnostic's: a pack that has only rested shows itself by then.
_LOAD_MS = 3_900


class Swap:
    """One change at a time."""

    def __init__(self, board: Board, battery: Battery) -> None:
        self.board = board
        self.battery = battery
        # The result of the last `close`, until the link has told it.
        self.result = ""
        self._loaded = Timer("swap.load")
        self.timers = (self._loaded,)

    def loading(self) -> bool:
        """Whether the load of the proof hangs on the pack."""
        return self._loaded.armed()

    def load_left(self, now: int) -> int:
        """For how many ms more it does; 0 if it doesn't."""
        return max(0, self._loaded.left(now))

    def close(self, now: int, role: str) -> str:
        """Prove the new pack: a result, or "" while it is under load; then it is in `result`."""
        if self.battery.suspected() and role != ROLE_DESK:
            return NOT_AUTHORISED
        if self.board.supply() != SUPPLY_BATTERY:
            return INSUFFICIENT_BATTERY
        self.battery.note_rest()
        self.battery.postpone(now)
        self.battery.hang(1)
        self._loaded.set(now, _LOAD_MS)
        return ""

    def break_off(self) -> None:
        """Something more important wants the pack."""
        if self.loading():
            self._loaded.clear()
            self.battery.hang(0)
            self.result = BUSY

    def step(self, now: int) -> None:
        """Judge the new pack at the end of its load."""
        if self._loaded.due(now):
            at_20 = self.battery.weakest_mv()
            fed = self.board.supply() == SUPPLY_BATTERY
            self.battery.hang(0)
            good = fed and self.battery.replaced(at_20)
            self.result = DONE if good else INSUFFICIENT_BATTERY
