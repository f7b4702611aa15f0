"""What a verdict says: each reason with what was measured, beside its limit."""

import json

import pytest

from lockjudge.verdict import judge
from tests.lockjudge.recordings import observed, recorded, without

AT_MOST_OFF = "at most 10000"
TWO = ((7_000, 7_300), (9_000, 9_300))


def row(trace, name, sequence=0):
    rows = {row.name: row for row in judge(trace).sequences[sequence].conditions}
    found = rows[name]
    return found.state, found.reason, found.measured, found.limit, found.unit


GOOD_INSTRUMENT = {
    "dark before": ("both LEDs were dark at the press", None, "", ""),
    "now": ("green came on", 100, "at most 1000", "ms"),
    "green": ("green went off", 4_000, AT_MOST_OFF, "ms"),
    "red": ("red was on for", 300, "at most 1000", "ms"),
    "nothing else": ("no other light", 30_000, "until 30000", "ms"),
    "one press": ("no further press", None, "", ""),
    "alive": ("no reset, no loss of power", None, "", ""),
    "on the battery": ("on the battery throughout", None, "", ""),
    "watched": ("watched until", 30_000, "at least 30000", "ms"),
}
GOOD_PERSON = {
    "dark before": ("dark_before: yes", None, "", ""),
    "now": ("green_at_once: yes", None, "", ""),
    "green": ("green off was tapped", 4_600, "at most 10000 ± 500", "ms"),
    "red": ("red_while_green: no", None, "", ""),
    "nothing else": ("no second green was tapped", None, "", ""),
    "one press": ("START was tapped once", None, "", ""),
    "alive": ("no reset, no loss of power", None, "", ""),
    "on the battery": ("nothing_plugged_in: yes", None, "", ""),
    "watched": ("watched_to_end: yes", None, "", ""),
}


@pytest.mark.parametrize(
    ("trace", "rows"), [(recorded(), GOOD_INSTRUMENT), (observed(), GOOD_PERSON)]
)
def test_what_is_said_of_a_good_pack(trace, rows):
    assert {name: row(trace, name) for name in rows} == {
        name: ("holds", *said) for name, said in rows.items()
    }


