"""The instrument: first values, changes alone, and traces that the judge's reader takes."""

from hypothesis import given
from hypothesis import strategies as st

from lockjudge.trace import format_trace, parse_trace
from locksim.recorder import LASTING, LINE_MAX, Recorder
from tests.locksim.bare_unit import BareWorld


def test_every_lasting_channel_has_a_value_at_the_start() -> None:
    events = BareWorld().recorder.events
    assert {event.ch for event in events} == set(LASTING)
    assert {event.t_ms for event in events} == {0}


def test_the_header_says_who_saw_what() -> None:
    header = BareWorld(unit_id="A-1", seed=7).trace().header
    assert header["observer"] == "instrument"
    assert header["t_uncertainty_ms"] == 0
    assert (header["unit"], header["seed"], header["clock"]) == ("A-1", 7, "virtual")


def test_a_light_of_no_length_still_makes_two_edges() -> None:
    world = BareWorld()
    world.board.leds(1, 0)
    world.board.leds(1, 0)
    world.board.leds(0, 0)
    assert world.seen("led.green") == [(0, 0), (0, 1), (0, 0)]


def test_a_trace_from_a_mark_begins_with_what_was_shown_there() -> None:
    world = BareWorld()
    world.run(50)
    world.board.leds(1, 0)
    mark = len(world.recorder.events)
    world.run(50)
    world.board.leds(0, 0)
    trace = world.trace(mark)
    assert [(e.t_ms, e.v) for e in trace.events if e.ch == "led.green"] == [(50, 1), (100, 0)]
    assert {e.ch for e in trace.events} == {*LASTING, "end"}
    assert trace.events[-1].t_ms == 100


@given(st.lists(st.binary(max_size=40), max_size=8), st.lists(st.binary(max_size=40), max_size=4))
def test_whatever_the_link_carries_the_trace_can_be_read(
    chunks: list[bytes], sent: list[bytes]
) -> None:
    recorder = Recorder()
    for chunk in chunks:
        recorder.received(0, chunk)
    for line in sent:
        recorder.sent(0, line)
    trace = recorder.trace(1)
    written = "\n".join(format_trace(trace.header, trace.events)).encode()
    assert parse_trace(written) == trace
    lines = [event for event in trace.events if event.ch == "rx"]
    assert len(lines) == b"".join(chunks).count(b"\n")


def test_a_megabyte_without_an_end_is_not_kept() -> None:
    recorder = Recorder()
    for _ in range(1024):
        recorder.received(0, b"x" * 1024)
    assert recorder.events == []
    recorder.received(5, b"\nnext\n")
    long, following = recorder.events
    assert long.v == "x" * LINE_MAX + f" ... and {2**20 - LINE_MAX} bytes more"
    assert following.v == "next"
