"""Targets by name, and the one called `sim`: its bench, its clock, its options."""

from typing import Any

import pytest

from lockhil.bench import Bench, Clock
from lockhil.targets import KINDS, NAMES, UnknownTargetError, check_target, open_target
from lockjudge.verdict import judge


def test_a_target_says_what_it_is() -> None:
    with open_target("sim", unit_id="UNIT-7") as unit:
        assert (unit.name, unit.kind, unit.clock_kind, unit.tolerance_ms) == (
            "sim",
            "sim",
            "virtual",
            0,
        )
        assert unit.unit_id == "UNIT-7"
        assert unit.link.call("unit.hello")["unit"] == "UNIT-7"
        # Checked by mypy: the simulation's bench is one.
        bench: Bench = unit.bench
        clock: Clock = bench.clock
        assert clock.now_ms == 0


@pytest.mark.parametrize("name", ["", "sims", "sim:1", "serial:", "virtual:", "SIM"])
def test_an_unknown_target_is_answered_with_those_there_are(name: str) -> None:
    with pytest.raises(UnknownTargetError) as caught:
        check_target(name)
    assert all(kind in str(caught.value) for kind in (*NAMES, *KINDS))
    with pytest.raises(UnknownTargetError):
        open_target(name)


@pytest.mark.parametrize(
    "option",
    [
        {"pack": "nuclear"},
        {"kind": "window"},
        {"bolt": "ajar"},
        {"door": "locked"},
        {"supply": "sun"},
    ],
)
def test_an_option_with_an_unknown_value_is_refused(option: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"one of|out of"), open_target("sim", **option):
        pass


def test_the_clock_counts_days_hours_minutes_seconds_and_milliseconds() -> None:
    with open_target("sim") as unit:
        unit.bench.clock.advance(5, seconds=4, minutes=3, hours=2, days=1)
        assert unit.bench.clock.now_ms == 5 + 1000 * (4 + 60 * (3 + 60 * (2 + 24)))


def test_a_diagnostic_of_a_good_pack_is_judged_from_a_mark_on() -> None:
    with open_target("sim") as unit:
        unit.bench.clock.advance(seconds=5)
        unit.bench.power_cut(100)
        unit.bench.clock.advance(seconds=5)
        mark = unit.bench.mark()
        unit.bench.press(bounce=(3, 2))
        unit.bench.clock.advance(ms=200)
        assert unit.bench.leds() == (1, 0)
        unit.bench.clock.advance(seconds=31)
        assert unit.bench.leds() == (0, 0)
        assert judge(unit.bench.trace(mark)).exit_code == 0
        assert judge(unit.bench.trace()).exit_code == 0
        assert unit.bench.since(mark)[0].ch == "button"


def test_a_brown_out_is_over_before_the_press_returns() -> None:
    with open_target("sim", pack="flat") as unit:
        unit.bench.press()
        assert unit.bench.leds() == (0, 0)
        assert [event.v for event in unit.bench.since(0) if event.ch == "reset"] == ["brown-out"]


def test_every_verb_of_the_bench_shows_in_the_trace() -> None:
    with open_target("sim") as unit:
        bench = unit.bench
        bench.hold_button()
        bench.release_button()
        bench.door("open")
        bench.supply("external")
        bench.thumb_turn("unlocked")
        bench.break_switch("locked", "closed")
        bench.clock.advance(seconds=1)
        bench.jam(1000)
        bench.reset("watchdog")
        bench.set_pack("low")
        bench.power_cut(10)
        bench.clock.advance(seconds=1)
        seen = [(event.ch, event.v) for event in bench.trace().events]
        for wanted in (
            ("button", 1),
            ("door", "open"),
            ("power.source", "external"),
            ("bolt", "UNLOCKED"),
            ("reset", "watchdog"),
            ("battery.mv", 5600),
            ("power", 0),
            ("reset", "power"),
        ):
            assert wanted in seen


def test_settings_reach_the_unit() -> None:
    with open_target("sim", relock_ms=2000) as unit:
        unit.link.call("bolt.unlock")
        unit.bench.clock.advance(seconds=3)
        bolts = [event.v for event in unit.bench.since(0) if event.ch == "bolt"]
        assert bolts == ["LOCKED", "BETWEEN", "UNLOCKED", "BETWEEN", "LOCKED"]


def test_failing_sensors_leave_the_report_without_numbers() -> None:
    with open_target("sim", pack="weak") as unit:
        unit.bench.adc_fails()
        unit.bench.temperature(None)
        unit.bench.press()
        unit.bench.clock.advance(seconds=31)
        assert judge(unit.bench.trace()).exit_code == 3
