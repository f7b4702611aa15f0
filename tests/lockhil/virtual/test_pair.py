"""Two boards wired to each other: what one drives the other reads, on either clock."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockhil.client import Link
from lockhil.firmware import laid_out
from lockhil.targets.options import Options
from lockhil.targets.pair import open_pair
from lockhil.targets.probed import start
from lockhil.virtual.pair import Begin, RealPair, VirtualPair
from lockhil.virtual.soldered import FULL
from tests.lockhil.virtual.pairrig import CLOCKS, PRESSING, PROBE, UNIT, Heard, Kind, pair, shown


@pytest.mark.parametrize("kind", CLOCKS)
def test_an_edge_goes_over_a_wire_and_back(kind: Kind) -> None:
    # On the wall's clock the unit may be up after the first of them.
    times = 2 if kind is VirtualPair else 60
    presses = PRESSING + f"for _ in range({times}):\n    time.sleep_ms(300)\n    press(150)\n"
    with pair(kind, probe=PROBE + presses) as both:
        probe = Heard(both, "probe")
        told = [probe.line() for _ in range(4)]
        green = [(event.t_ms, event.v) for event in both.events if event.ch == "green"]
    levels = [level for _, level in told]
    assert levels == [1, 0, 1, 0] or (kind is RealPair and levels == [0, 1, 0, 1])
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
        # On the wall's clock the unit may begin after the first of them.
        times = len(both.conflicts)
        assert both.conflicts == ["green"] * times
        assert times == 2 or (kind is RealPair and times == 1)


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


@pytest.mark.parametrize("target", ["pair", "pair:real"])
def test_the_probe_saw_what_happened(target: str) -> None:
    """The firmware and the probe's own program: a press, and each LED's edges, beside the truth."""
    with open_pair(target, Options()) as (bench, line, tolerance_ms, both):
        link = Link(line)
        start(bench, link, Options(), target=target, unit="", firmware="", clock="")
        assert link.call("unit.hello")["unit"] == "SIM-0001"
        began = len(both.events)
        mark = bench.mark()
        bench.press()
        bench.clock.advance(seconds=12)
        for net in ("green", "red"):
            saw = [(event.t_ms, event.v) for event in bench.since(mark) if event.ch == f"led.{net}"]
            true = [(event.t_ms, event.v) for event in both.events[began:] if event.ch == net]
            assert [v for _, v in saw] == [v for _, v in true]
            assert len(saw) >= 2 or net == "red"
            # Both count from their own zero: what lies between two edges is the same.
            for (a, b), (c, d) in zip(pairwise(saw), pairwise(true), strict=True):
                assert abs((b[0] - a[0]) - (d[0] - c[0])) <= 2 * tolerance_ms
        assert not both.conflicts
