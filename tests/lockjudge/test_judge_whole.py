"""What stands over the single conditions: observer, doubts, broken traces, worst of several."""

import pytest

from lockjudge.trace import Defect, format_trace, parse_trace
from lockjudge.verdict import judge
from tests.lockjudge.recordings import (
    ALLOWED,
    GOOD_GREEN,
    GOOD_RED,
    INCONCLUSIVE,
    SUSPECTED,
    observed,
    outcome,
    recorded,
    spoilt,
)

LATER = 40_000


def shifted(pulses, by=LATER):
    return tuple((on + by, off + by) for on, off in pulses)


def two(*, first_red=GOOD_RED, second_red=GOOD_RED, **more):
    return recorded(
        button=((0, 150), (LATER, LATER + 150)),
        green=(*GOOD_GREEN, *shifted(GOOD_GREEN)),
        red=(*first_red, *shifted(second_red)),
        end=more.pop("end", 2 * LATER),
        **more,
    )


# The observer


@pytest.mark.parametrize("observer", ["unit", "absent", None, "Instrument", "", 7, [], {}])
def test_who_is_neither_instrument_nor_person_is_at_best_inconclusive(observer):
    assert outcome(recorded(observer=observer)) == INCONCLUSIVE
    assert spoilt(recorded(observer=observer)) == {}
    assert outcome(recorded(observer=observer, red=())) == SUSPECTED


def test_why_an_observer_is_doubted():
    assert judge(recorded(observer="unit")).doubts == (
        "the unit's own word can only make a verdict worse",
    )
    assert judge(recorded(observer="absent")).doubts == ("the trace doesn't say who observed",)


@pytest.mark.parametrize("u", ["absent", None, -1, True, False, "0", 0.0, 1.5, [], {}])
def test_an_uncertainty_that_is_no_count_of_ms_is_at_best_inconclusive(u):
    for trace, bad in (
        (recorded(u=u), recorded(u=u, red=())),
        (observed(u=u), observed(u=u, dark_before="no")),
    ):
        assert outcome(trace) == INCONCLUSIVE
        assert judge(trace).doubts == (
            "the trace doesn't say how sure its times are (t_uncertainty_ms)",
        )
        assert outcome(bad) == SUSPECTED


def test_the_same_events_are_judged_as_their_observer_says():
    assert outcome(recorded(observer="person")) == INCONCLUSIVE
    assert outcome(observed()) == ALLOWED
    as_instrument = observed()
    as_instrument.header["observer"] = "instrument"
    assert outcome(as_instrument) == INCONCLUSIVE


def test_without_an_uncertainty_the_times_are_taken_as_they_stand():
    assert outcome(recorded(u="absent", green=((1_001, 4_000),))) == SUSPECTED
    assert outcome(recorded(u=-1, red=((7_000, 8_001),))) == SUSPECTED


# Doubts of the caller's


def test_a_doubt_keeps_it_from_being_a_yes_and_no_violation_from_standing():
    assert outcome(recorded(), ["another label"]) == INCONCLUSIVE
    assert judge(recorded(), ["another label"]).doubts == ("another label",)
    assert outcome(recorded(red=()), ["another label"]) == SUSPECTED
    assert judge(recorded()).doubts == ()


# No press


def test_a_value_that_is_recorded_again_hides_nothing_after_it():
    again = [(-100, "led.red", 0), (50, "power.source", "battery"), (50, "button", 1)]
    again += [(2_000, "led.green", 1), (7_100, "led.red", 1), (9_000, "led.red", 0)]
    assert outcome(recorded(extra=again)) == ALLOWED
    plugged = [*again, (60, "power.source", "external")]
    assert spoilt(recorded(extra=plugged)) == {"on the battery": "unknown"}


def test_a_trace_without_a_press_is_inconclusive():
    assert judge(recorded(button=(), green=(), red=())).doubts == (
        "there is no press in the trace",
    )
    assert outcome(recorded(button=(), green=(), red=())) == INCONCLUSIVE
    assert outcome(recorded(first=(), button=(), green=(), red=(), end=None)) == INCONCLUSIVE
    header_only = parse_trace(b'{"format": "lockrig-trace/1"}')
    assert outcome(header_only) == INCONCLUSIVE


def test_why_a_held_button_is_doubted():
    first = [(-5_000, "button", 1), (-5_000, "led.green", 0), (-5_000, "led.red", 0)]
    assert judge(recorded(first=first, before=[(-99, "button", 0)])).doubts == (
        "the button was held already when the trace began",
    )


# Several sequences


def test_the_worst_of_several_sequences_counts():
    assert outcome(two()) == ALLOWED
    assert len(judge(two()).sequences) == 2
    assert outcome(two(second_red=())) == SUSPECTED
    assert outcome(two(first_red=())) == SUSPECTED
    assert outcome(two(extra=[(LATER + 9, "power.source", "external")])) == INCONCLUSIVE
    assert outcome(two(end=LATER + 29_999)) == INCONCLUSIVE
    assert [s.press_ms for s in judge(two()).sequences] == [5_000, 5_000 + LATER]


def test_many_sequences_count_from_their_own_press():
    trace = recorded(
        button=tuple((k * 40_000, k * 40_000 + 150) for k in range(5)),
        green=tuple((k * 40_000 + 100, k * 40_000 + 4_000) for k in range(5)),
        red=tuple((k * 40_000 + 7_000, k * 40_000 + 7_300) for k in range(5)),
        end=200_000,
    )
    assert outcome(trace) == ALLOWED
    assert len(judge(trace).sequences) == 5


def test_a_press_within_the_window_starts_none_and_the_next_after_it_does():
    presses = ((0, 150), (20_000, 20_150), (40_000, 40_150))
    trace = recorded(button=presses, end=80_000)
    assert [s.press_ms for s in judge(trace).sequences] == [5_000, 45_000]


# Broken traces


def lines(trace):
    return list(format_trace(trace.header, trace.events))


BROKEN = [
    "{",
    "",
    "null",
    '{"t_ms":-1,"ch":"led.red","v":1}',
    '{"t_ms":9999999,"ch":"reeset","v":""}',
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_or_misordered_line_leaves_what_follows_unseen(broken):
    good = lines(recorded())
    assert outcome(parse_trace("\n".join(good).encode())) == ALLOWED
    for at in range(2, len(good) + 1):
        text = "\n".join([*good[:at], broken, *good[at:], "{"])
        trace = parse_trace(text.encode())
        assert trace.defect is not None
        assert trace.defect.line == at + 1
        assert outcome(trace) == INCONCLUSIVE


def test_an_earlier_violation_stands():
    bad = lines(recorded(red=((7_000, 8_001),)))
    whole = "\n".join([*bad, "{"])
    assert outcome(parse_trace(whole.encode())) == SUSPECTED
    up_to_red = "\n".join([*bad[:-1], "{", bad[-1]])
    assert outcome(parse_trace(up_to_red.encode())) == SUSPECTED


def test_why_a_broken_trace_is_doubted():
    trace = recorded()
    broken = type(trace)(trace.header, trace.events, Defect(7, "no JSON"))
    assert judge(broken).doubts == ("nothing after line 7 counts: no JSON",)
    assert outcome(broken) == INCONCLUSIVE


def test_all_doubts_are_told():
    trace = recorded(observer="unit", u=-1, button=())
    broken = type(trace)(trace.header, trace.events, Defect(7, "no JSON"))
    assert len(judge(broken, ["mine"]).doubts) == 5
