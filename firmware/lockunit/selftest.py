"""The push-button diagnostic: green while a load hangs on the pack, then red blinks if it bore it.

It alone drives the LEDs. What it finds can only make a person's verdict worse, never replace it.
"""

from lockunit.battery import G_DIAGNOSTIC, GOOD, Battery
from lockunit.board import FAILED, PACK, SUPPLY_BATTERY, Board
from lockunit.cells import READING
from lockunit.ticks import Timer, diff

PASSED = "passed"
CHANGE_SOON = "change_soon"
FAILED_PACK = "failed"
NO_VERDICT = "no_verdict"
PRESSED = "pressed"
RUNNING = "running"
NONE = "none"

# From the press, in ms.
_JUDGE_MS = 3_900
_GREEN_OFF_MS = 4_000
_RED_MS = 7_000
_RED_LENGTH_MS = 300
_RED_EVERY_MS = 1_500
# A light that comes with the finger seems to have come before it: at once, but after.
_GREEN_ON_MS = 100
# Levels hold for a load as short as a sample's; only a discharged pack is one at any length.
_LEVEL_MS = 200
# So long what a press has shown may count for something.
_COUNTS_MS = 30 * 60_000
# Whoever watches a sequence watches for 30 s: another one inside it could only confuse.
_QUIET_MS = 30_000

_IDLE, _PRESSED, _FIRST, _LOADED, _GREEN, _DARK, _RED, _GAP = range(8)


