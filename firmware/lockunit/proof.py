"""The proof of a new pack: it shows under load that it is good.

It lifts a suspicion for the service desk alone; which change it ends is `swap`'s.
"""

from lockunit.actuation import DONE
from lockunit.battery import GOOD, Battery
from lockunit.board import FAILED, PACK, SUPPLY_BATTERY, Board
from lockunit.bolt import BUSY, INSUFFICIENT_BATTERY
from lockunit.cells import READING
from lockunit.ticks import Timer

NOT_AUTHORISED = "NOT_AUTHORISED"
ROLE_DESK = "desk"
ROLES = ("staff", ROLE_DESK)

# In all as long as a diagnostic's: a pack that has only rested shows itself by then. Looked at
# all the while, so that a discharged one isn't driven for longer than it takes to see it.
_PIECE_MS = 300
_PIECES = 13
# Each proof costs charge: one that asks all the time mustn't empty the pack that it asks for.
_QUIET_MS = 30_000


class Proof:
    """One at a time."""

    def __init__(self, board: Board, battery: Battery) -> None:
        self.board = board
        self.battery = battery
        # Whose the last one was; its result and what that is due to, until the link told them.
        self.role = ""
        self.result = ""
        self.cause = ""
        # Whose proof it is; "" while there is none.
        self._role = ""
        self._pieces = 0
        # The weakest cell, as at 20 C, when the load had hung for as long as a sample's.
        self._level_mv = FAILED
        self._supplied = True
        self._quiet = Timer("proof.quiet")
        self.timers = (self._quiet,)

    def loading(self) -> bool:
        """Whether the load of the proof hangs on the pack."""
        return self.battery.proof.armed()

    def load_left(self, now: int) -> int:
        """For how many ms more it does; 0 if it doesn't."""
        if not self.loading():
            return 0
        return self.battery.proof.left(now) + (self._pieces - 1) * _PIECE_MS

    def start(self, now: int, role: str) -> bool:
        """Prove the new pack, unless the last proof was just now; the result comes in `result`."""
        if self._role or self.result or self._quiet.armed():
            return False
        self.role = role
        battery = self.battery
        battery.note_rest()
        doubt = battery.cells.doubt(replaced=True)
        if battery.suspected() and role != ROLE_DESK:
            self._end(NOT_AUTHORISED, "")
        elif self.board.supply() != SUPPLY_BATTERY:
            self._end(INSUFFICIENT_BATTERY, "supply")
        elif doubt:
            self._end(INSUFFICIENT_BATTERY, doubt)
        elif battery.cells.lowest_rest_mv() < battery.settings.soon_mv:
            # It can't pass, and may be discharged: then a load would do harm.
            self._end(INSUFFICIENT_BATTERY, "voltage")
        else:
            battery.postpone(now)
            battery.hang(1)
            self._role, self._pieces, self._supplied = role, _PIECES, True
            battery.proof.set(now, _PIECE_MS)
            self._quiet.set(now, _QUIET_MS)
        return True

    def supply_changed(self) -> None:
        """Note that something else than the battery feeds the unit, however briefly."""
        if self.board.supply() != SUPPLY_BATTERY:
            self._supplied = False

    def step(self, now: int) -> None:
        """Look at the new pack under its load, and judge it at the end."""
        self._quiet.due(now)
        if self.battery.proof.due(now):
            self._look(now)
        elif self._role and not self.loading():
            # It gave way to a diagnostic or to the motor, and may be had again at once.
            self._quiet.clear()
            self._end(BUSY, "")

    def _look(self, now: int) -> None:
        battery = self.battery
        pack_mv = self.board.read_mv(PACK)
        mv = battery.cells.lowest_mv()
        at_20 = battery.cells.weakest_mv()
        if self._pieces == _PIECES:
            self._level_mv = at_20
        battery.watch(mv)
        self.supply_changed()
        self._pieces -= 1
        # A failed reading isn't waited for, and a discharged pack isn't driven on.
        bad = mv == FAILED or at_20 < battery.settings.discharged_mv
        if self._pieces and self._supplied and not bad:
            battery.proof.set(now, _PIECE_MS)
            return
        desk = self._role == ROLE_DESK
        stands = battery.suspected()
        battery.hang(0)
        cause = self._doubt(mv, at_20, pack_mv, stands)
        if cause:
            battery.reading(now, mv, at_20, pack_mv)
            self._end(INSUFFICIENT_BATTERY, cause)
        elif stands and not desk:
            self._end(NOT_AUTHORISED, "")
        else:
            battery.replaced(now)
            self._end(DONE, "")

    def _doubt(self, mv: int, at_20: int, pack_mv: int, stands: bool) -> str:
        """Why the pack isn't proved to be good; "" if it is."""
        battery = self.battery
        if not self._supplied:
            return "supply"
        if min(mv, at_20, self._level_mv) == FAILED:
            return READING
        if not battery.cells.sagged(pack_mv):
            return "load"
        if at_20 < battery.settings.discharged_mv or battery.level_of(self._level_mv) != GOOD:
            return "voltage"
        # A thermometer that shows too much cold excuses any pack: not one under suspicion.
        if stands and mv < battery.settings.now_mv:
            return "cold"
        return ""

    def _end(self, result: str, cause: str) -> None:
        self._role = ""
        self.result, self.cause = result, cause
