"""What fed the unit, and what was watched: each row of the table at its limits."""

import pytest

from tests.lockjudge.recordings import (
    ALLOWED,
    HOLDS,
    INCONCLUSIVE,
    UNKNOWN,
    VIOLATED,
    outcome,
    recorded,
    spoilt,
    states,
    without,
)

# alive


@pytest.mark.parametrize(
    ("t", "u", "expected"),
    [
        (-1, 0, HOLDS),
        (0, 0, VIOLATED),
        (30_000, 0, VIOLATED),
        (30_001, 0, HOLDS),
        (-11, 10, HOLDS),
        (-10, 10, UNKNOWN),
        (9, 10, UNKNOWN),
        (10, 10, VIOLATED),
        (29_990, 10, VIOLATED),
        (29_991, 10, UNKNOWN),
        (30_010, 10, UNKNOWN),
        (30_011, 10, HOLDS),
    ],
)
def test_no_reset_from_the_press_to_30_s(t, u, expected):
    trace = recorded(extra=[(t, "reset", "brown-out")], u=u, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"alive": expected})


@pytest.mark.parametrize(
    ("off", "on", "u", "expected"),
    [
        (-100, -1, 0, HOLDS),
        (-100, 1, 0, VIOLATED),
        (5_000, 5_000, 0, VIOLATED),
        (30_000, None, 0, VIOLATED),
        (30_001, None, 0, HOLDS),
        (-100, None, 0, VIOLATED),
        (-100, -10, 10, HOLDS),
        (-100, -9, 10, UNKNOWN),
        (-100, 10, 10, UNKNOWN),
        (-100, 11, 10, VIOLATED),
        (29_990, None, 10, VIOLATED),
        (29_991, None, 10, UNKNOWN),
        (30_010, None, 10, UNKNOWN),
        (30_011, None, 10, HOLDS),
    ],
)
def test_power_is_never_0_from_the_press_to_30_s(off, on, u, expected):
    back = [] if on is None else [(on, "power", 1)]
    trace = recorded(before=[(-200, "power", 1), (off, "power", 0), *back], u=u, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"alive": expected})


def test_power_that_returns_at_the_press_counts_by_the_files_order():
    gone = [(-200, "power", 1), (-100, "power", 0)]
    assert spoilt(recorded(before=[*gone, (0, "power", 1)])) == {}
    assert spoilt(recorded(before=gone, extra=[(0, "power", 1)])) == {"alive": UNKNOWN}


def test_power_and_reset_need_not_be_recorded():
    assert states(recorded())["alive"] == HOLDS


# on the battery


@pytest.mark.parametrize("source", ["external", "unknown"])
@pytest.mark.parametrize(
    ("plugged", "pulled", "u", "expected"),
    [
        (-100, -1, 0, HOLDS),
        (-100, 0, 0, HOLDS),
        (-100, 1, 0, UNKNOWN),
        (-100, None, 0, UNKNOWN),
        (12_000, 12_000, 0, UNKNOWN),
        (30_000, None, 0, UNKNOWN),
        (30_001, None, 0, HOLDS),
        (-100, -10, 10, HOLDS),
        (-100, -9, 10, UNKNOWN),
        (30_010, None, 10, UNKNOWN),
        (30_011, None, 10, HOLDS),
    ],
)
def test_power_source_is_battery_throughout(source, plugged, pulled, u, expected):
    change = [(plugged, "power.source", source)]
    if pulled is not None:
        change.append((pulled, "power.source", "battery"))
    trace = recorded(before=change, u=u, end=31_000)
    assert spoilt(trace) == ({} if expected == HOLDS else {"on the battery": expected})


def test_a_cable_pulled_at_the_press_counts_by_the_files_order():
    cable = [(-100, "power.source", "external")]
    assert spoilt(recorded(before=cable, extra=[(0, "power.source", "battery")])) == {
        "on the battery": UNKNOWN
    }


