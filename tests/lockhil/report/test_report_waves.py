"""Waveforms: what is drawn is what the trace says, to the millisecond."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.report import Measurement
from lockhil.report.bars import bar
from lockhil.report.waves import POINTS_MAX, STEPS, plot, ticks
from lockjudge.trace import FORMAT, Defect, Event, Trace

HEADER = {"format": FORMAT}


def lanes(events, *measurements):
    drawn = plot(Trace(HEADER, events), measurements)
    assert drawn is not None
    return {lane.channel: lane for lane in drawn.lanes}, drawn


def read_back(path):
    """The value that a path shows from each time on, as the page's script reads it."""
    shown, t = [], 0
    for letter, a, b in re.findall(r"([MHV])(-?\d+)(?: (-?\d+))?", path):
        if letter == "H":
            t = int(a)
            continue
        if letter == "M":
            t = int(a)
        shown.append((t, int(b if letter == "M" else a)))
    return shown


EDGES = st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 1)), min_size=1, max_size=40)


@given(EDGES, st.integers(-(2**40), 2**40))
def test_a_path_holds_every_event_exactly(steps, start):
    t, events = start, []
    for wait, value in steps:
        t += wait
        events.append(Event(t, "button", value))
    found, drawn = lanes([*events, Event(t + 7, "end", None)])
    heights = STEPS["button"][2]
    said = [(e.t_ms - events[0].t_ms, heights[e.v][0]) for e in events]
    assert read_back(found["button"].path) == said
    assert drawn.start_ms == events[0].t_ms
    assert drawn.span_ms == t + 7 - events[0].t_ms


def test_an_unknown_voltage_leaves_a_gap():
    events = [Event(t, "battery.mv", v) for t, v in ((0, 3000), (10, None), (20, 2900))]
    found, _ = lanes([*events, Event(30, "end", None)])
    assert found["battery.mv"].path.count("M") == 2
    assert "H10M20" in found["battery.mv"].path


def test_what_was_not_watched_yet_is_left_blank():
    found, _ = lanes([Event(0, "button", 0), Event(50, "led.red", 0), Event(100, "end", None)])
    assert (found["button"].unseen, found["led.red"].unseen) == (0, 50)
    assert found["led.red"].path.startswith("M50 ")


def test_leds_are_drawn_even_if_dark_throughout_and_others_are_told():
    found, drawn = lanes(
        [
            Event(0, "led.red", 0),
            Event(0, "door", "closed"),
            Event(0, "motor", 0),
            Event(9, "end", 0),
        ]
    )
    assert list(found) == ["led.red"]
    assert drawn.still == ("motor still", "door closed")


def test_a_limit_is_drawn_from_where_it_counts(seen_in_a_diagnostic):
    kept = Measurement.of(
        "green off", 4000, "ms", at_most=10_000, channel="led.green", from_ms=2000
    )
    found, drawn = lanes(seen_in_a_diagnostic(), kept)
    (limit,) = found["led.green"].limits
    assert (limit.left, limit.left + limit.width) == pytest.approx(
        (2000 / 325, 12_000 / 325), abs=0.01
    )
    assert limit.took == pytest.approx((2000 / 325, 4000 / 325), abs=0.01)
    assert drawn.press_ms == 2000


def test_a_voltage_limit_is_a_level_inside_the_graph(seen_in_a_diagnostic):
    kept = Measurement.of("lowest", 2836, "mV", at_least=2600, channel="battery.mv")
    found, _ = lanes(seen_in_a_diagnostic(), kept)
    ((y, label, ok),) = found["battery.mv"].level_limits
    assert 0 < y < 100
    assert (label, ok) == ("limit 2\u00a0600\u00a0mV", True)


def test_very_many_events_are_thinned_but_no_extreme_is_lost():
    events = [Event(t, "battery.mv", 3000 + t % 7) for t in range(50_000)]
    events[31_313] = Event(31_313, "battery.mv", 1000)
    found, drawn = lanes([*events, Event(50_000, "end", None)])
    assert drawn.thinned
    shown = read_back(found["battery.mv"].path)
    assert len(shown) <= POINTS_MAX
    top = int(found["battery.mv"].levels.removeprefix("top="))
    assert (31_313, 1000) in {(t, top - y) for t, y in shown}


def test_a_broken_trace_says_so():
    drawn = plot(Trace(HEADER, [Event(0, "button", 0)], Defect(3, "t_ms 1 comes after 2")))
    assert drawn is not None
    assert drawn.defect == "line 3: t_ms 1 comes after 2"
    assert plot(Trace(HEADER)) is None


@given(st.integers(-(2**40), 2**40), st.integers(1, 2**40))
def test_ticks_are_few_and_on_the_axis(start, span):
    found = ticks(start, span)
    assert len(found) <= 7
    assert all(0 <= left <= 100 for left, _ in found)


NUMBERS = st.integers(-(10**6), 10**6)


@given(NUMBERS, NUMBERS, st.booleans(), st.booleans())
def test_a_mark_is_in_its_band_only_if_it_is_within_the_limits(value, low, has_low, has_high):
    high = low + abs(value) % 1000
    m = Measurement.of(
        "m", value, "", at_least=low if has_low else None, at_most=high if has_high else None
    )
    drawn = bar(m)
    if not has_low and not has_high:
        assert drawn is None
        return
    assert drawn is not None
    assert 0 <= drawn.left <= drawn.left + drawn.width <= 100.01
    if m.ok:
        assert drawn.left - 0.02 <= drawn.mark <= drawn.left + drawn.width + 0.02 or drawn.beyond
