"""One run of the motor: what it left behind, and whether that proves anything.

What a run is and when it ends is `bolt`'s.
"""

from lockunit.board import FAILED
from lockunit.cells import LEAST_SAG_MV, READING
from lockunit.settings import Settings

DONE = "done"

# Who moved it.
BY_COMMAND = "command"
BY_RELOCK = "relock"
BY_HAND = "hand"


class Actuation:
    """What one run of the motor left behind: the evidence of its result."""

    def __init__(self, by: str, target: str) -> None:
        self.by = by
        self.target = target
        self.result = ""
        self.cause = ""
        self.ms = 0
        self.rest_mv = FAILED
        self.low_mv = FAILED
        self.low_cell_mv = FAILED
        # The weakest cell as at 20 C, when the motor just turned: levels are of as short a load.
        self.at_20_mv = FAILED
        self.mohm = FAILED
        self.mas = 0
        self.temperature = FAILED
        # Whether it went from the one end switch to the other, and on the battery all the while.
        self.whole = self.supplied = False

    def doubt(self, settings: Settings) -> str:
        """Why it doesn't prove that lock and pack work; "" if it does."""
        if self.result != DONE:
            return "result"
        if not self.whole:
            return "unmoved"
        if not self.supplied:
            return "supply"
        if min(self.rest_mv, self.low_mv, self.low_cell_mv, self.at_20_mv) == FAILED:
            return READING
        if self.rest_mv - self.low_mv < LEAST_SAG_MV:
            return "load"
        # Ten runs in a row tire a new pack a little, too: whether it is a good one the proof tells.
        return "voltage" if self.at_20_mv < settings.now_mv else ""