def test_a_power_source_that_nobody_recorded_is_unknown():
    assert spoilt(recorded(first=without("power.source"))) == {"on the battery": UNKNOWN}
    late = recorded(first=without("power.source"), extra=[(0, "power.source", "battery")])
    assert spoilt(late) == {"on the battery": UNKNOWN}
    external = recorded(first=[*without("power.source"), (-9, "power.source", "external")])
    assert spoilt(external) == {"on the battery": UNKNOWN}


# watched


@pytest.mark.parametrize("ch", ["led.green", "led.red"])
def test_an_led_that_was_not_watched_is_unknown(ch):
    pulses = {"green": ()} if ch == "led.green" else {"red": ()}
    trace = recorded(first=without(ch), **pulses)
    seen = spoilt(trace)
    assert set(seen.values()) == {UNKNOWN}
    assert {"dark before", "nothing else", "watched"} < set(seen)
    assert outcome(trace) == INCONCLUSIVE


@pytest.mark.parametrize("ch", ["button", "led.green", "led.red"])
@pytest.mark.parametrize("u", [0, 10])
def test_a_channel_is_watched_from_its_first_value_on(ch, u):
    """How sure its time is doesn't matter: it stands in the file before the press."""
    trace = recorded(first=[*without(ch), (-1, ch, 0)], u=u, end=31_000)
    assert outcome(trace) == ALLOWED


@pytest.mark.parametrize("ch", ["led.green", "led.red"])
def test_a_first_value_at_the_press_counts_by_the_files_order(ch):
    before = recorded(first=without(ch), before=[(0, ch, 0)])
    assert outcome(before) == ALLOWED
    after = recorded(first=without(ch), extra=[(0, ch, 0)])
    assert spoilt(after)["watched"] == UNKNOWN
    assert outcome(after) == INCONCLUSIVE


def test_what_an_led_shows_before_it_was_watched_is_unknown_what_it_shows_then_counts():
    three = ((7_000, 7_300), (8_800, 9_100), (10_600, 10_900))
    late = recorded(first=without("led.red"), red=three, extra=[(2_000, "led.red", 0)])
    assert states(late)["red"] == VIOLATED
    lit = recorded(first=without("led.green"), green=((2_000, 10_001),), red=((12_000, 12_300),))
    assert states(lit)["now"] == UNKNOWN
    assert states(lit)["green"] == VIOLATED


def test_a_light_that_was_on_when_first_seen_may_have_been_on_longer():
    green = recorded(first=without("led.green"), green=((2_000, 2_300),))
    assert states(green)["green"] == UNKNOWN
    red = recorded(first=without("led.red"), red=((7_000, 7_020),))
    assert states(red)["red"] == UNKNOWN
    red = recorded(first=without("led.red"), red=((7_000, 7_300),))
    assert states(red)["red"] == UNKNOWN
    red = recorded(first=without("led.red"), red=((7_000, 8_001),))
    assert states(red)["red"] == VIOLATED


def test_green_first_seen_lit_and_never_off_is_violated_when_its_time_is_over():
    def lit(until):
        return states(recorded(first=without("led.green"), green=((2_000, None),), end=until))

    assert lit(10_000)["green"] == UNKNOWN
    assert lit(10_001)["green"] == VIOLATED


@pytest.mark.parametrize(
    ("end", "u", "expected"),
    [
        (30_000, 0, HOLDS),
        (29_999, 0, UNKNOWN),
        (30_010, 10, HOLDS),
        (30_009, 10, UNKNOWN),
        (8_000, 0, UNKNOWN),
    ],
)
def test_watched_until_30_s(end, u, expected):
    seen = states(recorded(end=end, u=u))
    assert seen["watched"] == expected
    assert seen["nothing else"] == expected


def test_a_recording_that_broke_off_was_not_watched_to_the_end():
    trace = recorded(end=None, extra=[(40_000, "battery.mv", 6_000)])
    assert spoilt(trace) == {"watched": UNKNOWN}
