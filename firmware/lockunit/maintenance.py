"""Opens the console of a production unit for one start; the unit restarts to begin it.

Who may ask for it is the method table's; what a console is, its board's.
"""

from lockunit.board import Board
from lockunit.storage import checked, unchecked
from lockunit.ticks import Timer
from lockunit.timebound import DONE, STORAGE

# A file of the board: it must outlive the restart, on boards too that have no memory for markers.
STORED_AS = "maintenance"
# The answer is on its way, and the client's next question is refused by a unit that is there.
_PAUSE_MS = 1_000
_ONE_START = b"\1"


def pack() -> bytes:
    """As it is stored."""
    return checked(_ONE_START)


def asks(stored: bytes) -> bool:
    """Whether what is stored asks for an open console; what isn't whole asks for nothing."""
    return unchecked(stored) == _ONE_START


class Maintenance:
    """The one of a unit; `timer` is added to the unit's own."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.timer = Timer("maintenance")

    def enter(self, now: int) -> str:
        """Restart in a second, with the console open for that start: DONE, or STORAGE.

        The caller makes sure that nothing moves, and that who asks may.
        """
        if not self.board.store(STORED_AS, pack()):
            return STORAGE
        self.timer.set(now, _PAUSE_MS)
        return DONE

    def step(self, now: int) -> None:
        """Run what is due."""
        if self.timer.due(now):
            self.board.restart()
