"""Two boards wired to each other: what one drives the other reads, on either clock."""

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockhil.firmware import laid_out
from lockhil.virtual.pair import Begin, RealPair, VirtualPair
from lockhil.virtual.pair.both import Both
from lockhil.virtual.soldered import FULL
from locksim.mainloop import FirmwareCrashError
from tests.full import sliced
from tests.lockhil.virtual.pairrig import CLOCKS, PRESSING, PROBE, UNIT, Heard, pair

Kind = type[VirtualPair] | type[RealPair]


def until(both: Both, done: Callable[[], bool]) -> None:
    """Let time pass until then, ten seconds of it at most."""
    for _ in range(2_000):
        if done():
            return
        both.advance(10)
    raise AssertionError("it never happened")


def shown(both: Both, net: str) -> list[Any]:
    return [event.v for event in both.events if event.ch == net]


@pytest.mark.parametrize("kind", CLOCKS)
def test_an_edge_goes_over_a_wire_and_back(kind: Kind) -> None:
    presses = PRESSING + "for _ in range(2):\n    time.sleep_ms(300)\n    press(150)\n"
    with pair(kind, probe=PROBE + presses) as both:
        probe = Heard(both, "probe")
        told = [probe.line() for _ in range(4)]
        green = [(event.t_ms, event.v) for event in both.events if event.ch == "green"]
    assert [level for _, level in told] == [1, 0, 1, 0]
    if kind is VirtualPair:
        assert told == [[300, 1], [450, 0], [750, 1], [900, 0]]
        assert green == [(0, 0), *map(tuple, told)]


@pytest.mark.parametrize("kind", CLOCKS)
def test_an_input_that_nobody_drives_reads_its_pull_or_what_the_wire_says(kind: Kind) -> None:
    unit = """
from machine import Pin
pulls = (Pin.PULL_UP, Pin.PULL_DOWN, None)
say([Pin(pin, Pin.IN, pull).value() for pin in (13, 2, 40) for pull in pulls])
"""
    wiring = {
        "wires": [
            {"net": "idle high", "unit": 13, "probe": 5, "kind": "digital", "idle": 1},
            {"net": "idle low", "unit": 2, "probe": 6, "kind": "digital"},
        ]
    }
    with pair(kind, unit, "", wiring) as both:
        assert Heard(both, "unit").line() == [1, 0, 1, 1, 0, 0, 1, 0, 0]


def test_an_open_drain_lets_go_and_an_output_that_becomes_an_input_too() -> None:
    probe = """
from machine import Pin
button = Pin(5, Pin.OPEN_DRAIN, value=1)
for level in (0, 1):
    time.sleep_ms(100)
    button.value(level)
time.sleep_ms(100)
button.init(Pin.OUT, value=0)
time.sleep_ms(100)
button.init(Pin.IN)
"""
    with pair(VirtualPair, probe=probe) as both:
        both.advance(1_000)
        seen = [(event.t_ms, event.v) for event in both.events if event.ch == "button"]
    assert seen == [(0, 0), (0, 1), (100, 0), (200, 1), (300, 0), (400, 1)]


# The unit converts what the probe makes, whenever its button goes down.
CONVERTING = """
from machine import ADC, Pin
tap = ADC(Pin(32))
button = Pin(13, Pin.IN, Pin.PULL_UP)
button.irq(lambda _: say(tap.read_u16()), Pin.IRQ_FALLING)
"""


@settings(max_examples=5)
@given(duties=st.lists(st.integers(0, FULL), min_size=20, max_size=20))
def test_a_voltage_arrives_as_it_was_made(duties: list[int]) -> None:
    probe = f"""
from machine import ADC, PWM, Pin
button, tap = Pin(5, Pin.OUT, value=1), PWM(Pin(18), freq=20_000)
time.sleep_ms(1)
back = ADC(Pin(35))
for duty in {[0, FULL, *duties]}:
    tap.duty_u16(duty)
    button.off()
    time.sleep_ms(1)
    button.on()
    say(back.read_u16())
"""
    with pair(VirtualPair, CONVERTING, probe) as both:
        both.advance(100)
        for side in ("unit", "probe"):
            heard = Heard(both, side)
            assert [heard.line() for _ in range(22)] == [0, FULL, *duties]


