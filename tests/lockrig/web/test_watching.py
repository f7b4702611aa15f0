"""What a page says while it watches: nothing of it ends in a yes that no honest sequence bears out.

No browser here: a made-up page with a clock of its own, a network that delays, and a person.
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockrig.diagnose.keeping import Keeping
from lockrig.diagnose.procedure import Procedure, Step
from lockrig.web.watching import MOST_TAPS, NonsenseError, Watching
from tests.lockrig.diagnose.people import GOOD_ANSWERS

BEAT_MS = 100
GOOD = ((0, "start"), (1_100, "green"), (4_600, "green"), (7_700, "red"))
END_MS = 33_000


class Made:
    """A page: its clock shows the server's time plus `ahead_ms`; messages take `there`, `back`."""

    def __init__(
        self, folder, *, ahead_ms: int = 5_000, there_ms: int = 5, back_ms: int = 5
    ) -> None:
        self.now_ms = 1_000_000
        self.ahead_ms, self.there_ms, self.back_ms = ahead_ms, there_ms, back_ms
        self.procedure = Procedure()
        self.keeping = Keeping(self.procedure, folder)
        for label in ("abc-1", "ABC-1"):
            self.procedure.text(label)
        self.keeping.step()
        for answer in ("yes", "no", "yes"):
            self.keeping.answer(answer)
        self.procedure.ready()
        self.keeping.step()
        self.watching = Watching(self.procedure, self.keeping, None)
        self.hung_up = False

    def page_ms(self) -> int:
        return max(0, self.now_ms + self.ahead_ms)

    def say(self, message: dict, page_ms: int | None = None, *, late_ms: int = 0) -> None:
        """It is said now and heard after its way back; `late_ms` longer is out of order."""
        if self.hung_up:
            return
        timed = {"t": self.page_ms() if page_ms is None else page_ms}
        if message["is"] in ("hidden", "press"):
            timed = {}
        try:
            self.watching.said(json.dumps(message | timed), self.now_ms + self.back_ms + late_ms)
        except NonsenseError:
            self.hang_up()

    def hang_up(self) -> None:
        self.hung_up = True
        self.watching.lost(self.now_ms)

    def comes_back(self) -> None:
        if not self.hung_up:
            self.watching.lost(self.now_ms)
        self.hung_up = False
        self.watching = Watching(self.procedure, self.keeping, None)

    def beat(self) -> None:
        if self.hung_up:
            return
        told = self.watching.beat(self.now_ms)
        self.now_ms += self.there_ms
        self.say({"is": "beat", "n": told["n"]})
        self.now_ms += self.back_ms

    def spend(self, ms: int) -> None:
        until = self.now_ms + ms
        while self.now_ms < until:
            self.beat()
            self.now_ms = max(self.now_ms, min(until, self.now_ms + BEAT_MS))

    def tap(self, key: str) -> None:
        self.say({"is": "tap", "key": key})

    def watched(self, taps=GOOD, events=()) -> "Made":
        """The taps and, in between, each of `events`: (ms, what is done then)."""
        self.spend(1_000)
        begun = self.now_ms
        plan = [(ms, 1, lambda key=key: self.tap(key)) for ms, key in taps]
        plan += [(ms, 0, act) for ms, act in events]
        for ms, _order, act in sorted(plan, key=lambda each: each[:2]):
            self.spend(begun + ms - self.now_ms)
            act()
        self.spend(begun + END_MS - self.now_ms)
        return self

    def judged(self, **other: object) -> int:
        for answer in {**GOOD_ANSWERS, **other}.values():
            self.keeping.answer(answer)
        self.keeping.confirm(self.now_ms + 10_000)
        while self.keeping.step():
            pass
        self.keeping.close()
        return int(self.procedure.outcome.exit_code)

    def uncertainty_ms(self) -> int:
        return self.procedure.outcome.trace.header["t_uncertainty_ms"]


def test_an_honest_sequence_is_a_yes(tmp_path) -> None:
    made = Made(tmp_path).watched()
    assert made.judged() == 0
    assert made.uncertainty_ms() < 300


@pytest.mark.parametrize("ahead_ms", [-999_000, 0, 10**9])
def test_where_the_pages_clock_begins_doesnt_matter(tmp_path, ahead_ms: int) -> None:
    assert Made(tmp_path, ahead_ms=ahead_ms).watched().judged() == 0


