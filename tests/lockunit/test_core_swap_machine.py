"""The change of a battery against a plain reference: nothing counts that proves nothing."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lockunit import board as port
from lockunit.battery import CHANGE_NOW, G_BELOW, SUSPECTED
from lockunit.battery import GOOD as IS_GOOD
from tests.lockunit import motor
from tests.lockunit.hand import Hand, hand_with, kept

MINUTE = 60_000
ROLES = st.sampled_from(["staff", "desk"])


class SwapMachine(RuleBasedStateMachine):
    """What the routine says, in a few words and numbers; the unit has to agree after each step."""

    @initialize(
        kind=st.sampled_from(["door", "entrance"]),
        level=st.sampled_from([IS_GOOD, CHANGE_NOW, SUSPECTED]),
    )
    def begin_life(self, kind: str, level: int) -> None:
        self.door = kind == "door"
        self.hand: Hand = hand_with(kind=kind, relock_ms=0)
        self.hand.board.stored["battery"] = kept(level, G_BELOW if level == SUSPECTED else 0)
        self.hand.boot()
        self.hand.run(61_000)
        self.suspected = level == SUSPECTED
        self.phase, self.role = "none", ""
        self.locks = self.unlocks = self.swaps = 0
        # When the gate was passed, the button's diagnostic ended well, the unit got its power.
        self.begun = self.passed = -(10**9)
        self.powered = 0
        self.unannounced = False
        self.ident = 100

    def ask(self, method: str, **params: Any) -> str:
        self.ident += 1
        self.hand.call(method, self.ident, **params)
        return self.answered()

    def answered(self) -> str:
        found = [line for line in self.hand.board.answers() if line["id"] == self.ident]
        return str(found[0]["result"]["result"]) if found else ""

    def lapse(self) -> None:
        if self.phase == "begun" and self.hand.now - self.begun >= 30 * MINUTE:
            self.phase = "none"

    def enter(self, phase: str, role: str) -> None:
        self.phase, self.role, self.locks, self.unlocks = phase, role, 0, 0

    @rule(role=ROLES, gate=st.sampled_from(["fresh", "diagnosed"]))
    def begin(self, role: str, gate: str) -> None:
        self.lapse()
        if self.phase != "none":
            expected = "OPEN"
        elif self.suspected and role != "desk":
            expected = "NOT_AUTHORISED"
        elif gate == "fresh":
            expected = "done" if self.hand.unit.battery.fresh() else "NOT_FRESH"
        else:
            late = self.hand.now - self.passed >= 30 * MINUTE
            expected = "NO_DIAGNOSTIC" if late and role != "desk" else "done"
        assert self.ask("swap.begin", role=role, gate=gate) == expected
        if expected == "done":
            self.enter("begun", role)
            self.begun = self.hand.now

    @rule(role=ROLES, ago=st.sampled_from([0, 30, 4_000, 80_000]))
    def adopt(self, role: str, ago: int) -> None:
        self.lapse()
        up = self.hand.now - self.powered
        if self.phase != "none":
            expected = "OPEN"
        elif self.suspected and role != "desk":
            expected = "NOT_AUTHORISED"
        else:
            here = up < 24 * 60 * MINUTE and up <= ago * 1_000
            expected = "done" if here else "NOT_REMOVED"
        assert self.ask("swap.adopt", role=role, gate="diagnosed", ago_s=ago) == expected
        if expected == "done":
            self.enter("out", role)

    def may(self, role: str) -> bool:
        return role == "desk" or (self.role == "staff" and not self.suspected)

    @rule(role=ROLES)
    def register(self, role: str) -> None:
        self.lapse()
        expected = {"none": "NOT_BEGUN", "begun": "NOT_REMOVED"}.get(self.phase)
        expected = expected or ("done" if self.may(role) else "NOT_AUTHORISED")
        assert self.ask("battery.replaced", role=role, confirmed=True) == expected
        if expected == "done":
            self.enter("replaced", self.role)

    @rule(role=ROLES)
    def cancel(self, role: str) -> None:
        self.lapse()
        expected = "NOT_BEGUN" if self.phase == "none" else "NOT_AUTHORISED"
        if self.phase != "none" and self.may(role):
            expected = "done"
        assert self.ask("swap.cancel", role=role) == expected
        if expected == "done":
            self.unannounced = self.unannounced or self.phase != "begun"
            self.phase = "none"

    @rule(role=ROLES, good=st.booleans())
    def close(self, role: str, good: bool) -> None:
        self.lapse()
        self.hand.run(31_000)
        self.lapse()
        asked = self.ask("swap.close", role=role)
        if self.phase != "replaced":
            assert asked == "NOT_BEGUN"
        elif not self.may(role):
            assert asked == "NOT_AUTHORISED"
        elif min(self.locks, self.unlocks) < 5:
            assert asked == "NOT_COUNTED"
        else:
            assert asked == ""
            self.hand.board.loaded_cell_mv = motor.GOOD if good else [2_820, 2_599]
            self.hand.run(4_000)
            self.hand.board.loaded_cell_mv = motor.GOOD
            assert self.answered() == ("done" if good else "INSUFFICIENT_BATTERY")
            if good:
                self.phase, self.suspected, self.unannounced = "none", False, False
                self.swaps += 1

    @rule(way=st.sampled_from(motor.WAYS), lock=st.booleans(), times=st.sampled_from([1, 1, 3, 6]))
    def move(self, way: str, lock: bool, times: int) -> None:
        """Runs by command. Nothing but a whole one counts; a loss of power undoes them all."""
        for _ in range(times):
            method = ("bolt.lock" if lock else "bolt.unlock") if self.door else "bolt.release"
            motor.run(self.hand, method, way)
            if way == "power":
                self.lost_power()
            elif way == "reset":
                self.restarted(self.hand.now - self.hand.ticks)
            counts = way == "whole" and self.phase == "replaced"
            # The desk alone may lock with a suspected pack, while it proves another one.
            if self.door and lock and self.suspected and self.role != "desk":
                counts = False
            if not self.door:
                counts = self.held(counts, way)
            if counts:
                self.locks += int(lock or not self.door)
                self.unlocks += int(not lock or not self.door)

    def held(self, counts: bool, way: str) -> bool:
        """A release has to be held too, by the motor, before it counts."""
        if way in ("jam", "against", "reset", "power"):
            motor.at(self.hand, port.END_LOCKED)
            return False
        self.hand.run(5_000)
        motor.at(self.hand, 0)
        self.hand.run(400)
        motor.at(self.hand, port.END_LOCKED)
        self.hand.run(1_000)
        return counts

    @rule(open_it=st.booleans())
    def thumb_turn(self, open_it: bool) -> None:
        motor.at(self.hand, 0)
        motor.at(self.hand, port.END_UNLOCKED if open_it else port.END_LOCKED)
        if not self.door:
            self.hand.run(5_500)
            motor.at(self.hand, port.END_LOCKED)
            self.hand.run(1_000)

    def lost_power(self) -> None:
        self.powered = self.hand.now - self.hand.ticks
        self.passed = -(10**9)
        self.phase = "out" if self.phase == "begun" else self.phase
        self.locks = self.unlocks = 0

    def restarted(self, when: int) -> None:
        """Without a loss of power: the gate stands anew, since nobody knows for how long it has."""
        self.begun = when
        self.passed = self.powered = -(10**9)

    @rule(power=st.booleans(), ms=st.sampled_from([100, 70_000]))
    def reset(self, power: bool, ms: int) -> None:
        self.lapse()
        self.hand.board.cause = port.RESET_POWER if power else port.RESET_WATCHDOG
        self.hand.board.marks = 0
        self.hand.boot()
        if power:
            self.lost_power()
        else:
            self.restarted(self.hand.now)
        self.hand.run(ms)

    @rule()
    def press(self) -> None:
        pressed = not self.hand.unit.selftest.quiet()
        self.hand.press()
        self.hand.run(31_000)
        if pressed and not self.suspected:
            self.passed = self.hand.now - 31_000 + 8_500
        elif pressed:
            self.passed = -(10**9)

    @rule(minutes=st.sampled_from([1, 29, 31, 25 * 60]))
    def wait(self, minutes: int) -> None:
        self.hand.run(minutes * MINUTE)
        self.lapse()

    @precondition(lambda self: self.phase == "none")
    @rule(role=ROLES)
    def pass_on(self, role: str) -> None:
        """Everything up to the registration, as it should be: else hardly any change would."""
        self.begin(role, "diagnosed" if role == "desk" else "fresh")
        if self.phase == "begun":
            self.reset(True, 70_000)
            self.register(role)

    @precondition(lambda self: self.phase == "replaced")
    @rule(times=st.integers(4, 6))
    def prove(self, times: int) -> None:
        """The runs as they should be, so many of each."""
        for _ in range(times):
            self.move("whole", False, 1)
            self.move("whole", True, 1)

    @invariant()
    def agrees(self) -> None:
        self.lapse()
        self.ident += 1
        self.hand.call("swap.state", self.ident)
        told = self.hand.board.answers()[-1]["result"]
        assert told["phase"] == self.phase
        if self.phase == "replaced":
            assert (told["locks"], told["unlocks"]) == (self.locks, self.unlocks)
        assert told["swaps"] == self.swaps
        # What else the unit takes for one stands in its own tests: it is never forgotten.
        assert told["unannounced"] >= self.unannounced
        self.unannounced = told["unannounced"]
        assert self.hand.unit.battery.suspected() == self.suspected


TestSwap = SwapMachine.TestCase
TestSwap.settings = settings(
    max_examples=settings.default.max_examples // 2, stateful_step_count=25
)
