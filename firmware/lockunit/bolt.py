"""The bolt: runs the motor to one typed result, watches the thumb-turn, locks again by itself.

It decides when the motor runs; who may ask for it is settled before.
"""

from lockunit.actuation import BY_HAND, BY_RELOCK, DONE, Actuation
from lockunit.battery import Battery
from lockunit.board import (
    DOOR_CLOSED,
    END_LOCKED,
    END_UNLOCKED,
    FAILED,
    MARK_MOTOR,
    PACK,
    SUPPLY_BATTERY,
    Board,
)
from lockunit.settings import KIND_DOOR, Settings
from lockunit.ticks import Timer, diff

UNKNOWN = "UNKNOWN"
LOCKED = "LOCKED"
UNLOCKED = "UNLOCKED"
LOCKING = "LOCKING"
UNLOCKING = "UNLOCKING"
JAMMED = "JAMMED"

MOTOR_BLOCKED = "MOTOR_BLOCKED"
LOW_MOTOR_VOLTAGE = "LOW_MOTOR_VOLTAGE"
INSUFFICIENT_BATTERY = "INSUFFICIENT_BATTERY"
BUSY = "BUSY"
TIMEOUT = "TIMEOUT"

# A weak cell is driven below 0 V in the starting current first; of the motor it says nothing yet.
_PEAK_MS = 40
_LATE_PEAK_MS = 75
_INRUSH_MS = 150
_EVERY_MS = 50
# One high reading may be a rough spot.
_STALLED = 2
_LONGEST_MS = 3_000
# A bolt that doesn't go home by itself is tried this often, then left to people.
_TRIES = 3


