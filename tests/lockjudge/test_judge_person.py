"""A person as the instrument: every answer, every tap, and the faults of a hand."""

import pytest

from lockjudge.verdict import judge
from tests.lockjudge.recordings import (
    ALLOWED,
    CONDITIONS,
    GOOD_ANSWERS,
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

WORDS = ("dark_before", "green_at_once", "red_while_green", "red_short")
CARE = ("watched_to_end", "nothing_plugged_in")
ROW = {
    "dark_before": "dark before",
    "green_at_once": "now",
    "red_while_green": "red",
    "red_short": "red",
    "red_blinks": "red",
    "watched_to_end": "watched",
    "nothing_plugged_in": "on the battery",
}


def test_a_good_pack_holds_every_condition_in_the_tables_order():
    assert list(states(observed()).items()) == [(name, HOLDS) for name in CONDITIONS]
    assert outcome(observed()) == ALLOWED
    assert outcome(observed(reds=(7_600, 9_300))) == ALLOWED
    assert judge(observed()).sequences[0].press_ms == 5_000


# The answers


@pytest.mark.parametrize("key", GOOD_ANSWERS)
@pytest.mark.parametrize("answer", ["unsure", None, "", "YES", True, 1.0, [], {}, -1, 3])
def test_an_answer_that_is_none_of_the_choices_is_unknown(key, answer):
    assert spoilt(observed(**{key: answer})) == {ROW[key]: UNKNOWN}
    assert outcome(observed(**{key: answer})) == INCONCLUSIVE


@pytest.mark.parametrize("key", GOOD_ANSWERS)
def test_a_missing_answer_is_unknown(key):
    answers = {k: v for k, v in GOOD_ANSWERS.items() if k != key}
    assert spoilt(observed(answers=answers)) == {ROW[key]: UNKNOWN}


@pytest.mark.parametrize("key", [*WORDS, *CARE])
def test_a_contrary_answer_is_violated_unless_it_only_says_that_too_little_is_known(key):
    contrary = "yes" if GOOD_ANSWERS[key] == "no" else "no"
    expected = UNKNOWN if key in CARE else VIOLATED
    assert spoilt(observed(**{key: contrary})) == {ROW[key]: expected}
    assert outcome(observed(**{key: contrary})) == (
        INCONCLUSIVE if expected == UNKNOWN else SUSPECTED
    )


@pytest.mark.parametrize("taps", [(), (7_600,), (7_600, 9_300), (7_600, 9_300, 11_000)])
@pytest.mark.parametrize("count", [0, "more"])
def test_none_and_more_are_violated_whatever_the_taps(count, taps):
    assert spoilt(observed(reds=taps, red_blinks=count)) == {"red": VIOLATED}


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("taps", [(), (7_600,), (7_600, 9_300), (7_600, 9_300, 11_000)])
def test_the_count_must_be_the_number_of_red_taps(count, taps):
    expected = {} if count == len(taps) else {"red": UNKNOWN}
    assert spoilt(observed(reds=taps, red_blinks=count)) == expected


def test_a_count_must_be_an_integer():
    assert spoilt(observed(red_blinks=True)) == {"red": UNKNOWN}
    assert spoilt(observed(red_blinks=False)) == {"red": UNKNOWN}
    assert spoilt(observed(reds=(), red_blinks=0.0)) == {"red": UNKNOWN}


def test_two_sets_of_answers_are_none():
    trace = observed(extra=[(31_999, "answers", GOOD_ANSWERS)])
    assert set(spoilt(trace).values()) == {UNKNOWN}
    assert {"dark before", "now", "red"} < set(spoilt(trace))


def test_no_answers_are_unknown():
    good = observed()
    events = [event for event in good.events if event.ch != "answers"]
    trace = type(good)(good.header, events)
    assert set(spoilt(trace)) == {"dark before", "now", "red", "on the battery", "watched"}
    assert outcome(trace) == INCONCLUSIVE


# The taps


@pytest.mark.parametrize(("t", "expected"), [(500, {}), (499, {"now": UNKNOWN})])
def test_green_sooner_than_a_hand_can_be_is_unknown(t, expected):
    assert spoilt(observed(green_on=t)) == expected


@pytest.mark.parametrize(
    ("t", "u", "expected"),
    [
        (9_500, 0, HOLDS),
        (9_500, 500, HOLDS),
        (9_501, 0, UNKNOWN),
        (10_500, 0, UNKNOWN),
        (10_501, 0, VIOLATED),
        (9_400, 600, HOLDS),
        (9_401, 600, UNKNOWN),
        (10_600, 600, UNKNOWN),
        (10_601, 600, VIOLATED),
    ],
)
def test_green_off_within_10_s(t, u, expected):
    trace = observed(green_off=t, reds=(12_000,), u=u)
    assert spoilt(trace) == ({} if expected == HOLDS else {"green": expected})


@pytest.mark.parametrize(
    ("t", "u", "expected"),
    [
        (19_500, 0, HOLDS),
        (19_501, 0, UNKNOWN),
        (20_500, 0, UNKNOWN),
        (20_501, 0, VIOLATED),
        (19_400, 600, HOLDS),
        (19_401, 600, UNKNOWN),
        (20_600, 600, UNKNOWN),
        (20_601, 600, VIOLATED),
    ],
)
@pytest.mark.parametrize("others", [(), (7_600,)])
def test_each_red_within_20_s(t, u, expected, others):
    trace = observed(reds=(*others, t), u=u)
    assert spoilt(trace) == ({} if expected == HOLDS else {"red": expected})


@pytest.mark.parametrize(
    ("off", "expected"),
    [(901, HOLDS), (900, UNKNOWN), (899, UNKNOWN)],
)
def test_green_off_is_tapped_after_green_on_however_soon(off, expected):
    trace = observed(green_off=off)
    assert states(trace)["green"] == expected


@pytest.mark.parametrize(
    ("gap", "u", "expected"),
    [
        (1, 10, HOLDS),
        (0, 10, UNKNOWN),
        (-1_000, 10, UNKNOWN),
        (-1_001, 10, VIOLATED),
        (-1_200, 600, UNKNOWN),
        (-1_201, 600, VIOLATED),
    ],
)
def test_taps_in_the_wrong_order_are_violated_once_no_slow_hand_explains_it(gap, u, expected):
    green = observed(green_on=3_000, green_off=3_000 + gap, u=u)
    assert states(green)["green"] == expected
    red = observed(reds=(4_600 + gap,), u=u)
    assert spoilt(red) == ({} if expected == HOLDS else {"red": expected})
    second = observed(reds=(9_000, 4_600 + gap), u=u)
    assert spoilt(second) == ({} if expected == HOLDS else {"red": expected})


@pytest.mark.parametrize("missing", ["green_on", "green_off"])
def test_a_missed_green_tap_is_unknown(missing):
    taps = [(0, "start"), (900, "green_on"), (4_600, "green_off"), (7_600, "red")]
    trace = observed(taps=[tap for tap in taps if tap[1] != missing], red_blinks=1)
    assert spoilt(trace) == {"green": UNKNOWN}


def test_a_second_green_is_violated_a_second_green_off_unknown():
    base = [(0, "start"), (900, "green_on"), (4_600, "green_off"), (7_600, "red")]
    assert spoilt(observed(taps=[*base, (12_000, "green_on")], red_blinks=1)) == {
        "nothing else": VIOLATED
    }
    assert spoilt(observed(taps=[*base, (12_000, "green_off")], red_blinks=1)) == {
        "nothing else": UNKNOWN
    }


def test_a_second_start_is_unknown():
    assert spoilt(observed(extra=[(401, "tap", "start")])) == {"one press": UNKNOWN}


def test_a_light_tapped_before_start_is_unknown():
    early = observed(extra=[(-1_000, "tap", "red")], red_blinks=2)
    assert states(early)["one press"] == UNKNOWN
    same_time = [(0, "red"), (0, "start"), (900, "green_on"), (4_600, "green_off"), (7_600, "red")]
    assert states(observed(taps=same_time, red_blinks=2))["one press"] == UNKNOWN


def test_without_a_start_there_is_nothing_to_judge():
    trace = observed(taps=[(900, "green_on"), (4_600, "green_off"), (7_600, "red")], red_blinks=1)
    assert outcome(trace) == INCONCLUSIVE
    assert judge(trace).sequences == ()
    assert judge(trace).doubts == ("there is no press in the trace",)


def test_an_undone_tap_is_unknown():
    assert spoilt(observed(extra=[(10_000, "tap", "undo")])) == {"watched": UNKNOWN}


def test_a_tap_after_the_answers_is_unknown():
    trace = observed(extra=[(32_001, "tap", "red")], end=33_000, red_blinks=2)
    assert states(trace)["watched"] == UNKNOWN


# A finger's double taps


@pytest.mark.parametrize(("gap", "one"), [(1, True), (400, True), (401, False)])
def test_taps_of_one_word_within_400_ms_are_one(gap, one):
    start = observed(extra=[(gap, "tap", "start")])
    assert spoilt(start) == ({} if one else {"one press": UNKNOWN})
    green_on = observed(extra=[(900 + gap, "tap", "green_on")])
    assert spoilt(green_on) == ({} if one else {"nothing else": VIOLATED})
    green_off = observed(extra=[(4_600 + gap, "tap", "green_off")])
    assert spoilt(green_off) == ({} if one else {"nothing else": UNKNOWN})
    red = observed(extra=[(7_600 + gap, "tap", "red")], red_blinks=1)
    assert spoilt(red) == ({} if one else {"red": UNKNOWN})
    red = observed(extra=[(7_600 + gap, "tap", "red")], red_blinks=2)
    assert spoilt(red) == ({"red": UNKNOWN} if one else {})


def test_of_start_the_first_counts_of_the_others_the_last():
    assert spoilt(observed(green_on=499, extra=[(300, "tap", "start")])) == {"now": UNKNOWN}
    assert spoilt(observed(green_on=850, extra=[(400, "tap", "start")])) == {}
    assert spoilt(observed(green_on=450, extra=[(500, "tap", "green_on")])) == {}
    assert spoilt(
        observed(green_off=9_400, reds=(12_000,), extra=[(9_501, "tap", "green_off")])
    ) == {"green": UNKNOWN}
    assert spoilt(observed(reds=(19_400,), extra=[(19_501, "tap", "red")], red_blinks=1)) == {
        "red": UNKNOWN
    }


def test_three_starts_within_400_ms_of_each_other_are_two():
    """The first counts, and the third comes more than 400 ms after it."""
    trace = observed(extra=[(300, "tap", "start"), (600, "tap", "start")])
    assert spoilt(trace) == {"one press": UNKNOWN}


def test_taps_with_another_word_between_them_are_two():
    trace = observed(extra=[(7_700, "tap", "green_off"), (7_800, "tap", "red")], red_blinks=1)
    assert states(trace)["red"] == UNKNOWN
    assert states(trace)["nothing else"] == UNKNOWN
