"""Two boards wired to each other, each with a `main.py` of the test's own that says JSON lines."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lockhil.virtual.image import build
from lockhil.virtual.pair import RealPair, VirtualPair
from lockhil.virtual.pair.both import Both
from tests.lockhil.virtual.rig import SAYS

WIRES = {
    "wires": [
        {"net": "button", "unit": 13, "probe": 5, "kind": "digital"},
        {"net": "green", "unit": 2, "probe": 6, "kind": "digital"},
        {"net": "tap1", "unit": 32, "probe": 18, "readback": 35, "kind": "analogue"},
        {"net": "tap2", "unit": 33, "probe": 19, "kind": "analogue", "tau_ms": 5},
        {"net": "supply", "probe": 22, "kind": "supply"},
    ]
}
STAY = "\nwhile True:\n    time.sleep(3_600)\n"
# The LED shows the button, which closes to ground; the unit tells why it started.
UNIT = """
from machine import ADC, Pin
led = Pin(2, Pin.OUT, value=0)
button = Pin(13, Pin.IN, Pin.PULL_UP)
button.irq(lambda pin: led.value(1 - pin.value()))
say(["up", machine.reset_cause()])
"""
PROBE = """
from machine import ADC, PWM, Pin
def seen(pin):
    say([time.ticks_ms(), pin.value()])
green = Pin(6, Pin.IN)
green.irq(seen)
button = Pin(5, Pin.OUT, value=1)
"""
PRESSING = """
def press(hold_ms):
    button.off()
    time.sleep_ms(hold_ms)
    button.on()
"""
CLOCKS = (VirtualPair, RealPair)
Kind = type[VirtualPair] | type[RealPair]


@contextmanager
def pair(
    kind: Kind,
    unit: str = UNIT,
    probe: str = PROBE,
    wiring: Mapping[str, Any] = WIRES,
    files: Mapping[str, bytes] | None = None,
    **options: Any,
) -> Iterator[Any]:
    """A pair on one of the clocks, whose boards run these programs and then stay; `files`: beside
    those of the unit."""
    with TemporaryDirectory() as folder:
        disks = [Path(folder) / side for side in ("unit", "probe")]
        for disk, main, more in zip(disks, (unit, probe), (files, None), strict=True):
            content = {**(more or {}), "main.py": (SAYS + main + STAY).encode()}
            shutil.copyfile(build(content), disk)
        with kind(wiring, *disks, **options) as both:
            yield both


def shown(both: Both, net: str) -> list[Any]:
    """What a net showed, one after the other."""
    return [event.v for event in both.events if event.ch == net]


class Heard:
    """What a board says from now on."""

    def __init__(self, both: Both, side: str) -> None:
        self._transport = both.transport(side)
        self._rest = b""
        self._lines: list[Any] = []

    def line(self, most_ms: int = 20_000) -> Any:
        """The next that it says. AssertionError: nothing."""
        while not self._lines:
            came = self._transport.read(most_ms)
            assert came is not None, "nothing was said"
            *lines, self._rest = (self._rest + came[1]).split(b"\n")
            self._lines = [json.loads(line) for line in lines]
        return self._lines.pop(0)

    def nothing(self) -> bool:
        """Whether nothing more was said until now."""
        return not self._lines and self._transport.read(0) is None
