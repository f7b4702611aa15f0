"""An instrument's sequence up to green, each row of the table at its limits."""

import pytest

from tests.lockjudge.recordings import (
    ALLOWED,
    CONDITIONS,
    HOLDS,
    INCONCLUSIVE,
    SUSPECTED,
    UNKNOWN,
    VIOLATED,
    outcome,
    recorded,
    spoilt,
    states,
    without,
)


def test_a_good_pack_holds_every_condition_in_the_tables_order():
    assert list(states(recorded()).items()) == [(name, HOLDS) for name in CONDITIONS]
    assert outcome(recorded()) == ALLOWED


def test_two_blinks_are_as_good_as_one():
    assert outcome(recorded(red=((7_000, 7_300), (8_800, 9_100)))) == ALLOWED


@pytest.mark.parametrize("u", [1, 10, 40])
def test_a_good_pack_is_allowed_with_an_ordinary_uncertainty(u):
    assert outcome(recorded(u=u, end=31_000)) == ALLOWED


# dark before


@pytest.mark.parametrize(
    ("ch", "lit", "u", "expected"),
    [
        ("led.green", (-3_000, -1), 0, HOLDS),
        ("led.green", (-3_000, 0), 0, HOLDS),
        ("led.green", (-3_000, -11), 10, HOLDS),
        ("led.green", (-3_000, -10), 10, HOLDS),
        ("led.green", (-3_000, -9), 10, UNKNOWN),
        ("led.red", (-3_000, -9), 10, UNKNOWN),
        ("led.red", (-3_000, -1), 0, HOLDS),
        ("led.red", (-3_000, 0), 0, HOLDS),
    ],
)
def test_dark_before(ch, lit, u, expected):
    on, off = lit
    trace = recorded(before=[(on, ch, 1), (off, ch, 0)], u=u, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"dark before": expected})


@pytest.mark.parametrize("ch", ["led.green", "led.red"])
@pytest.mark.parametrize("on", [-5_000, -1])
def test_a_light_across_the_press_violates_dark_before(ch, on):
    trace = recorded(before=[(on, ch, 1)], extra=[(50, ch, 0)])
    assert states(trace)["dark before"] == VIOLATED
    assert outcome(trace) == SUSPECTED


@pytest.mark.parametrize("ch", ["led.green", "led.red"])
def test_at_equal_times_the_files_order_says_whether_it_was_dark(ch):
    early = recorded(before=[(0, ch, 1)], extra=[(9, ch, 0)])
    late = recorded(extra=[(0, ch, 1), (9, ch, 0)])
    assert states(early)["dark before"] == VIOLATED
    assert states(late)["dark before"] == HOLDS
    off_late = recorded(before=[(-9, ch, 1)], extra=[(0, ch, 0)])
    assert states(off_late)["dark before"] == VIOLATED


@pytest.mark.parametrize(
    ("on", "off", "expected"),
    [
        (-20, 20, VIOLATED),
        (-10, 20, VIOLATED),
        (-9, 20, UNKNOWN),
        (-20, 10, VIOLATED),
        (-20, 9, UNKNOWN),
        (-20, -9, UNKNOWN),
        (-20, -10, HOLDS),
    ],
)
def test_a_light_across_the_press_under_uncertainty(on, off, expected):
    lit = [(on, "led.red", 1), (off, "led.red", 0)]
    trace = recorded(before=lit, u=10, end=31_000)
    assert states(trace)["dark before"] == expected


@pytest.mark.parametrize("ch", ["led.green", "led.red"])
def test_a_light_that_was_on_when_the_trace_began_and_stays_is_violated(ch):
    first = [*without(ch), (-5_000, ch, 1)]
    trace = recorded(first=first, green=(), red=())
    assert states(trace)["dark before"] == VIOLATED


def test_a_light_still_on_when_the_trace_breaks_off_was_lit_at_the_press():
    trace = recorded(before=[(-20, "led.red", 1)], green=(), red=(), u=10, button=(), end=None)
    assert outcome(trace) == INCONCLUSIVE  # no press
    trace = recorded(
        before=[(-20, "led.red", 1)], green=(), red=(), u=10, button=((0, None),), end=None
    )
    assert states(trace)["dark before"] == VIOLATED


@pytest.mark.parametrize(("on", "expected"), [(9, UNKNOWN), (10, HOLDS), (11, HOLDS)])
def test_a_light_within_u_after_the_press_may_have_been_before_it(on, expected):
    trace = recorded(green=((on, 4_000),), u=10, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"dark before": expected})


@pytest.mark.parametrize("ch", ["led.green", "led.red"])
def test_green_recorded_within_u_before_the_press_may_have_come_after_it(ch):
    """It is doubted, not taken for a green that never came."""
    trace = recorded(
        green=(), before=[(-5, "led.green", 1)], extra=[(4_000, "led.green", 0)], u=10, end=31_000
    )
    assert spoilt(trace) == {"dark before": UNKNOWN}