def test_a_slow_network_is_uncertainty(tmp_path) -> None:
    made = Made(tmp_path, there_ms=150, back_ms=150).watched()
    assert made.judged() == 0
    assert 300 < made.uncertainty_ms() < 900


def test_a_network_that_is_too_slow_leaves_it_unknown(tmp_path) -> None:
    assert Made(tmp_path, there_ms=600, back_ms=600).watched().judged() == 4


def jump(made: Made, by_ms: int):
    def act() -> None:
        made.ahead_ms += by_ms

    return act


@pytest.mark.parametrize("by_ms", [-40_000, -2_000, 2_000, 40_000])
def test_a_clock_that_jumps_leaves_it_unknown(tmp_path, by_ms: int) -> None:
    made = Made(tmp_path)
    assert made.watched(events=[(6_000, jump(made, by_ms))]).judged() == 4


def test_a_page_that_sleeps_with_its_clock_leaves_it_unknown(tmp_path) -> None:
    made = Made(tmp_path)

    def sleep() -> None:
        made.now_ms += 20_000
        made.ahead_ms -= 20_000

    assert made.watched(events=[(6_000, sleep)]).judged() == 4


def test_a_page_that_stands_still_for_a_second_leaves_it_unknown(tmp_path) -> None:
    made = Made(tmp_path)

    def stand() -> None:
        made.now_ms += 1_200

    assert made.watched(events=[(6_000, stand)]).judged() == 4


def test_half_a_second_is_uncertainty(tmp_path) -> None:
    made = Made(tmp_path)

    def stand() -> None:
        made.now_ms += 500

    assert made.watched(events=[(6_000, stand)]).judged() == 0
    assert made.uncertainty_ms() >= 500


@pytest.mark.parametrize("at_ms", [100, 2_000, 12_000, 31_500])
def test_whatever_hides_the_page_leaves_it_unknown(tmp_path, at_ms: int) -> None:
    for number, name in enumerate(("hang_up", "comes_back", "hidden", "nonsense")):
        made = Made(tmp_path / str(number))

        def act(made=made, name=name) -> None:
            if name == "hidden":
                made.say({"is": "hidden"})
            elif name == "nonsense":
                made.say({"is": "yes"})
                made.comes_back()
            else:
                getattr(made, name)()
                made.comes_back()

        assert made.watched(events=[(at_ms, act)]).judged() == 4, name


def test_before_start_nothing_is_lost_by_hiding_or_coming_back(tmp_path) -> None:
    made = Made(tmp_path)
    made.spend(500)
    made.say({"is": "hidden"})
    made.comes_back()
    made.ahead_ms += 70_000
    made.tap("green")
    assert made.procedure.step is Step.START
    assert made.watched().judged() == 0


def test_a_page_cant_run_ahead_through_the_watch(tmp_path) -> None:
    made = Made(tmp_path)
    made.spend(1_000)
    made.tap("start")
    for _ in range(700):
        made.ahead_ms += 50
        made.beat()
    assert made.procedure.step is Step.WATCH
    made.spend(END_MS)
    assert made.judged() == 4


def test_a_tap_that_comes_late_leaves_it_unknown(tmp_path) -> None:
    made = Made(tmp_path)

    def late() -> None:
        made.say({"is": "tap", "key": "green"}, made.page_ms() - 4_000)

    taps = (GOOD[0], GOOD[1], GOOD[3])
    assert made.watched(taps, [(7_000, late)]).judged() == 4


def test_a_flood_of_taps_is_hung_up_on(tmp_path) -> None:
    made = Made(tmp_path)
    made.spend(1_000)
    made.tap("start")
    for _ in range(2 * MOST_TAPS):
        made.tap("red")
    assert made.hung_up
    made.comes_back()
    made.spend(END_MS)
    assert len(made.procedure._watch.events) < 2 * MOST_TAPS


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_nonsense_is_a_reason_to_hang_up_and_nothing_else(tmp_path_factory, message: bytes) -> None:
    watching = Watching(Procedure(), Keeping(Procedure(), tmp_path_factory.getbasetemp()), None)
    with pytest.raises(NonsenseError):
        watching.said(message, 1)


