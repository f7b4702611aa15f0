"""A pair's boards come and go: by their supply, resets, crashes, and hands that pull them out."""

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from lockhil.virtual.pair import Begin, RealPair, VirtualPair
from lockhil.virtual.pair.both import Both
from locksim.mainloop import FirmwareCrashError
from tests.full import sliced
from tests.lockhil.virtual.pairrig import CLOCKS, PRESSING, PROBE, UNIT, Heard, Kind, pair, shown


def until(both: Both, done: Callable[[], bool]) -> None:
    """Let time pass until then, twenty seconds of it at most."""
    for _ in range(2_000):
        if done():
            return
        both.advance(10)
    raise AssertionError("it never happened")


SWITCHING = """
from machine import Pin
supply = Pin(22, Pin.OUT, value=0)
time.sleep_ms(1_000)
supply.on()
time.sleep_ms(1_000)
supply.off()
time.sleep_ms(1_000)
supply.on()
"""


@pytest.mark.parametrize("kind", CLOCKS)
def test_the_probe_switches_the_units_power(kind: Kind) -> None:
    """Nothing outlives that; with the power back it starts as on its first day."""
    unit = """
from machine import Pin, RTC
Pin(2, Pin.OUT, value=1)
say([machine.reset_cause(), list(RTC().memory()), RTC().datetime()[0]])
RTC().memory(b"abc")
RTC().datetime((2031, 5, 6, 0, 7, 8, 9, 0))
"""
    with pair(kind, unit, SWITCHING) as both:
        heard = Heard(both, "unit")
        assert [heard.line(), heard.line()] == [[1, [], 2000], [1, [], 2000]]
        told = [(event.ch, event.v) for event in both.events if event.ch != "probe"]
        first = told.index(("unit", "power"))
        assert told[first - 2 :] == [
            ("supply", 0),
            ("supply", 1),
            *(on := [("unit", "power"), ("green", 1)]),
            ("supply", 0),
            ("unit", "gone"),
            ("green", 0),
            ("supply", 1),
            *on,
        ]
        assert both.boots == {"unit": 2, "probe": 1}
        if kind is VirtualPair:
            starts = [
                event.t_ms for event in both.events if (event.ch, event.v) == ("unit", "power")
            ]
            assert starts == [1_050, 3_050]


def test_a_reset_of_its_own_leaves_the_clocks_memory_and_the_other_board() -> None:
    unit = """
kept = machine.RTC().memory()
say([machine.reset_cause(), list(kept)])
machine.RTC().memory(b"abc")
if not kept:
    time.sleep_ms(100)
    machine.reset()
"""
    with pair(VirtualPair, unit) as both:
        both.advance(1_000)
        heard = Heard(both, "unit")
        assert [heard.line(), heard.line()] == [[1, []], [5, [97, 98, 99]]]
        assert [event.v for event in both.events if event.ch == "unit"] == ["power", "soft", "soft"]
        assert both.boots == {"unit": 2, "probe": 1}


def test_a_unit_begins_as_it_is_told_and_never_so_again() -> None:
    unit = (
        "say([time.ticks_ms(), machine.RTC().datetime()[:3]])\ntime.sleep_ms(5)\nmachine.reset()\n"
    )
    begin = Begin(ticks_start=2**30 - 3, utc_s=1_767_225_600)
    with pair(VirtualPair, unit, begin=begin) as both:
        both.advance(100)
        heard = Heard(both, "unit")
        assert heard.line() == [2**30 - 3, [2026, 1, 1]]
        assert heard.line() == [0, [2026, 1, 1]]


def test_a_board_whose_program_ends_is_named_and_the_other_goes_on() -> None:
    ends = "led.on()\ntime.sleep_ms(200)\n1 // 0\n"
    with pair(VirtualPair, UNIT + ends) as both:
        with pytest.raises(FirmwareCrashError, match=r"(?s)the unit: .* at 200 ms .*ZeroDivision"):
            both.advance(1_000)
        assert shown(both, "green") == [0, 1, 0]
        both.advance(1_000)
        both.restart("unit")
        with pytest.raises(FirmwareCrashError, match="at 1450 ms"):
            both.advance(1_000)


def test_boards_that_answer_each_other_for_ever_are_ended() -> None:
    echo = "from machine import Pin\nPin({}, Pin.IN).irq(lambda pin: out.value({}pin.value()))\n"
    unit = "from machine import Pin\nout = Pin(2, Pin.OUT, value=0)\n" + echo.format(13, "")
    probe = "from machine import Pin\nout = Pin(5, Pin.OUT, value=0)\n" + echo.format(6, "1 - ")
    probe += "time.sleep_ms(10)\nout.on()\n"
    with (
        pytest.raises(FirmwareCrashError, match="1000 edges within a millisecond"),
        pair(VirtualPair, unit, probe) as both,
    ):
        both.advance(1_000)


def _process(both: Any, side: str) -> int:
    place = both._places[side]
    while place.loop.child is None:  # on the wall's clock it may be starting
        time.sleep(0.01)
    pid: int = place.loop.child._process.pid
    return pid


@pytest.mark.parametrize("kind", CLOCKS)
@pytest.mark.parametrize("seed", sliced(range(20), 10))
def test_either_board_may_go_at_any_moment_and_the_other_lives(kind: Kind, seed: int) -> None:
    chance = random.Random(seed)
    pressing = PROBE + PRESSING + "while True:\n    press(20)\n    time.sleep_ms(20)\n"
    with pair(kind, UNIT + "while True:\n    time.sleep_ms(3)\n", pressing) as both:
        for _ in range(3):
            both.advance(chance.randrange(300))
            side, other = chance.sample(["unit", "probe"], 2)
            pid = _process(both, other)
            before = dict(both.boots)
            both.kill(side)
            both.advance(chance.randrange(100))
            both.restart(side)
            until(both, lambda side=side, before=before: both.boots[side] > before[side])
            assert both.boots[other] == before[other]
            os.kill(pid, 0)  # the very process
            first = len(shown(both, "green"))
            until(both, lambda first=first: len(shown(both, "green")) > first + 1)


def test_a_process_that_something_else_killed_is_told_on_the_virtual_clock() -> None:
    with pair(VirtualPair) as both:
        os.kill(_process(both, "probe"), signal.SIGKILL)
        both.advance(10)  # it waits for nothing
        with pytest.raises(FirmwareCrashError, match=r"(?s)the probe: .*exit code -9"):
            both.advance(3_600_000)
        both.restart("probe")
        both.advance(100)
        assert both.boots["probe"] == 2


def test_on_the_real_clock_it_starts_again() -> None:
    with pair(RealPair) as both:
        heard = Heard(both, "unit")
        assert heard.line() == ["up", 1]
        os.kill(_process(both, "unit"), signal.SIGKILL)
        assert heard.line() == ["up", 5]
        assert both.failure is None
        time.sleep(0.05)
        assert both.boots == {"unit": 2, "probe": 1}
