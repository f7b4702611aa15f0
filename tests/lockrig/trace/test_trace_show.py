"""What is drawn of a trace: nothing short disappears, nothing unseen looks seen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockjudge.trace import FORMAT, Defect, Event, Trace
from lockrig.trace import draw
from lockrig.trace.draw import ASCII, BLOCKS
from lockrig.trace.scale import Scale
from lockrig.trace.show import press_ms, show

HEADER = {"format": FORMAT, "observer": "instrument", "t_uncertainty_ms": 1}


def lines(trace: Trace, width: int = 79, events: bool = False) -> list[str]:
    return list(show(trace, "x.jsonl", width, BLOCKS, events))


def trace_of(*events: tuple[int, str, Any], defect: Defect | None = None) -> Trace:
    return Trace(HEADER, [Event(*event) for event in events], defect)


@given(
    start=st.integers(1, 10**9),
    length=st.integers(0, 50),
    rest=st.integers(0, 10**9),
    columns=st.integers(1, 300),
)
def test_a_short_pulse_stays_visible(start: int, length: int, rest: int, columns: int) -> None:
    scale = Scale(0, start + length + rest, 0, columns)
    row = draw.bits([(0, 0), (start, 1), (start + length, 0)], scale, BLOCKS)
    assert len(row) == columns
    assert set(row) - {BLOCKS.low}
    gap = draw.bits([(0, 1), (start, 0), (start + length, 1)], scale, BLOCKS)
    assert set(gap) - {BLOCKS.high}
    moved = draw.motor([(0, 0), (start, -1), (start + length, 0)], scale, BLOCKS)
    assert BLOCKS.back in moved


@given(
    values=st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from((0, 1))), max_size=20),
    columns=st.integers(1, 100),
)
def test_a_column_is_plain_only_if_it_was_so_throughout(
    values: list[tuple[int, int]], columns: int
) -> None:
    changes = sorted(values, key=lambda change: change[0])
    scale = Scale(0, 10_000, 0, columns)
    row = draw.bits(changes, scale, BLOCKS)
    for column, char in enumerate(row):
        here = [v for t, v in changes if scale.column(t) == column]
        before = [v for t, v in changes if scale.column(t) < column][-1:]
        seen = set(before + here)
        plain = {BLOCKS.low: {0}, BLOCKS.high: {1}, BLOCKS.unseen: set()}
        if char in plain:
            assert seen == plain[char]
        else:
            assert seen == {0, 1}


def test_pulses_in_one_column_are_told_from_one() -> None:
    scale = Scale(0, 1000, 0, 2)
    one = draw.bits([(0, 0), (10, 1), (20, 0)], scale, BLOCKS)
    two = draw.bits([(0, 0), (10, 1), (20, 0), (30, 1), (40, 0)], scale, BLOCKS)
    assert (one, two) == ("┃▁", "▒▁")


def test_edges_show_their_direction() -> None:
    scale = Scale(0, 100, 0, 4)
    assert draw.bits([(25, 0), (50, 1), (75, 0)], scale, BLOCKS) == "·▁▐▌"


def test_words_stand_where_they_begin() -> None:
    scale = Scale(0, 20, 0, 20)
    row = draw.words([(2, "LOCKED"), (12, "UNLOCKED")], scale, BLOCKS)
    assert row == "··LOCKED ───UNLOCKED"


def test_words_that_follow_too_fast_are_marked() -> None:
    scale = Scale(0, 1000, 0, 4)
    row = draw.words([(0, "A"), (500, "B"), (510, "C")], scale, BLOCKS)
    assert row == "A ▒C" or row == "A ▒ "


def test_a_dip_and_a_failed_reading_show() -> None:
    scale = Scale(0, 100, 0, 5)
    changes = [(0, 3000), (45, 2500), (47, 3000), (85, None)]
    row = draw.levels(changes, scale, BLOCKS)
    assert row == "██▁█?"


def test_things_that_happen_are_counted() -> None:
    scale = Scale(0, 100, 0, 4)
    row = draw.points([(0, "a"), *[(30, "b")] * 3, *[(99, "c")] * 12], scale, BLOCKS)
    assert row == "●3 +"


@given(width=st.integers(1, 200), end=st.integers(1, 10**8))
def test_nothing_is_wider_than_the_terminal(width: int, end: int) -> None:
    trace = trace_of((0, "button", 0), (0, "bolt", "LOCKED"), (end, "end", None))
    waves = [line for line in lines(trace, width) if line.startswith(("button", "bolt", "seconds"))]
    assert len(waves) == 3
    assert all(len(line) <= max(width, 40) for line in waves)


@given(start=st.integers(-(10**6), 10**6), span=st.integers(1, 10**8), columns=st.integers(20, 300))
def test_the_ruler_tells_the_column_of_each_label(start: int, span: int, columns: int) -> None:
    scale = Scale(start, start + span, start + span // 3, columns)
    ruler = scale.ruler()
    assert len(ruler) <= columns
    labels = ruler.split()
    assert labels
    for label in labels:
        at = f" {ruler} ".index(f" {label} ")
        assert scale.column(scale.zero_ms + round(float(label) * 1000)) == at


def test_times_count_from_the_first_press() -> None:
    trace = trace_of(
        (100, "button", 0), (5000, "button", 1), (5120, "led.green", 1), (9000, "button", 1)
    )
    assert press_ms(trace) == (5000, "the press")
    assert "      +0.120  led.green     1" in lines(trace, events=True)
    assert "      -4.900  button        0" in lines(trace, events=True)


@pytest.mark.parametrize(
    ("events", "zero"),
    [
        ([(0, "tap", "start"), (5, "tap", "red")], (0, "START")),
        ([(3, "button", 1), (9, "button", 1)], (3, "the first event")),
        ([], (0, "the first event")),
    ],
)
def test_without_a_press(events: list[tuple[int, str, Any]], zero: tuple[int, str]) -> None:
    assert press_ms(trace_of(*events)) == zero


def test_what_wasnt_watched_is_said() -> None:
    text = "\n".join(lines(trace_of((0, "button", 0), (0, "led.green", 0), (7, "load", 1))))
    assert "not watched: led.red, power, motor" in text
    assert "not seen at first: load, until +0.007 s" in text
    assert "no end" in text


def test_a_defect_is_said_with_its_line() -> None:
    text = "\n".join(lines(trace_of((0, "button", 0), defect=Defect(17, "v missing"))))
    assert "DEFECT in line 17: v missing" in text


def test_a_trace_without_events_is_shown() -> None:
    assert any("not watched: button" in line for line in lines(trace_of()))


def test_text_from_the_file_cant_command_the_terminal() -> None:
    trace = Trace(
        HEADER | {"target": "\x1b[2J", "x\n": "\u202e"},
        [Event(0, "rx", "\x1b[31m\n"), Event(0, "bolt", "\x07")],
    )
    for line in lines(trace, events=True):
        assert line.isprintable(), line


def test_a_terminal_without_the_characters_gets_others() -> None:
    trace = trace_of((0, "button", 0), (0, "bolt", "LÅST"), (5, "button", 1), (9, "end", None))
    for line in show(trace, "x.jsonl", 79, ASCII, False):
        assert line.isascii()