def test_green_recorded_just_before_the_press_counts_only_if_it_may_lie_after_it():
    def lit(on, off, u=10):
        before = [(on, "led.green", 1), (off, "led.green", 0)]
        return spoilt(recorded(before=before, u=u, end=31_000))

    # The flash may be the sequence's: then it is too short, and the green after it one too many.
    assert lit(-9, 90) == {"dark before": UNKNOWN, "green": VIOLATED, "nothing else": VIOLATED}
    assert lit(-9, 11) == lit(-9, 90)
    # A flash that may have ended before the press, or surely began before it, is no first green.
    assert lit(-9, 10) == {"dark before": UNKNOWN}
    assert lit(-10, 90)["dark before"] == VIOLATED
    assert "green" not in lit(-10, 90)


def test_a_second_green_that_may_have_come_before_the_press_is_no_sure_second_one():
    def second(on):
        return states(recorded(green=((2, 5), (on, 4_000)), u=10, end=31_000))["nothing else"]

    assert second(9) == UNKNOWN
    assert second(10) == VIOLATED


def test_red_recorded_within_u_before_the_press_and_lasting_is_red_before_green_went_off():
    before = [(-5, "led.red", 1), (200, "led.red", 0)]
    trace = recorded(before=before, u=10, end=31_000)
    assert spoilt(trace) == {"dark before": UNKNOWN, "red": VIOLATED}


# now


@pytest.mark.parametrize(
    ("on", "u", "expected"),
    [
        (0, 0, HOLDS),
        (1_000, 0, HOLDS),
        (1_001, 0, VIOLATED),
        (990, 10, HOLDS),
        (991, 10, UNKNOWN),
        (1_010, 10, UNKNOWN),
        (1_011, 10, VIOLATED),
    ],
)
def test_now(on, u, expected):
    trace = recorded(green=((on, 4_000),), u=u, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"now": expected})


def test_no_green_is_never_now():
    trace = recorded(green=())
    assert states(trace)["now"] == VIOLATED
    assert states(trace)["green"] == VIOLATED


@pytest.mark.parametrize(
    ("until", "u", "now", "green"),
    [
        (1_000, 0, UNKNOWN, UNKNOWN),
        (1_001, 0, VIOLATED, UNKNOWN),
        (10_000, 0, VIOLATED, UNKNOWN),
        (10_001, 0, VIOLATED, VIOLATED),
        (1_010, 10, UNKNOWN, UNKNOWN),
        (1_011, 10, VIOLATED, UNKNOWN),
        (10_010, 10, VIOLATED, UNKNOWN),
        (10_011, 10, VIOLATED, VIOLATED),
    ],
)
def test_a_green_that_didnt_come_is_missed_once_its_time_is_over(until, u, now, green):
    seen = states(recorded(green=(), red=(), end=until, u=u))
    assert (seen["now"], seen["green"]) == (now, green)


# green


@pytest.mark.parametrize(
    ("off", "u", "expected"),
    [
        (10_000, 0, HOLDS),
        (10_001, 0, VIOLATED),
        (9_990, 10, HOLDS),
        (9_991, 10, UNKNOWN),
        (10_010, 10, UNKNOWN),
        (10_011, 10, VIOLATED),
    ],
)
def test_green_goes_off_in_time(off, u, expected):
    trace = recorded(green=((100, off),), red=((12_000, 12_300),), u=u, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"green": expected})


@pytest.mark.parametrize(
    ("length", "u", "expected"),
    [
        (500, 0, HOLDS),
        (499, 0, VIOLATED),
        (0, 0, VIOLATED),
        (520, 10, HOLDS),
        (519, 10, UNKNOWN),
        (480, 10, UNKNOWN),
        (479, 10, VIOLATED),
    ],
)
def test_green_is_long_enough(length, u, expected):
    trace = recorded(green=((100, 100 + length),), u=u, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"green": expected})


@pytest.mark.parametrize(
    ("until", "u", "expected"),
    [
        (9_999, 0, UNKNOWN),
        (10_000, 0, UNKNOWN),
        (10_001, 0, VIOLATED),
        (10_010, 10, UNKNOWN),
        (10_011, 10, VIOLATED),
    ],
)
def test_green_that_stays_on_is_violated_once_its_time_is_over(until, u, expected):
    trace = recorded(green=((100, None),), red=(), end=until, u=u)
    assert states(trace)["green"] == expected


def test_green_that_flickers_is_not_one_single_green():
    trace = recorded(green=((100, 2_000), (2_001, 4_000)))
    assert spoilt(trace) == {"nothing else": VIOLATED}
