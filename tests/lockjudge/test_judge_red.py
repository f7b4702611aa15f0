"""An instrument's sequence from red on, each row of the table at its limits."""

import pytest

from tests.lockjudge.recordings import (
    HOLDS,
    UNKNOWN,
    VIOLATED,
    recorded,
    spoilt,
    states,
    without,
)

# red


@pytest.mark.parametrize(
    ("length", "u", "expected"),
    [
        (49, 0, VIOLATED),
        (50, 0, HOLDS),
        (1_000, 0, HOLDS),
        (1_001, 0, VIOLATED),
        (29, 10, VIOLATED),
        (30, 10, UNKNOWN),
        (69, 10, UNKNOWN),
        (70, 10, HOLDS),
        (980, 10, HOLDS),
        (981, 10, UNKNOWN),
        (1_020, 10, UNKNOWN),
        (1_021, 10, VIOLATED),
    ],
)
@pytest.mark.parametrize("others", [(), ((5_000, 5_300),)])
def test_each_red_blink_is_brief(length, u, expected, others):
    red = [*others, (7_000, 7_000 + length)]
    trace = recorded(red=red, u=u, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"red": expected})


@pytest.mark.parametrize(
    ("off", "u", "expected"),
    [
        (20_000, 0, HOLDS),
        (20_001, 0, VIOLATED),
        (19_990, 10, HOLDS),
        (19_991, 10, UNKNOWN),
        (20_010, 10, UNKNOWN),
        (20_011, 10, VIOLATED),
    ],
)
@pytest.mark.parametrize("others", [(), ((5_000, 5_300),)])
def test_each_red_blink_is_over_in_time(off, u, expected, others):
    red = [*others, (off - 300, off)]
    trace = recorded(red=red, u=u, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"red": expected})


@pytest.mark.parametrize(
    ("gap", "u", "expected"),
    [
        (0, 0, HOLDS),
        (-1, 0, VIOLATED),
        (20, 10, HOLDS),
        (19, 10, UNKNOWN),
        (0, 10, UNKNOWN),
        (-20, 10, UNKNOWN),
        (-21, 10, VIOLATED),
    ],
)
def test_red_comes_after_green_went_off(gap, u, expected):
    trace = recorded(red=((4_000 + gap, 4_300 + gap),), u=u, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"red": expected})


def test_at_equal_times_the_files_order_says_which_light_was_first():
    red = [(4_000, "led.red", 1), (4_300, "led.red", 0)]
    assert spoilt(recorded(red=(), extra=red)) == {}
    assert spoilt(recorded(red=(), before=red)) == {"red": VIOLATED}


def test_red_before_green_is_not_after_it():
    trace = recorded(green=((600, 4_000),), red=((100, 400),))
    assert spoilt(trace) == {"red": VIOLATED}


def test_red_while_green_stays_on_cannot_come_after_it():
    seen = states(recorded(green=((100, None),), end=9_000, red=((7_000, 7_300),)))
    assert (seen["green"], seen["red"]) == (UNKNOWN, VIOLATED)


@pytest.mark.parametrize(
    ("until", "u", "expected"),
    [(7_000, 0, UNKNOWN), (7_001, 0, VIOLATED), (7_020, 10, UNKNOWN), (7_021, 10, VIOLATED)],
)
def test_red_came_before_green_if_green_was_on_later(until, u, expected):
    trace = recorded(green=((100, None),), red=((7_000, None),), end=until, u=u)
    assert states(trace)["red"] == expected


def test_red_without_any_green_is_violated_if_green_was_watched():
    assert states(recorded(green=()))["red"] == VIOLATED
    unwatched = recorded(green=(), first=without("led.green"))
    assert states(unwatched)["red"] == UNKNOWN


def test_no_red_is_violated():
    assert spoilt(recorded(red=())) == {"red": VIOLATED}


@pytest.mark.parametrize(
    ("until", "u", "expected"),
    [
        (20_000, 0, UNKNOWN),
        (20_001, 0, VIOLATED),
        (20_010, 10, UNKNOWN),
        (20_011, 10, VIOLATED),
    ],
)
def test_a_red_that_didnt_come_is_missed_once_its_time_is_over(until, u, expected):
    assert states(recorded(red=(), end=until, u=u))["red"] == expected


def test_three_blinks_are_one_too_many():
    red = ((7_000, 7_300), (8_800, 9_100), (10_600, 10_900))
    assert spoilt(recorded(red=red)) == {"red": VIOLATED}


def test_a_third_blink_that_may_lie_outside_the_window_is_unknown():
    """With so large an uncertainty nothing else is known either: it must not be called violated."""
    red = ((7_000, 7_300), (8_800, 9_100), (25_000, 25_300))
    assert states(recorded(red=red, u=6_000, end=40_000))["red"] == UNKNOWN


@pytest.mark.parametrize(
    ("until", "expected"), [(7_999, UNKNOWN), (8_000, UNKNOWN), (8_001, VIOLATED)]
)
def test_red_that_stays_on_is_violated_once_it_was_on_too_long(until, expected):
    trace = recorded(red=((7_000, None),), end=until)
    assert states(trace)["red"] == expected


def test_red_that_stays_on_past_its_time_is_violated():
    seen = states(recorded(red=((19_500, None),), end=20_000))
    assert seen["red"] == UNKNOWN
    seen = states(recorded(red=((19_500, None),), end=20_001))
    assert seen["red"] == VIOLATED


# nothing else


@pytest.mark.parametrize("length", [0, 1, 300])
@pytest.mark.parametrize(
    ("on", "u", "expected"),
    [
        (20_011, 0, VIOLATED),
        (20_011, 10, VIOLATED),
        (29_999, 0, VIOLATED),
        (30_000, 0, VIOLATED),
        (30_001, 0, HOLDS),
        (29_990, 10, VIOLATED),
        (29_991, 10, UNKNOWN),
        (30_010, 10, UNKNOWN),
        (30_011, 10, HOLDS),
    ],
)
@pytest.mark.parametrize("ch", ["led.green", "led.red"])
def test_no_light_from_20_to_30_s(ch, on, length, u, expected):
    extra = [(on, ch, 1), (on + length, ch, 0)]
    trace = recorded(extra=extra, u=u, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"nothing else": expected})


def test_a_red_just_past_20_s_is_a_late_blink_as_long_as_it_may_be_one():
    assert spoilt(recorded(red=((20_000, 20_100),))) == {"red": VIOLATED}
    assert spoilt(recorded(red=((20_010, 20_110),), u=10, end=31_000)) == {"red": VIOLATED}
    # On at 20.4 ± 0.5 s and off 0.1 s later: it may have been in time.
    assert states(recorded(red=((20_400, 20_450),), u=500, end=32_000))["red"] == UNKNOWN
    good = (7_000, 7_300)
    assert spoilt(recorded(red=(good, (20_011, 20_111)), u=10, end=31_000)) == {
        "nothing else": VIOLATED
    }


@pytest.mark.parametrize("on", [4_001, 9_000, 20_000, 29_000])
def test_a_second_green_is_another_light(on):
    trace = recorded(green=((100, 4_000), (on, on + 600)))
    assert spoilt(trace) == {"nothing else": VIOLATED}
