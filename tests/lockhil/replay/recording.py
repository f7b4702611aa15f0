"""Random lives of a simulated unit as traces, for replays; it tests nothing itself.

What no trace tells is left out: a hand on the bolt while the motor runs, and one that turns it
no further than it is.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from lockhil.targets import open_target
from lockjudge.trace import Trace

Step = tuple[int, Callable[[Any], None]]


def _send(line: str) -> Callable[[Any], None]:
    return lambda unit: unit.link.send_raw(line.encode() + b"\n")


def _call(method: str) -> Callable[[Any], None]:
    return _send(f'{{"jsonrpc":"2.0","id":7,"method":"{method}"}}')


def _do(verb: str, *args: Any) -> Callable[[Any], None]:
    return lambda unit: getattr(unit.bench, verb)(*args)


def _turn(place: str, ms: int) -> Callable[[Any], None]:
    def turn(unit: Any) -> None:
        """A turn from its beginning to its end, with the motor at rest all the while."""
        mark = unit.bench.mark()
        now = {event.ch: event.v for event in unit.bench.trace().events}
        still = now["motor"] == 0
        ends = {"LOCKED": "unlocked", "UNLOCKED": "locked"}
        unit.bench.thumb_turn(ends.get(now["bolt"], place), ms)
        unit.bench.clock.advance(ms)
        assume(still and not [event for event in unit.bench.since(mark) if event.ch == "motor"])

    return turn


BOUNCES = st.lists(st.integers(1, 20), max_size=4).map(lambda flips: flips[: len(flips) // 2 * 2])
STIMULI = st.one_of(
    st.builds(lambda hold, flips: _do("press", hold, flips), st.integers(0, 5_000), BOUNCES),
    st.sampled_from([_do("hold_button"), _do("release_button")]),
    st.sampled_from(["closed", "open", "unknown"]).map(lambda word: _do("door", word)),
    st.sampled_from(["battery", "external", "unknown"]).map(lambda word: _do("supply", word)),
    st.integers(0, 4_000).map(lambda ms: _do("power_cut", ms)),
    st.sampled_from(["soft", "watchdog", "power", "brown-out"]).map(lambda why: _do("reset", why)),
    st.sampled_from(
        ["unit.hello", "bolt.state", "bolt.lock", "bolt.unlock", "selftest.start", "nope"]
    ).map(_call),
    st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=30).map(_send),
    st.integers(1_000, 3_000).map(lambda length: _send("y" * length)),
    st.builds(
        _turn,
        st.sampled_from(["locked", "unlocked"]),
        st.integers(1, 3_000),
    ),
)
GAPS = st.one_of(st.sampled_from([0, 1, 200, 4_000, 30_000, 60_000]), st.integers(0, 40_000))
LIVES = st.lists(st.tuples(GAPS, STIMULI), max_size=8)
BEGINNINGS = st.fixed_dictionaries(
    {
        "bolt": st.sampled_from(["locked", "between", "unlocked"]),
        "door": st.sampled_from(["closed", "open", "unknown"]),
        "supply": st.sampled_from(["battery", "external", "unknown"]),
    }
)


def record(life: list[Step], beginning: dict[str, str]) -> Trace:
    """What an instrument sees of a unit to which this happens."""
    with open_target("sim", **beginning) as unit:
        for gap_ms, act in life:
            unit.bench.clock.advance(gap_ms)
            act(unit)
        unit.bench.clock.advance(5_000)
        return unit.bench.trace()
