"""The unit under whatever may happen in whatever order: what must hold all the time."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lockunit import board as port
from lockunit.battery import SUSPECTED
from lockunit.methods import METHODS, NOTIFICATIONS
from tests.lockunit.hand import Hand, HandBoard, hand_with

PACKS = st.sampled_from([[2_820] * 2, [2_540] * 2, [2_400] * 2, [2_820, 2_000], [port.FAILED] * 2])


class WatchedBoard(HandBoard):
    """Notes when its motor starts, and whether somebody asked for it."""

    hand: Hand
    started: int = 0
    hung: int = 0
    asked = False

    def load(self, on: int) -> None:
        if on and not self.loaded:
            self.hung = self.hand.now
        super().load(on)

    def motor(self, direction: int) -> None:
        if direction and not self.direction:
            self.started = self.hand.now
            by_itself = not self.asked
            assert not (by_itself and direction < 0), "it opened by itself"
            assert not by_itself or self.door_is == port.DOOR_CLOSED, "it relocked an open door"
        super().motor(direction)


class Machine(RuleBasedStateMachine):
    """A door lock, its hands, its weather, its pack."""

    @initialize(ends=st.sampled_from([0, 1, 2]))
    def begin(self, ends: int) -> None:
        self.hand = hand_with(ends)
        self.board = WatchedBoard()
        self.board.hand, self.board.ends = self.hand, ends
        self.hand.board = self.board
        self.hand.boot()
        self.pressed = -100_000
        self.calls = self.level = 0
        self.may_rise = False

    @rule(ms=st.integers(1, 60_000))
    def time(self, ms: int) -> None:
        while ms > 0:
            piece = min(ms, 50)
            self.hand.run(piece)
            self.check()
            ms -= piece

    @rule(seconds=st.integers(100, 400_000))
    def long_time(self, seconds: int) -> None:
        self.time(20_000)
        self.hand.run(seconds * 1_000)

    @rule()
    def press(self) -> None:
        self.board.asked = False
        idle = not self.hand.unit.selftest.quiet()
        self.hand.press()
        if idle:
            self.pressed = self.hand.now

    @rule(method=st.sampled_from(["bolt.lock", "bolt.unlock"]))
    def command(self, method: str) -> None:
        self.calls += 1
        self.board.asked = True
        self.hand.call(method, self.calls)
        self.board.asked = False

    @rule(ends=st.integers(0, 3))
    def bolt(self, ends: int) -> None:
        self.hand.ends(ends)

    @rule(state=st.sampled_from([0, 1, -1]))
    def door(self, state: int) -> None:
        self.hand.door(state)

    @rule(source=st.integers(0, 2))
    def supply(self, source: int) -> None:
        self.board.source = source
        self.hand.event(port.EV_SUPPLY, source)

    @rule(cells=PACKS, celsius=st.sampled_from([-20, 9, 10, 20, port.FAILED]))
    def pack(self, cells: list[int], celsius: int) -> None:
        self.board.loaded_cell_mv, self.board.celsius = cells, celsius

    @rule(ma=st.sampled_from([600, 899, 900, 2_000, port.FAILED]))
    def current(self, ma: int) -> None:
        self.board.ma = ma

    @precondition(lambda self: self.hand.now > 0)
    @rule(cause=st.integers(0, 3))
    def reset(self, cause: int) -> None:
        self.board.cause = cause
        self.calls = 0
        self.board.sent.clear()
        self.hand.boot()
        self.pressed = -100_000

    @invariant()
    def check(self) -> None:
        board, now = self.board, self.hand.now
        assert not (board.green or board.red) or now - self.pressed <= 15_000, "lit, unpressed"
        assert not (board.green and board.red)
        assert not board.direction or now - board.started <= 3_000, "the motor runs on"
        assert not board.loaded or now - board.hung <= 4_000, "the load hangs on"
        assert board.marks == (1 if board.direction else 0) | (2 if board.loaded else 0)
        assert -1 <= self.hand.left <= 1 << 28
        level = self.hand.unit.battery.level
        warm_pass = board.celsius >= 10 and now - self.pressed <= 15_000
        assert level >= self.level or (warm_pass and self.level != SUSPECTED), "the level rose"
        self.level = level
        idents = [answer["id"] for answer in board.answers()]
        assert len(idents) == len(set(idents)) <= self.calls
        assert self.calls - len(idents) <= (1 if board.direction else 0), "a call without a result"
        results = {answer["result"]["result"] for answer in board.answers()}
        assert results <= set(METHODS["bolt.lock"].results), "a result that nobody promised"
        told = {line["method"] for line in board.sent if "method" in line}
        assert told <= set(NOTIFICATIONS), "a notification that nobody promised"


Machine.TestCase.settings = settings(
    max_examples=settings.default.max_examples // 2, stateful_step_count=40
)
TestMachine = Machine.TestCase