class Selftest:
    """One diagnostic at a time."""

    def __init__(self, board: Board, battery: Battery) -> None:
        self.board = board
        self.battery = battery
        self.outcome = NONE
        self.reason = ""
        self.loaded_mv = FAILED
        self.rest_mv = FAILED
        # Steps that the link has yet to tell, oldest first.
        self.steps: list[str] = []
        self._phase = _IDLE
        self._began = 0
        self._blinks = 0
        self._supplied = True
        self._level_mv = FAILED
        # The pack's voltage at the load's end, until it was seen to rise again; then FAILED.
        self._sagged_mv = FAILED
        self._timer = Timer("selftest")
        self._quiet = Timer("selftest.quiet")
        # Whether somebody pressed the button for the last one, and while what it found may count.
        self._by_hand = False
        self._counts = Timer("selftest.counts")
        self.timers = (self._timer, self._quiet)

    def quiet(self) -> bool:
        """Whether one has begun within the last 30 s: then no other does."""
        return self._quiet.armed()

    def running(self) -> bool:
        """Whether one has begun and isn't done."""
        return self._phase != _IDLE

    def loading(self) -> bool:
        """Whether the test load hangs on the pack."""
        return _PRESSED <= self._phase <= _LOADED

    def load_left(self, now: int) -> int:
        """For how many ms more it does; 0 if it doesn't."""
        return max(0, _JUDGE_MS - diff(now, self._began)) if self.loading() else 0

    def passed(self, now: int) -> bool:
        """Whether the last one was by the button, not long ago, and the pack passed."""
        return self._counts.left(now) > 0

    def start(self, now: int, step: str) -> bool:
        """Begin, unless one has begun within the last 30 s; `step` says who asked."""
        if self.quiet():
            return False
        self._by_hand = step == PRESSED
        self._counts.clear()
        self._quiet.set(now, _QUIET_MS)
        self.battery.note_rest()
        self.battery.postpone(now)
        self.outcome, self.reason = RUNNING, ""
        self.loaded_mv = FAILED
        self._supplied = self.board.supply() == SUPPLY_BATTERY
        self._blinks = 0
        self._sagged_mv = FAILED
        self.rest_mv = self.battery.cells.rest_mv
        # A pack under suspicion is neither loaded nor passed.
        if not self.battery.suspected():
            self.battery.hang(1)
        self._level_mv = FAILED
        self._began = now
        self._go(now, _PRESSED, _GREEN_ON_MS)
        self.steps.append(step)
        return True

    def supply_changed(self) -> None:
        """Note that something else than the battery feeds the unit, however briefly."""
        if self.board.supply() != SUPPLY_BATTERY:
            self._supplied = False

    def step(self, now: int) -> None:
        """Go through the phases that are due."""
        self._quiet.due(now)
        self._counts.due(now)
        if not self._timer.due(now):
            return
        if self._phase == _PRESSED:
            self.board.leds(1, 0)
            self._go(now, _FIRST, _LEVEL_MS - _GREEN_ON_MS)
        elif self._phase == _FIRST:
            self._level_mv = self.battery.cells.weakest_mv()
            self._go(now, _LOADED, _JUDGE_MS - _LEVEL_MS)
        elif self._phase == _LOADED:
            self._judge(now)
            self._go(now, _GREEN, _GREEN_OFF_MS - _JUDGE_MS)
        elif self._phase == _GREEN:
            self.board.leds(0, 0)
            self._recover()
            self._go(now, _DARK, _RED_MS - _GREEN_OFF_MS)
        elif self._phase in (_DARK, _GAP):
            self._blink_or_end(now)
        elif self._phase == _RED:
            self.board.leds(0, 0)
            self._blinks -= 1
            self._go(now, _GAP, _RED_EVERY_MS - _RED_LENGTH_MS)

    def _go(self, now: int, phase: int, ms: int) -> None:
        self._phase = phase
        self._timer.set(now, ms)

    def _blink_or_end(self, now: int) -> None:
        if self._blinks > 0 and not self._supplied:
            # Plugged in since it was judged: nobody can tell any more what fed it then.
            self._blinks = 0
            self.outcome, self.reason = NO_VERDICT, "supply"
        self._recover()
        if self._blinks > 0 and self._sagged_mv != FAILED:
            self._blinks = 0
            self.outcome, self.reason = NO_VERDICT, "load"
        if self._blinks > 0:
            self.board.leds(0, 1)
            self._go(now, _RED, _RED_LENGTH_MS)
        else:
            self._phase = _IDLE
            if self._by_hand and self.outcome in (PASSED, CHANGE_SOON):
                self._counts.set(now, _COUNTS_MS)
            self.steps.append("done")

    def _recover(self) -> None:
        """Look whether the pack rises without the load: if not, it hung there at rest too, and
        nothing was learnt. More than once: the motor may be on it meanwhile."""
        if self._sagged_mv != FAILED and self.battery.cells.rose(self._sagged_mv):
            self._sagged_mv = FAILED

    def _judge(self, now: int) -> None:
        """Judge the pack at the end of its load; every doubt leaves no blink."""
        pack_mv = self.board.read_mv(PACK)
        mv = self.battery.cells.lowest_mv()
        at_20 = self.battery.cells.weakest_mv()
        doubt = self.battery.cells.doubt()
        self.supply_changed()
        suspected = self.battery.suspected()
        self.battery.watch(mv)
        self.battery.hang(0)
        self.loaded_mv = mv
        self.outcome = NO_VERDICT
        if suspected:
            self.outcome, self.reason = FAILED_PACK, "suspicion"
        elif self.battery.settings.refused:
            self.reason = "settings"
        elif not self._supplied:
            self.reason = "supply"
        elif FAILED in (mv, at_20, pack_mv, self.rest_mv, self._level_mv):
            self.reason = READING
        elif self.battery.suspected() or at_20 < self.battery.settings.discharged_mv:
            self.outcome, self.reason = FAILED_PACK, "voltage"
            self.battery.suspect(G_DIAGNOSTIC)
        elif doubt:
            self.reason = doubt
        elif not self.battery.cells.sagged(pack_mv):
            self.reason = "load"
        else:
            self.battery.passed(now, mv, self._level_mv, pack_mv)
            self._sagged_mv = pack_mv
            self._blinks = 1 if self.battery.level == GOOD else 2
            self.outcome = PASSED if self._blinks == 1 else CHANGE_SOON
