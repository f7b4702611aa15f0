"""A trace drives a unit again: what it did then it does again, on each virtual clock."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lockhil.replay.compare import differences, tolerance
from lockhil.replay.drive import Player
from lockhil.replay.plan import OUTPUTS, plan
from lockhil.report.tracediff import Row
from lockhil.targets import open_target
from lockhil.virtual.interpreter import NoInterpreterError, interpreter
from lockjudge.trace import Event, Trace, format_trace, parse_trace
from tests.lockhil.replay.recording import BEGINNINGS, LIVES, Step, record

UNLOCK = b'{"jsonrpc":"2.0","id":7,"method":"bolt.unlock"}\n'


def replayed(trace: Trace, target: str = "sim", **more: object) -> tuple[Row, ...]:
    """Where a replay parts from its trace."""
    made = plan(trace)
    with open_target(target, **made.options | more) as unit:
        allowed = tolerance(trace, unit)
        player = Player(made, unit, exact=allowed is None)
        player.run()
        return differences(made, trace, player.in_trace_time(), allowed)


def lived(act: Callable[[Any], None], **options: object) -> Trace:
    """The trace of one unit's life."""
    with open_target("sim", **options) as unit:
        act(unit)
        return unit.bench.trace()


def busy(unit: Any) -> None:
    """A bit of everything, half a minute long."""
    bench = unit.bench
    bench.clock.advance(ms=700)
    bench.press(bounce=(3, 2))
    bench.clock.advance(seconds=12)
    unit.link.send_raw(UNLOCK)
    bench.clock.advance(seconds=2)
    bench.thumb_turn("locked", 700)
    bench.clock.advance(seconds=2)
    bench.door("open")
    bench.supply("external")
    bench.power_cut(1500)
    bench.clock.advance(seconds=3)
    bench.reset("watchdog")
    bench.clock.advance(seconds=1)
    unit.link.send_raw(b"x" * 5000 + b"\n")
    bench.clock.advance(seconds=2)


BUSY = lived(busy)


@settings(max_examples=settings.default.max_examples // 2)
@given(LIVES, BEGINNINGS)
def test_what_sim_recorded_sim_does_again(life: list[Step], beginning: dict[str, str]) -> None:
    assert replayed(record(life, beginning)) == ()


def _micropython() -> bool:
    try:
        return bool(interpreter())
    except NoInterpreterError:
        return False


@pytest.mark.skipif(not _micropython(), reason="no MicroPython for this machine")
@settings(max_examples=settings.default.max_examples // 20)
@given(LIVES, BEGINNINGS)
def test_what_sim_recorded_virtual_does_again(life: list[Step], beginning: dict[str, str]) -> None:
    assert replayed(record(life, beginning), "virtual") == ()


@settings(max_examples=settings.default.max_examples // 4)
@given(st.data())
def test_whatever_the_unit_did_otherwise_is_noticed(data: st.DataObject) -> None:
    """One event of what it did comes a millisecond later, isn't there, or is another one."""
    places = [
        n for n, e in enumerate(BUSY.events) if e.ch in OUTPUTS and e.t_ms > 0 and e.ch != "bolt"
    ]
    place = data.draw(st.sampled_from(places))
    events = list(BUSY.events)
    event = events.pop(place)
    how = data.draw(st.sampled_from(["later", "gone", "other"]))
    if how == "later":
        events.append(replace(event, t_ms=event.t_ms + 1))
    elif how == "other":
        other = event.v + " " if event.ch == "tx" else 1 - abs(event.v)
        assume(other != event.v)
        events.append(replace(event, v=other))
    events.sort(key=lambda event: event.t_ms)
    rows = replayed(Trace(BUSY.header, events))
    assert any(row.differs and f" {event.ch} " in row.a + row.b for row in rows)


@settings(max_examples=settings.default.max_examples // 4)
@given(st.data())
def test_a_recording_that_broke_off_anywhere_agrees_up_to_there(data: st.DataObject) -> None:
    text = "\n".join(format_trace(BUSY.header, BUSY.events)).encode()
    first = text.index(b'"tx"') + 200
    cut = parse_trace(text[: data.draw(st.integers(first, len(text)))])
    assert replayed(cut) == ()


def test_a_trace_may_begin_in_the_middle_of_a_life() -> None:
    with open_target("sim", door="open", bolt="unlocked") as unit:
        unit.bench.clock.advance(seconds=20)
        mark = unit.bench.mark()
        unit.bench.door("closed")
        unit.bench.press()
        unit.bench.clock.advance(seconds=20)
        trace = unit.bench.trace(mark)
    made = plan(trace)
    assert not made.begins_with_boot
    assert any("isn't known" in note for note in made.notes)
    assert replayed(trace) == ()


def test_a_trace_may_begin_without_power() -> None:
    with open_target("sim") as unit:
        unit.bench.power_cut(2000)
        mark = unit.bench.mark()
        unit.bench.clock.advance(seconds=5)
        trace = unit.bench.trace(mark)
    assert replayed(trace) == ()


@pytest.mark.parametrize("took", [1, 2, 3, 48, 49, 50, 400, 2999])
def test_a_hand_from_where_the_motor_left_the_bolt(took: int) -> None:
    def turn(unit: Any) -> None:
        unit.link.send_raw(UNLOCK)
        unit.bench.clock.advance(seconds=2)
        for place in ("locked", "unlocked"):
            unit.bench.thumb_turn(place, took)
            unit.bench.clock.advance(seconds=4)

    assert replayed(lived(turn)) == ()


def test_another_pack_than_the_assumed_one_shows() -> None:
    trace = lived(busy, pack="weak")
    assert replayed(trace) != ()
    assert replayed(trace, pack="weak") == ()


def test_the_kind_is_known_from_what_the_unit_said() -> None:
    def release(unit: Any) -> None:
        unit.link.call("unit.hello")
        unit.link.send_raw(UNLOCK.replace(b"unlock", b"release"))
        unit.bench.clock.advance(seconds=9)

    assert replayed(lived(release, kind="laundry")) == ()


def shifted(by: Callable[[int], int]) -> Trace:
    """The busy trace as from a real clock, each of its events a little late."""
    events = [
        replace(event, t_ms=event.t_ms + by(n) if event.t_ms else 0)
        for n, event in enumerate(BUSY.events)
    ]
    return Trace({**BUSY.header, "clock": "real"}, sorted(events, key=lambda event: event.t_ms))


def test_a_trace_from_a_real_clock_has_its_tolerance() -> None:
    assert replayed(shifted(lambda n: n % 3 * 10)) == ()
    rows = replayed(shifted(lambda n: 0 if n < 20 else 1 - n % 2 * 400))
    assert any(row.differs for row in rows)


def test_the_figures_that_a_unit_measured_need_not_agree_on_a_real_clock() -> None:
    def otherwise(old: str, new: str) -> Trace:
        events = [
            Event(e.t_ms, e.ch, e.v.replace(old, new) if e.ch == "tx" else e.v) for e in BUSY.events
        ]
        assert events != BUSY.events
        return Trace({**BUSY.header, "clock": "real"}, events)

    assert replayed(otherwise('"rest_mv":6000', '"rest_mv":5990')) == ()
    assert replayed(otherwise('"outcome":"passed"', '"outcome":"failed"')) != ()
    assert replayed(otherwise('"rest_mv":6000', '"rest_mv":null')) != ()