@pytest.mark.parametrize(
    "message",
    [
        {"is": "beat", "n": 99, "t": 1},
        {"is": "beat", "n": 1, "t": -1},
        {"is": "beat", "n": 1, "t": 1e300},
        {"is": "tap", "key": "green"},
        {"is": "tap", "key": "green", "t": "1"},
        {"is": "tap", "key": "yes", "t": 1},
        {"is": "tap", "key": "green", "t": 1, "more": 1},
        {"is": "hidden", "t": 1},
        [],
        {},
        "beat",
        None,
    ],
)
def test_what_no_page_of_ours_says_is_nonsense(tmp_path, message: object) -> None:
    made = Made(tmp_path)
    with pytest.raises(NonsenseError):
        made.watching.said(json.dumps(message), made.now_ms)


ACTS = (
    *(("tap", key) for key in ("start", "green", "red", "undo")),
    *(("spend", ms) for ms in (50, 300, 700, 3_000, 12_000, 33_000)),
    *(("jump", ms) for ms in (-30_000, -700, 700, 3_000, 30_000)),
    *(("stand", ms) for ms in (300, 900, 1_500, 40_000)),
    *(("delay", ms) for ms in (1, 200, 700, 3_000)),
    ("hidden", 0),
    ("comes_back", 0),
    ("nonsense", 0),
    ("backdated", 3_000),
)
HONEST = [("spend", 1_000), ("tap", "start"), ("spend", 1_100), ("tap", "green"), ("spend", 3_500)]
HONEST += [("tap", "green"), ("spend", 3_100), ("tap", "red"), ("spend", 26_000)]
EDITS = st.lists(
    st.tuples(
        st.integers(0, len(HONEST) - 1),
        st.sampled_from(["before", "instead", "without"]),
        st.sampled_from(ACTS),
    ),
    max_size=4,
)


class Book:
    """What really happened, by the server's clock, and whether anything casts a doubt on it."""

    def __init__(self, folder) -> None:
        self.made = Made(folder)
        self.taps: list[tuple[int, str]] = []
        self.doubt = False

    @property
    def watch(self) -> bool:
        return self.made.procedure.step is Step.WATCH

    def tap(self, key: str) -> None:
        if self.made.procedure.step in (Step.START, Step.WATCH) and (self.watch or key == "start"):
            self.taps.append((self.made.now_ms, key))
        self.made.tap(key)

    def spend(self, ms: int) -> None:
        self.made.spend(ms)

    def jump(self, ms: int) -> None:
        self.doubt |= self.watch and abs(ms) > 1_000
        self.made.ahead_ms += ms

    def stand(self, ms: int) -> None:
        self.doubt |= self.watch and ms > 1_000
        self.made.now_ms += ms

    def delay(self, ms: int) -> None:
        # The way back alone: what is said now is heard that much later.
        self.made.back_ms = ms

    def hidden(self, _: int) -> None:
        self.doubt |= self.watch
        self.made.say({"is": "hidden"})

    def comes_back(self, _: int) -> None:
        self.doubt |= self.watch
        self.made.comes_back()

    def nonsense(self, _: int) -> None:
        self.doubt |= self.watch
        self.made.say({"is": "nonsense"})
        self.made.comes_back()

    def backdated(self, ms: int) -> None:
        self.doubt |= self.watch
        self.made.say({"is": "tap", "key": "green"}, max(0, self.made.page_ms() - ms))


@given(EDITS)
def test_no_page_gets_a_yes_that_no_honest_sequence_bears_out(tmp_path_factory, edits) -> None:
    run = list(HONEST)
    for place, how, act in sorted(edits, key=lambda edit: -edit[0]):
        run[place : place + (how != "before")] = [] if how == "without" else [act]
    book = Book(tmp_path_factory.mktemp("records"))
    for name, value in run:
        getattr(book, name)(value)
    book.spend(100)
    if book.made.judged() != 0:
        return
    assert not book.doubt
    begun = book.taps[0][0]
    taps = [(t - begun, key) for t, key in book.taps if t - begun < 32_000 and key != "start"]
    assert [key for _, key in taps] == ["green", "green", "red"]
    times = [t for t, _ in taps]
    assert times[1] <= 10_000
    assert times[2] <= 20_000
