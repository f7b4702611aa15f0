"""No sequence of inputs ends in a yes without a complete passing sequence behind it.

A state machine feeds the procedure whatever it likes, keeps its own book of what a person did, and
looks at every step whether a yes came that this book doesn't bear out.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lockrig.diagnose.outcome import Ending
from lockrig.diagnose.procedure import Procedure, Step
from lockrig.diagnose.watch import KEYS
from lockrig.records.standing import Standing
from tests.lockrig.diagnose.people import GOOD_ANSWERS

Action = tuple[object, ...]
ANSWERS = ("yes", "no", "unsure", "more", 0, 1, 2, 3, "j")


class Person(RuleBasedStateMachine):
    """The book: what was tapped since START, answered, interrupted; and the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.procedure = Procedure()
        self.t = 1_000
        self.taps: list[tuple[int, str]] = []
        self.start: int | None = None
        self.disturbed = False
        self.on_disk = [False, False]

    def spend(self, ms: int) -> None:
        until = self.t + ms
        while self.t < until:
            self.t = min(self.t + 100, until)
            self.procedure.turn(self.t)

    @rule(text=st.sampled_from(["ABC-1", "abc-1", "XYZ-9", "!", ""]))
    def types(self, text: str) -> None:
        self.procedure.text(text)

    @rule(
        desk=st.sampled_from(["", "", "", "", "suspected", "danger"]),
        repeat=st.booleans(),
    )
    def looked_up(self, desk: str, repeat: bool) -> None:
        self.procedure.standing(Standing(desk, repeat))

    @rule(answer=st.sampled_from(ANSWERS))
    def answers(self, answer: str | int) -> None:
        self.procedure.answer(answer)

    @rule()
    def well_prepared(self) -> None:
        """Most runs ought to get as far as START."""
        self.procedure.text("ABC-1")
        self.procedure.text("ABC-1")
        self.procedure.standing(Standing())
        if self.procedure.step is Step.COLOURS:
            for answer in ("yes", "no", "yes"):
                self.procedure.answer(answer)
        self.procedure.ready()

    @rule()
    def begun(self) -> None:
        self.on_disk[0] |= self.procedure.step is Step.BEGIN
        self.procedure.begun()

    @rule()
    def back(self) -> None:
        self.procedure.back()

    @rule(key=st.sampled_from(KEYS))
    def taps_key(self, key: str) -> None:
        live = self.procedure.step in (Step.START, Step.WATCH)
        if live and (self.start is not None or key == "start"):
            if self.start is None:
                self.start = self.t
            self.taps.append((self.t - self.start, key))
        self.procedure.tap(key, self.t)

    @rule(ms=st.sampled_from([100, 500, 900, 3_000, 10_000, 33_000]))
    def time_passes(self, ms: int) -> None:
        self.spend(ms)

    @rule(ms=st.sampled_from([1_500, 40_000, -500]))
    def suspended(self, ms: int) -> None:
        self.disturbed |= self.procedure.step is Step.WATCH
        self.procedure.turn(self.t + ms)
        self.t = max(self.t, self.t + ms)

    @rule()
    def doubted(self) -> None:
        self.disturbed |= self.procedure.step not in (Step.SAVE, Step.END)
        self.procedure.doubt("a doubt")

    @rule(ending=st.sampled_from([Ending.INTERRUPTED, Ending.UNWRITABLE, Ending.VERDICT]))
    def ends(self, ending: Ending) -> None:
        self.disturbed |= ending is not Ending.VERDICT and self.procedure.step is not Step.END
        self.procedure.end(ending)

    @rule()
    def confirms(self) -> None:
        self.procedure.confirm(self.t)

    @rule(works=st.booleans())
    def saves(self, works: bool) -> None:
        self.on_disk[1] |= works and self.procedure.step is Step.SAVE
        if works:
            self.procedure.saved()
        else:
            self.procedure.unsaved()

    @invariant()
    def a_yes_is_borne_out(self) -> None:
        if self.procedure.outcome.exit_code != 0:
            return
        watched = [(t, key) for t, key in self.taps if t < 32_000]
        keys = [key for _, key in watched if key != "start"]
        greens = [t for t, key in watched if key == "green"]
        reds = [t for t, key in watched if key == "red"]
        assert self.on_disk == [True, True]
        assert not self.disturbed
        assert self.procedure.outcome.unit in ("ABC-1", "XYZ-9")
        assert self.start is not None
        assert self.t - self.start >= 32_000
        assert "undo" not in keys
        assert len(greens) == 2
        assert 500 <= greens[0] < greens[1] <= 9_500
        assert reds
        assert min(reds) >= greens[1]
        assert max(reds) <= 19_500
        answers = dict(self.procedure.answers)
        assert answers.pop("red_blinks") in (1, 2)
        assert answers == {k: v for k, v in GOOD_ANSWERS.items() if k != "red_blinks"}


TestNoWayToYes = Person.TestCase
TestNoWayToYes.settings = settings(stateful_step_count=25)


def _tap(after_ms: int, key: str) -> list[Action]:
    return [("time_passes", after_ms), ("taps_key", key)]


GOOD_RUN: list[Action] = [
    ("well_prepared",),
    ("begun",),
    *_tap(300, "start"),
    *_tap(900, "green"),
    *_tap(3_600, "green"),
    *_tap(3_000, "red"),
    ("time_passes", 25_000),
    *(("answers", answer) for answer in GOOD_ANSWERS.values()),
    ("confirms",),
    ("saves", True),
]
OTHER: list[Action] = [
    *(("taps_key", key) for key in KEYS),
    *(("time_passes", ms) for ms in (100, 300, 700, 6_000, 15_000)),
    *(("suspended", ms) for ms in (1_500, 40_000, -500)),
    *(("answers", answer) for answer in ANSWERS),
    *(("ends", ending) for ending in Ending),
    ("doubted",),
    ("back",),
    ("begun",),
    ("confirms",),
    ("saves", True),
    ("saves", False),
    ("looked_up", "suspected", False),
]
EDITS = st.lists(
    st.tuples(
        st.integers(0, len(GOOD_RUN) - 1),
        st.sampled_from(["before", "instead", "without"]),
        st.sampled_from(OTHER),
    ),
    max_size=4,
)


def edited(edits: list[tuple[int, str, Action]]) -> list[Action]:
    run = list(GOOD_RUN)
    for place, how, action in sorted(edits, key=lambda edit: -edit[0]):
        run[place : place + (how != "before")] = [] if how == "without" else [action]
    return run


def live(run: list[Action]) -> Person:
    person = Person()
    for name, *values in run:
        getattr(person, name)(*values)
        person.a_yes_is_borne_out()
    return person


@pytest.mark.parametrize("place", range(len(GOOD_RUN)))
def test_a_good_run_with_any_one_step_changed(place: int) -> None:
    live(edited([(place, "without", OTHER[0])]))
    for action in OTHER:
        live(edited([(place, "before", action)]))
        live(edited([(place, "instead", action)]))


@given(EDITS)
def test_a_good_run_with_some_steps_changed(edits: list[tuple[int, str, Action]]) -> None:
    live(edited(edits))


def test_the_good_run_itself_ends_in_a_yes() -> None:
    assert live(GOOD_RUN).procedure.outcome.exit_code == 0