SLOW_GREEN = recorded(green=((100, None),), red=())
INSTRUMENT = [
    (recorded(first=without("led.red"), red=()), "dark before", "unknown",
     "led.red wasn't watched before the press", None, ""),
    (recorded(green=(), red=()), "dark before", "holds", "both LEDs were dark at the press", None,
     ""),
    (recorded(before=[(-9, "led.red", 1)], extra=[(9, "led.red", 0)]), "dark before", "violated",
     "led.red was lit at the press", None, ""),
    (recorded(green=((5, 4_000),), u=10, end=31_000), "dark before", "unknown",
     "led.green was lit within 10 ms of the press", None, ""),
    (recorded(green=((1_001, 4_000),)), "now", "violated", "green came on", 1_001, "at most 1000"),
    (recorded(green=()), "now", "violated", "green never came", 30_000, "at most 1000"),
    (recorded(green=(), red=(), end=900), "now", "unknown",
     "green wasn't seen, nor watched long enough", 900, "at most 1000"),
    (recorded(green=(), first=without("led.green")), "now", "unknown",
     "led.green wasn't watched", None, ""),
    (recorded(green=()), "green", "violated", "green never came", 30_000, AT_MOST_OFF),
    (SLOW_GREEN, "green", "violated", "green wasn't seen to go off", 30_000, AT_MOST_OFF),
    (recorded(green=((100, 10_001),), red=()), "green", "violated", "green went off", 10_001,
     AT_MOST_OFF),
    (recorded(green=((100, 599),)), "green", "violated", "green was on for", 499, "at least 500"),
    (recorded(red=()), "red", "violated", "red never came", 30_000, "at most 20000"),
    (recorded(red=(), first=without("led.red")), "red", "unknown", "led.red wasn't watched",
     None, ""),
    (recorded(red=((7_000, 8_001),)), "red", "violated", "red was on for", 1_001, "at most 1000"),
    (recorded(red=((7_000, 7_049),)), "red", "violated", "red was on for", 49, "at least 50"),
    (recorded(red=((19_800, 20_001),)), "red", "violated", "red went off", 20_001,
     "at most 20000"),
    (recorded(red=((3_990, 4_200),)), "red", "violated", "red came after green went off", -10,
     "at least 0"),
    (recorded(red=(), before=[(4_000, "led.red", 1)], extra=[(4_100, "led.red", 0)]), "red",
     "violated", "red came after green went off", -1, "at least 0"),
    (recorded(green=((100, None),)), "red", "violated", "red came before green went off", None,
     ""),
    (recorded(red=(*TWO, (11_000, 11_300))), "red", "violated",
     "red blinked 3 times, at most 2 expected", None, ""),
    (recorded(extra=[(25_000, "led.red", 1), (25_100, "led.red", 0)]), "nothing else", "violated",
     "another light came on", 25_000, "none until 30000"),
    (recorded(end=29_999), "nothing else", "unknown", "no other light", 29_999, "until 30000"),
    (recorded(button=((0, 150), (999, 1_200))), "one press", "unknown", "a further press", 999,
     "none until 30000"),
    (recorded(extra=[(77, "reset", "watchdog")]), "alive", "violated", "the unit was reset", 77,
     "never"),
    (recorded(extra=[(77, "power", 0)]), "alive", "violated", "no power", 77, "never"),
    (recorded(first=without("power.source")), "on the battery", "unknown",
     "nobody recorded what fed the unit (power.source)", None, ""),
    (recorded(extra=[(77, "power.source", "external")]), "on the battery", "unknown",
     "power.source was external", None, ""),
    (recorded(first=without("led.red"), red=()), "watched", "unknown", "led.red wasn't watched",
     None, ""),
    (recorded(end=None), "watched", "unknown", "the recording has no end", None, ""),
    (recorded(end=29_999), "watched", "unknown", "watched until", 29_999, "at least 30000"),
]  # fmt: skip
STARTLESS = [(-10, "red"), (0, "start"), (900, "green_on"), (4_600, "green_off")]
PERSON = [
    (observed(dark_before="no"), "dark before", "violated", "dark_before: no", None, ""),
    (observed(dark_before="unsure"), "dark before", "unknown", "dark_before: unsure", None, ""),
    (observed(dark_before=7), "dark before", "unknown", "dark_before: no clear answer", None, ""),
    (observed(green_on=499), "now", "unknown", "green was tapped sooner than it can have been seen",
     499, "at least 500"),
    (observed(taps=[(0, "start")], red_blinks=1), "green", "unknown",
     "green on and green off weren't both tapped", None, ""),
    (observed(green_off=10_501), "green", "violated", "green off was tapped", 10_501,
     "at most 10000 ± 500"),
    (observed(green_on=900, green_off=800), "green", "unknown",
     "green off was tapped after green on", -100, "more than 0"),
    (observed(red_blinks=0), "red", "violated", "red_blinks: 0", None, ""),
    (observed(red_blinks="more"), "red", "violated", "red_blinks: more than two", None, ""),
    (observed(red_blinks=None), "red", "unknown", "red_blinks: no clear answer", None, ""),
    (observed(red_blinks=2), "red", "unknown", "red_blinks: 2, but 1 were tapped", None, ""),
    (observed(reds=(20_701,), u=700), "red", "violated", "red was tapped", 20_701,
     "at most 20000 ± 700"),
    (observed(reds=(4_500,)), "red", "unknown", "red was tapped after green off", -100,
     "more than 0"),
    (observed(extra=[(9_000, "tap", "green_on")]), "nothing else", "violated",
     "a second green was tapped", 9_000, "one green"),
    (observed(extra=[(9_000, "tap", "green_off")]), "nothing else", "unknown",
     "green off was tapped twice", 9_000, ""),
    (observed(extra=[(9_000, "tap", "start")]), "one press", "unknown", "START was tapped again",
     9_000, ""),
    (observed(taps=STARTLESS, red_blinks=1), "one press", "unknown",
     "a light was tapped before START", None, ""),
    (observed(extra=[(9_000, "power.source", "unknown")]), "on the battery", "unknown",
     "power.source was unknown", None, ""),
    (observed(extra=[(9_000, "tap", "undo")]), "watched", "unknown", "a tap was undone", None, ""),
    (observed(extra=[(9_000, "screen", "hidden")]), "watched", "unknown", "the screen was hidden",
     None, ""),
    (observed(end=None), "watched", "unknown", "end missing", None, ""),
    (observed(answers_at=31_999), "watched", "unknown", "answers came", 31_999, "at least 32000"),
    (observed(extra=[(32_001, "tap", "red")], end=33_000), "watched", "unknown",
     "a tap came after the answers", None, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("trace", "name", "state", "reason", "measured", "limit"), [*INSTRUMENT, *PERSON]
)
def test_why_not(trace, name, state, reason, measured, limit):
    unit = "" if measured is None else "ms"
    assert row(trace, name) == (state, reason, measured, limit, unit)


def test_a_row_quotes_its_worst_check_and_of_equals_the_first():
    both = recorded(red=((19_000, 20_001),))
    assert row(both, "red")[1] == "red was on for"
    later = recorded(red=((7_000, 7_300), (9_000, 10_001)))
    assert row(later, "red")[2] == 1_001


def test_a_verdict_as_json():
    trace = recorded(red=(), end=30_000)
    said = judge(trace, ["another label"]).as_dict()
    assert list(said) == ["outcome", "exit_code", "sequences", "doubts"]
    assert (said["outcome"], said["exit_code"]) == ("SUSPECTED_DISCHARGED", 3)
    assert list(said["doubts"]) == ["another label"]
    (sequence,) = said["sequences"]
    assert sequence["press_ms"] == 5_000
    assert sequence["conditions"][3] == {
        "name": "red",
        "state": "violated",
        "reason": "red never came",
        "measured": 30_000,
        "limit": "at most 20000",
        "unit": "ms",
    }
    assert json.loads(json.dumps(said)) == json.loads(
        json.dumps(judge(trace, ["another label"]).as_dict())
    )