def test_the_firmwares_own_channel_reads_it_within_half_a_step() -> None:
    """The duty that stands for a value, through the driver's scaling, is that value."""
    unit = """
from machine import Pin
from lockboards.analog import Channel
channel = Channel(32, 4_950)
button = Pin(13, Pin.IN, Pin.PULL_UP)
button.irq(lambda _: say(channel.read()), Pin.IRQ_FALLING)
"""
    probe = """
from machine import PWM, Pin
button, tap = Pin(5, Pin.OUT, value=1), PWM(Pin(18), freq=20_000)
time.sleep_ms(1)
for mv in range(0, 4_950, 7):
    tap.duty_u16((mv * 65_535 + 2_475) // 4_950)
    button.off()
    time.sleep_ms(1)
    button.on()
"""
    with pair(VirtualPair, unit, probe, files=laid_out()) as both:
        both.advance(2_000)
        heard = Heard(both, "unit")
        assert [heard.line() for _ in range(708)] == list(range(0, 4_950, 7))


def test_a_filter_takes_its_time() -> None:
    probe = """
from machine import PWM, Pin
PWM(Pin(19), freq=20_000, duty_u16=60_000)
"""
    unit = """
from machine import ADC, Pin
tap = ADC(Pin(33))
for _ in range(8):
    say(tap.read_u16())
    time.sleep_ms(5)
"""
    with pair(VirtualPair, unit, probe) as both:
        both.advance(100)
        heard = Heard(both, "unit")
        read = [heard.line() for _ in range(8)]
    # 1 - exp(-t / tau), t = 0, tau, 2 tau ...
    assert read[:4] == [0, 37_927, 51_880, 57_013]
    assert 59_900 < read[-1] < 60_000


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


@pytest.mark.parametrize("kind", CLOCKS)
def test_two_outputs_that_differ_are_reported(kind: Kind) -> None:
    probe = """
from machine import Pin
green = Pin(6, Pin.OUT, value=1)
time.sleep_ms(200)
green.off()
time.sleep_ms(200)
green.on()
say([green.value()])
"""
    with pair(kind, probe=probe) as both:
        # Who pulls to ground wins.
        assert Heard(both, "probe").line() == [0]
        assert both.conflicts == ["green", "green"]


def test_swapped_wires_lead_elsewhere_from_the_start_or_from_now_on() -> None:
    pressing = PROBE + PRESSING + "time.sleep_ms(100)\npress(100)\ntime.sleep_ms(800)\npress(100)\n"
    with pair(VirtualPair, probe=pressing, miswired={"button": "green"}) as both:
        both.advance(1_500)
        assert Heard(both, "probe").line() == [0, 1]  # the unit's pull-up, on the wrong wire
        assert "button" in both.conflicts
    with pair(VirtualPair, probe=pressing) as both:
        both.advance(500)
        assert shown(both, "green") == [0, 1, 0]
        both.swap_wires("button", "green")
        both.advance(1_000)
        assert shown(both, "button")[-1] == 0
        assert "button" in both.conflicts
        both.swap_wires("button", "green")
        both.advance(1)
        assert (shown(both, "button")[-1], shown(both, "green")[-1]) == (1, 0)


def test_the_same_pair_does_the_same_again() -> None:
    unit = UNIT + "import os\nfor _ in range(20):\n    time.sleep_ms(7 + os.urandom(1)[0])\n"
    unit += "    led(1)\n    led(0)\n"
    pressing = PROBE + PRESSING + "for ms in range(1, 40):\n    time.sleep_ms(ms)\n    press(ms)\n"

    def once(seed: int) -> tuple[str, bytes]:
        with pair(VirtualPair, unit, pressing, begin=Begin(seed=seed)) as both:
            both.advance(5_000)
            return "\n".join(map(str, both.events)), both.chances["unit"]

    one = once(1)
    assert len(one[0].splitlines()) > 100
    assert once(1) == one
    assert once(2) != one


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
    pid: int = both._places[side].loop.child._process.pid
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