class Bolt:
    """One bolt, its motor and its end switches."""

    def __init__(self, board: Board, settings: Settings, battery: Battery) -> None:
        self.board = board
        self.settings = settings
        self.battery = battery
        self.state = UNKNOWN
        # Finished runs, and moves by hand, that the link has yet to tell.
        self.finished: list[Actuation] = []
        self._run: Actuation | None = None
        self._started = 0
        self._looked = 0
        self._left_origin = False
        self._stalled = 0
        self._tries = 0
        # Whether it locks by itself: not where it hangs on no door.
        self.homing = True
        self._sample = Timer("bolt.sample")
        self._limit = Timer("bolt.limit")
        self._relock = Timer("bolt.relock")
        self.timers = (self._sample, self._limit, self._relock)

    def boot(self, now: int) -> None:
        """Sense where the bolt is; whatever it was doing before, nobody knows."""
        self.board.motor(0)
        self.state = self._sensed()
        self._arm(now)

    def moving(self) -> bool:
        """Whether the motor runs."""
        return self._run is not None

    def command(self, now: int, target: str, by: str, trusted: bool = False) -> str:
        """Move to `target` (LOCKED or UNLOCKED): a result, or "" while the motor runs.

        The result of a run that was begun comes with its Actuation in `finished`. `trusted`: a
        suspected pack keeps nobody from locking.
        """
        if self._run is not None:
            return BUSY
        self._tries = self._tries if by == BY_RELOCK else 0
        if self._sensed() == target:
            self.state = target
            self._arm(now)
            return DONE
        if target == LOCKED and not trusted and self._must_stay_open():
            return INSUFFICIENT_BATTERY
        self.battery.note_rest()
        rest = self.battery.cells.rest_mv
        if rest != FAILED and rest < self.settings.motor_min_mv:
            return LOW_MOTOR_VOLTAGE
        self._start(now, Actuation(by, target))
        return ""

    def _must_stay_open(self) -> bool:
        # A door that a dying pack locks is a door that nobody opens from outside. A street door is
        # the other way round: there a stranger is the danger, and others have keys.
        return self.settings.kind == KIND_DOOR and self.battery.suspected()

    def _start(self, now: int, run: Actuation) -> None:
        self.battery.postpone(now)
        self._run = run
        run.rest_mv = self.battery.cells.rest_mv
        run.temperature = self.board.temperature()
        self._started = self._looked = now
        self._stalled = 0
        ends = self.board.bolt_ends()
        self._left_origin = ends & self._origin(run) == 0
        run.whole = ends == self._origin(run)
        run.supplied = self.board.supply() == SUPPLY_BATTERY
        self.state = LOCKING if run.target == LOCKED else UNLOCKING
        self._relock.clear()
        self._sample.set(now, _PEAK_MS)
        self._limit.set(now, _LONGEST_MS)
        self.battery.mark(MARK_MOTOR, 1)
        self.board.motor(1 if run.target == LOCKED else -1)

    def _origin(self, run: Actuation) -> int:
        return END_UNLOCKED if run.target == LOCKED else END_LOCKED

    def _sensed(self) -> str:
        ends = self.board.bolt_ends()
        if ends == END_LOCKED:
            return LOCKED
        # Between the ends, or both switches closed: either way nobody knows.
        return UNLOCKED if ends == END_UNLOCKED else UNKNOWN

    def ends_changed(self, now: int) -> None:
        """The end switches changed: the motor arrived, or a hand moved the bolt."""
        run = self._run
        if run is None:
            self._moved_by_hand(now)
        elif self._sensed() == run.target:
            self._stop(now, DONE, "")
        elif self.board.bolt_ends() & self._origin(run) == 0:
            self._left_origin = True
        elif self._left_origin:
            # Back where it came from: a hand turns against the motor, and the hand wins.
            self._stop(now, MOTOR_BLOCKED, "hand")

    def supply_changed(self) -> None:
        """Note that something else than the battery feeds the motor, however briefly."""
        if self._run is not None and self.board.supply() != SUPPLY_BATTERY:
            self._run.supplied = False

    def arm(self, now: int) -> None:
        """Set the auto-relock, or clear it, by what holds now."""
        if self._run is None:
            self._arm(now)

    def _moved_by_hand(self, now: int) -> None:
        state = self._sensed()
        if state == self.state or (state == UNKNOWN and self.state == JAMMED):
            return
        self.state = state
        self._tries = 0
        if state != UNKNOWN:
            self.finished.append(Actuation(BY_HAND, state))
        self._arm(now)

    def door_changed(self, now: int) -> None:
        """The door opened, closed, or isn't known any more."""
        run = self._run
        if run is None:
            self._arm(now)
        elif run.by == BY_RELOCK and not self._may_relock():
            self._stop(now, MOTOR_BLOCKED, "door")

    def step(self, now: int, loaded_ms: int) -> None:
        """Run what is due; the test load hangs on the pack for `loaded_ms` more."""
        if self._sample.due(now):
            self._look(now)
        if self._limit.due(now) and self._run is not None:
            self._stop(now, TIMEOUT, "")
        if self._relock.due(now):
            if loaded_ms > 0:
                self._relock.set(now, loaded_ms)
            elif self._may_relock():
                self._go_home(now)

    def _go_home(self, now: int) -> None:
        """Lock by itself; what keeps it from even starting is told like a run that failed."""
        result = self.command(now, LOCKED, BY_RELOCK)
        if result not in ("", DONE):
            failed = Actuation(BY_RELOCK, LOCKED)
            failed.result = result
            self.finished.append(failed)
            self._again(now)

    def _look(self, now: int) -> None:
        """One look at the running motor: its current, and the pack under it."""
        run = self._run
        if run is None:
            return
        lowest_mv = self.battery.cells.lowest_mv()
        self.battery.watch(lowest_mv)
        since = diff(now, self._started)
        if since < _INRUSH_MS:
            self._sample.set(now, (_LATE_PEAK_MS if since < _LATE_PEAK_MS else _INRUSH_MS) - since)
            return
        ma = self.board.motor_ma()
        pack_mv = self.board.read_mv(PACK)
        if run.at_20_mv == FAILED:
            run.at_20_mv = self.battery.cells.weakest_mv()
        if pack_mv != FAILED and (run.low_mv == FAILED or pack_mv < run.low_mv):
            run.low_mv = pack_mv
            run.low_cell_mv = lowest_mv
            if ma > 0 and run.rest_mv != FAILED:
                # At most 10,000 mV x 1000: under 2**30.
                run.mohm = (run.rest_mv - pack_mv) * 1000 // ma
        if ma != FAILED:
            run.mas += ma * diff(now, self._looked) // 1000
        self._looked = now
        self._stalled = self._stalled + 1 if ma >= self.settings.stall_ma else 0
        if self._stalled >= _STALLED:
            self._stop(now, MOTOR_BLOCKED, "jam" if self._left_origin else "stall")
        else:
            self._sample.set(now, _EVERY_MS)

    def _stop(self, now: int, result: str, cause: str) -> None:
        run = self._run
        if run is None:
            return
        # The last moment of a run can be its worst: at its end, in a jam, against a hand.
        self.battery.watch(self.battery.cells.lowest_mv())
        self.board.motor(0)
        self.battery.mark(MARK_MOTOR, 0)
        self._run = None
        self._sample.clear()
        self._limit.clear()
        if result in (MOTOR_BLOCKED, TIMEOUT) and FAILED < run.low_mv < self.settings.motor_min_mv:
            result, cause = LOW_MOTOR_VOLTAGE, ""
        run.result, run.cause = result, cause
        run.ms = diff(now, self._started)
        sensed = self._sensed()
        self.state = JAMMED if sensed == UNKNOWN and result != DONE else sensed
        self.finished.append(run)
        # A stalled motor draws more than any load that the thresholds are meant for.
        if result == DONE:
            self.battery.reading(now, run.low_cell_mv, run.at_20_mv, run.low_mv)
        if run.by == BY_RELOCK and result != DONE:
            self._again(now)
        else:
            self._tries = 0
            self._arm(now)

    def _again(self, now: int) -> None:
        self._tries += 1
        if self._tries < _TRIES:
            self._arm(now)

    def _may_relock(self) -> bool:
        if not self.homing:
            return False
        if self.settings.kind != KIND_DOOR:
            return True
        return self.settings.relock_ms > 0 and self.board.door() == DOOR_CLOSED

    def _arm(self, now: int) -> None:
        """Set the auto-relock, or the end of a release; or clear it."""
        if self.state == LOCKED or not self._may_relock():
            self._relock.clear()
        elif self.settings.kind == KIND_DOOR:
            self._relock.set(now, self.settings.relock_ms)
        else:
            self._relock.set(now, self.settings.release_ms)
