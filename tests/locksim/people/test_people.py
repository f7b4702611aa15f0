"""The simulated technician sees, taps and answers as declared."""

from collections import Counter
from random import Random

import pytest

from lockjudge.verdict import judge
from locksim.light_patterns import Lights, own_timing
from locksim.people import TERSE, Eyes, Hands, Technician, Wording

SHARP = Eyes(weber=0, order=0, blinks_per_min=1e-9)
STEADY = Hands(lead=(0.3, 0.3), reaction=(0.4, 0.4), missed=0, doubled=0, late=0)
GREEN, RED = (100, 4_000), (7_000, 7_300)


def technician(eyes=SHARP, hands=STEADY, wording=None, seed=1):
    return Technician(Random(seed), eyes, hands, wording or Wording())


def answers(*, green=(GREEN,), red=(RED,), **more):
    events = technician(**more).observe(Lights(tuple(green), tuple(red))).events
    return next(event.v for event in events if event.ch == "answers")


def tapped(lights, **more):
    trace = technician(**more).observe(lights)
    start = trace.events[0].t_ms
    return [(event.t_ms - start, event.v) for event in trace.events if event.ch == "tap"]


def test_a_good_pack_as_a_steady_hand_taps_it():
    lights = Lights((GREEN,), (RED, (8_500, 8_800)))
    assert tapped(lights) == [
        (0, "start"),
        (800, "green_on"),
        (4_700, "green_off"),
        (7_700, "red"),
        (9_200, "red"),
    ]
    trace = technician().observe(lights)
    assert trace.header["observer"] == "person"
    assert judge(trace).exit_code == 0


def test_the_same_seed_sees_the_same():
    lights = own_timing(Random(3))
    one, other = (Technician(Random(7)).observe(lights) for _ in range(2))
    assert one == other


def test_the_answers_to_a_good_pack():
    assert answers() == {
        "dark_before": "yes",
        "green_at_once": "yes",
        "red_while_green": "no",
        "red_short": "yes",
        "watched_to_end": "yes",
        "nothing_plugged_in": "yes",
        "red_blinks": 1,
    }


@pytest.mark.parametrize(
    ("key", "lights", "full", "terse"),
    [
        ("dark_before", {"green": [(-60, 4_000)]}, "no", "no"),
        ("dark_before", {"green": [(-40, 4_000)]}, "yes", "yes"),
        ("dark_before", {"red": [(-9_000, None)]}, "no", "no"),
        ("green_at_once", {"green": []}, "no", "no"),
        ("green_at_once", {"green": [(590, 4_000)]}, "yes", "yes"),
        ("green_at_once", {"green": [(610, 4_000)]}, "no", "no"),
        ("green_at_once", {"green": [(100, 1_050)]}, "no", "yes"),
        ("green_at_once", {"green": [(100, 2_000), (2_050, 4_000)]}, "no", "yes"),
        ("green_at_once", {"green": [(100, 2_000), (2_019, 4_000)]}, "yes", "yes"),
        ("green_at_once", {"green": [GREEN, (25_000, 25_100)]}, "no", "yes"),
        ("red_while_green", {"red": [(3_990, 4_300)]}, "yes", "yes"),
        ("red_while_green", {"red": [(4_190, 4_300)]}, "unsure", "no"),
        ("red_while_green", {"red": [(4_210, 4_300)]}, "no", "no"),
        ("red_while_green", {"green": [(100, None)]}, "yes", "yes"),
        ("red_short", {"red": []}, "no", "no"),
        ("red_short", {"red": [(7_000, 7_690)]}, "yes", "yes"),
        ("red_short", {"red": [RED, (9_000, 9_710)]}, "no", "no"),
        ("red_short", {"red": [(7_000, 7_190)]}, "unsure", "yes"),
        ("red_short", {"red": [(7_000, 7_190), (8_500, 9_300)]}, "no", "no"),
        ("red_short", {"red": [RED, (8_500, 8_690)]}, "no", "yes"),
        ("red_short", {"red": [(7_000, 7_190), (8_500, 8_690)]}, "unsure", "yes"),
        ("red_blinks", {"red": []}, 0, 0),
        ("red_blinks", {"red": [RED, (8_500, 8_800)]}, 2, 2),
        ("red_blinks", {"red": [RED, (7_590, 7_900)]}, "unsure", 2),
        ("red_blinks", {"red": [RED, (7_310, 7_900)]}, 1, 1),
        ("red_blinks", {"red": [RED, (8_000, 8_300), (9_000, 9_300)]}, "more", "more"),
    ],
)
def test_an_answer_follows_the_light_and_the_words(key, lights, full, terse):
    assert answers(**lights)[key] == full
    assert answers(**lights, wording=TERSE)[key] == terse


def test_a_light_behind_closed_lids_is_not_seen_a_longer_one_is():
    blinking = Eyes(weber=0, order=0, blinks_per_min=300, closure_ms=100)
    counts = Counter(
        (length, answers(red=[(7_000, 7_000 + length)], eyes=blinking, seed=seed)["red_blinks"])
        for length in (20, 101)
        for seed in range(200)
    )
    assert counts[101, 1] == 200
    assert 10 < counts[20, 0] < 190


def test_eyes_blink_as_often_as_they_should():
    blinking = Eyes(blinks_per_min=4.5)
    seen = sum(
        answers(red=[(7_000, 7_001)], eyes=blinking, seed=seed)["red_blinks"]
        for seed in range(4_000)
    )
    # Lids are closed for 0.1 s every 13 s or so.
    assert 0.985 < seen / 4_000 < 0.999


def test_taps_are_missed_doubled_and_late_as_often_as_they_should_be():
    hands = Hands(lead=(0.3, 0.3), reaction=(0.4, 0.4))
    lights = Lights((GREEN,))
    offs = Counter()
    for seed in range(20_000):
        taps = [t for t, word in tapped_absolute(lights, hands, seed) if word == "green_off"]
        if len(taps) == 1:
            offs["late" if taps[0] > 6_000 else "good"] += 1
        else:
            offs[len(taps)] += 1
    assert offs[0] == pytest.approx(60, abs=30)
    assert offs[2] == pytest.approx(40, abs=25)
    assert offs["late"] == pytest.approx(60, abs=30)
    assert sum(offs.values()) == 20_000


def tapped_absolute(lights, hands, seed):
    events = technician(hands=hands, seed=seed).observe(lights).events
    return [(event.t_ms - 1_000, event.v) for event in events if event.ch == "tap"]


def test_what_is_tapped_after_the_signal_at_the_end_is_not_recorded():
    late = Lights((GREEN, (31_500, 31_900)))
    assert [word for _, word in tapped(late)] == ["start", "green_on", "green_off"]


def test_what_was_lit_before_start_is_not_tapped():
    assert [word for _, word in tapped(Lights(((-301, 4_000),), (RED,)))] == [
        "start",
        "green_off",
        "red",
    ]


def test_a_flicker_quicker_than_the_hand_is_tapped_as_one_light():
    flicker = Lights(((100, 2_000), (2_299, 4_000)))
    assert tapped(flicker) == [(0, "start"), (800, "green_on"), (4_700, "green_off")]
    assert len(tapped(Lights(((100, 2_000), (2_300, 4_000))))) == 5
