"""A person as the instrument: what else their trace holds, beside taps and answers."""

import pytest

from lockjudge.verdict import judge
from tests.lockjudge.recordings import (
    ALLOWED,
    HOLDS,
    INCONCLUSIVE,
    SUSPECTED,
    UNKNOWN,
    VIOLATED,
    observed,
    outcome,
    spoilt,
    states,
)

# What else the trace holds


@pytest.mark.parametrize("source", ["external", "unknown"])
def test_another_source_of_power_is_unknown(source):
    assert spoilt(observed(extra=[(-9, "power.source", source)])) == {"on the battery": UNKNOWN}
    assert spoilt(observed(extra=[(-9, "power.source", "battery")])) == {}


@pytest.mark.parametrize(
    ("t", "expected"),
    [
        (-501, HOLDS),
        (-500, UNKNOWN),
        (499, UNKNOWN),
        (500, VIOLATED),
        (29_500, VIOLATED),
        (29_501, UNKNOWN),
        (30_500, UNKNOWN),
        (30_501, HOLDS),
    ],
)
def test_a_recorded_reset_counts(t, expected):
    trace = observed(extra=[(t, "reset", "brown-out")])
    assert spoilt(trace) == ({} if expected == HOLDS else {"alive": expected})


def test_a_recorded_loss_of_power_counts():
    lost = [(-4_000, "power", 0), (-600, "power", 1)]
    assert spoilt(observed(extra=lost)) == {}
    assert spoilt(observed(extra=[*lost, (9_000, "power", 0)])) == {"alive": VIOLATED}
    assert spoilt(observed(extra=[(-4_000, "power", 0), (0, "power", 1)])) == {"alive": UNKNOWN}


def test_a_hidden_screen_is_unknown():
    assert spoilt(observed(extra=[(-9, "screen", "visible")])) == {}
    assert spoilt(observed(extra=[(9_000, "screen", "hidden")])) == {"watched": UNKNOWN}


@pytest.mark.parametrize(
    ("t", "u", "expected"),
    [
        (32_000, 10, {}),
        (31_999, 10, {"watched": UNKNOWN}),
        (32_000, 2_000, {}),
        (32_000, 2_001, {"watched": UNKNOWN}),
    ],
)
def test_answers_and_end_come_at_least_32_s_after_start(t, u, expected):
    assert spoilt(observed(answers_at=t, end=t + 5_000, u=u)) == expected
    assert spoilt(observed(answers_at=30_000, end=33_000)) == {"watched": UNKNOWN}


@pytest.mark.parametrize(("end", "expected"), [(32_000, HOLDS), (31_999, UNKNOWN), (None, UNKNOWN)])
def test_the_recording_ends_at_least_32_s_after_start(end, expected):
    good = observed(end=end, answers_at=32_000 if end != 31_999 else 31_999)
    assert states(good)["watched"] == expected


# Beside an instrument


def edges(*, red=True):
    events = [(-9, "button", 0), (-9, "led.green", 0), (-9, "led.red", 0)]
    events += [(200, "button", 1), (300, "led.green", 1), (4_200, "led.green", 0)]
    return events + ([(7_200, "led.red", 1), (7_500, "led.red", 0)] if red else [])


def test_what_an_instrument_saw_beside_the_person_can_only_make_it_worse():
    good = observed(extra=edges())
    assert outcome(good) == ALLOWED
    assert len(judge(good).sequences) == 1
    contradicted = observed(extra=edges(red=False))
    assert outcome(contradicted) == SUSPECTED
    beside = judge(contradicted).sequences[1]
    assert [(row.name, row.state) for row in beside.conditions] == [("red", VIOLATED)]
    assert beside.press_ms == 5_200


def test_an_instrument_cannot_stand_in_for_what_the_person_did_not_tap():
    trace = observed(taps=[], extra=edges())
    assert outcome(trace) == INCONCLUSIVE
    assert judge(trace).sequences == ()
