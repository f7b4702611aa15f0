"""What a trace tells of the world around its unit, and what it doesn't."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.replay.lines import CantReplayError
from lockhil.replay.plan import NothingToReplayError, plan
from lockhil.targets import open_target
from lockjudge.trace import CHANNELS, FORMAT, BadEventError, Event, Trace, check_event

INSTRUMENT = {"format": FORMAT, "observer": "instrument", "t_uncertainty_ms": 0}


def trace(*events: tuple[int, str, Any], **header: Any) -> Trace:
    return Trace({**INSTRUMENT, **header}, [Event(*event) for event in events])


def done(*events: tuple[int, str, Any], **header: Any) -> list[tuple[int, str, Any]]:
    """What is done in a replay of a dark LED and these events."""
    made = plan(trace((0, "led.green", 0), *events, (9_000, "end", None), **header))
    return [(action.t_ms, action.what, action.value) for action in made.actions]


def test_the_first_values_say_how_it_began_and_are_no_stimuli() -> None:
    made = plan(
        trace(
            *((-5, "led.red", 0), (-5, "door", "open"), (-5, "bolt", "UNLOCKED")),
            *((-5, "power.source", "external"), (-5, "button", 0), (-5, "power", 1)),
            (7, "end", None),
            unit="UNIT-9",
            seed=4,
        )
    )
    assert made.actions == []
    assert made.options == {
        "bolt": "unlocked",
        "door": "open",
        "supply": "external",
        "unit_id": "UNIT-9",
        "seed": 4,
    }
    assert (made.start_ms, made.end_ms) == (-5, 7)


def test_changes_are_stimuli_in_their_order() -> None:
    assert done(
        *((0, "door", "open"), (5, "door", "closed"), (5, "button", 1), (5, "rx", "å")),
        (6, "power.source", "unknown"),
    ) == [
        (5, "door", "closed"),
        (5, "button", 1),
        (5, "rx", "å\n".encode()),
        (6, "power.source", "unknown"),
    ]


def test_power_that_returns_resets_by_itself() -> None:
    cut = ((0, "power", 1), (50, "power", 0), (80, "power", 1), (80, "reset", "power"))
    assert done(*cut) == [(50, "power cut", 30)]
    assert done(*cut[:2]) == [(50, "power cut", 8_951)]
    assert done((0, "power", 1), (0, "reset", "power")) == [(0, "reset", "power")]


def test_a_line_that_was_cut_is_sent_at_its_length() -> None:
    [(_, _, data)] = done((1, "rx", "y" * 2048 + " ... and 952 bytes more"))
    assert len(data) == 3_001


def test_a_button_held_from_before_is_pressed_and_that_is_said() -> None:
    made = plan(trace((0, "led.red", 0), (0, "button", 1), (9, "end", None)))
    assert [(action.t_ms, action.what) for action in made.actions] == [(0, "button")]
    assert any("held" in note for note in made.notes)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ((5, "door", "ajar"), "at 5 ms door is 'ajar': expected one of closed, open, unknown"),
        ((0, "bolt", "JAMMED"), "at 0 ms bolt is 'jammed'"),
        ((5, "reset", "cosmic"), "at 5 ms reset is 'cosmic'"),
        ((5, "rx", "\ud800"), "at 5 ms rx is no text"),
        ((5, "rx", "y" * 2048 + " ... and 99999999999 bytes more"), "at 5 ms rx is a line of"),
    ],
)
def test_what_no_bench_can_do_is_named(event: tuple[int, str, Any], told: str) -> None:
    with pytest.raises(CantReplayError) as caught:
        done(event)
    assert told in str(caught.value)


def test_more_than_ten_years_are_too_many() -> None:
    with pytest.raises(CantReplayError, match="ten years"):
        plan(trace((0, "led.red", 0), (2**50, "end", None)))


@pytest.mark.parametrize(
    "events", [[], [(0, "tap", "start"), (5, "end", None)], [(0, "button", 0), (5, "end", None)]]
)
def test_what_shows_nothing_of_a_unit_is_nothing_to_replay(events: Any) -> None:
    with pytest.raises(NothingToReplayError):
        plan(trace(*events))


def test_of_a_units_own_account_only_the_link_counts() -> None:
    made = plan(
        trace(
            *((0, "tx", "x"), (0, "bolt", "JAMMED"), (1, "reset", "soft"), (2, "rx", "y")),
            (9, "end", None),
            observer="unit",
        )
    )
    assert made.channels == ("rx", "tx")
    assert [action.what for action in made.actions] == ["rx"]


@pytest.mark.parametrize(
    ("took", "told"), [(20, "a hand beat the motor"), (900, "something had stopped the motor")]
)
def test_a_hand_against_the_motor_is_named(took: int, told: str) -> None:
    with open_target("sim", bolt="unlocked") as unit:
        unit.link.begin("bolt.lock")
        unit.bench.clock.advance(300)
        unit.bench.thumb_turn("unlocked", took)
        unit.bench.clock.advance(3_000)
        made = plan(unit.bench.trace())
    assert any(told in note for note in made.notes)


def test_the_motor_may_bring_the_bolt_home_a_little_after_it_stopped() -> None:
    events = (
        *((0, "motor", 0), (0, "bolt", "UNLOCKED"), (10, "motor", 1), (90, "bolt", "BETWEEN")),
        *((600, "motor", 0), (604, "bolt", "LOCKED"), (999, "end", None)),
    )
    assert plan(trace(*events, t_uncertainty_ms=5)).hand == []
    assert [edge.t_ms for edge in plan(trace(*events, t_uncertainty_ms=3)).hand] == [604]


WORDS = st.sampled_from(["locked", "LOCKED", "BETWEEN", "open", "soft", "power", "battery", "{}"])
VALUES = (
    st.integers(-1, 1)
    | WORDS
    | st.just("\ud800")
    | st.text(max_size=5)
    | st.none()
    | st.just({"a": 1})
)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(sorted(CHANNELS)), VALUES), max_size=25),
    st.sampled_from(["instrument", "unit", "person", 7]),
)
def test_any_trace_is_planned_or_refused(raw: list[tuple[int, str, Any]], observer: object) -> None:
    events: list[Event] = []
    t_ms = 0
    for gap, ch, v in raw:
        t_ms += gap
        try:
            previous = events[-1] if events else None
            events.append(check_event({"t_ms": t_ms, "ch": ch, "v": v}, previous))
        except BadEventError:
            continue
    try:
        made = plan(Trace({**INSTRUMENT, "observer": observer}, events))
    except (CantReplayError, NothingToReplayError):
        return
    assert all(action.t_ms >= made.start_ms for action in made.actions)
