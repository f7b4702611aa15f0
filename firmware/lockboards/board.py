"""The core's port over `machine`: composes pins, converter, files and wire by the board's data.

It only passes on; which pin is which stands in `boards/*.json`, as soldered.
"""

import hashlib
import os

import cryptolib
import machine
from machine import UART, Pin

from lockboards import slots
from lockboards.analog import Channel, Thermometer
from lockboards.calibration import STORED_AS, Calibration
from lockboards.clock import set_utc, utc
from lockboards.files import Files
from lockboards.inputs import Inputs
from lockboards.markers import Markers
from lockboards.ring import Ring
from lockunit.board import EV_BOLT, EV_DOOR, EV_SUPPLY, FAILED, KEPT_ASIDE, PACK, Board

_LABEL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
_NOBODY = "?"
# `cryptolib` gives it no name.
_ECB = 1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockboards.radio import Radio
    from lockunit.board import Aes
    from lockunit.slot import Slot


def _output(number: int) -> Pin:
    return Pin(number, Pin.OUT, value=0)


class MachineBoard(Board):
    """A board as `wiring` (the content of a `boards/*.json`) describes it, names aside.

    `closed`: nobody can get at its console, so nothing is in a watchdog's way.
    """

    def __init__(
        self, wiring: "dict[str, dict[str, int]]", files: Files, closed: bool = False
    ) -> None:
        outputs = wiring["outputs"]
        # First of all: dark and still.
        self._green = _output(outputs["green"])
        self._red = _output(outputs["red"])
        self._throw = _output(outputs["motor_throw"])
        self._withdraw = _output(outputs["motor_withdraw"])
        self._load = _output(outputs["load"])
        self.files = files
        self.ring = Ring()
        self.inputs = Inputs(wiring["inputs"], self.ring)
        calibration = Calibration(files)
        converter = wiring.get("converter")

        def channel(name: str, pin: int, full: int) -> Channel:
            return Channel(pin, full, converter, calibration.of(name, full))

        # From the lowest cell's tap up; the last is the whole pack.
        taps = wiring["taps"]
        self._nodes = [
            channel("tap%d" % n, taps["pin%d" % n], taps["full_mv%d" % n])
            for n in range(1, taps["count"] + 1)
        ]
        motor, link = wiring["motor_ma"], wiring["link"]
        self._motor_ma = channel("motor_ma", motor["pin"], motor["full_ma"])
        self._thermometer = None
        if "temperature" in wiring:
            warmth = wiring["temperature"]
            self._thermometer = Thermometer(
                channel("temperature", warmth["pin"], warmth["full_mv"]),
                warmth["zero_mv"],
                warmth["mv_per_c"],
            )
        if calibration.refused:
            super().refuse(STORED_AS, calibration.refused)
        self.uart = UART(
            link["uart"],
            link["baud"],
            tx=Pin(link["tx"]),
            rx=Pin(link["rx"]),
            txbuf=2_048,
            rxbuf=1_024,
        )
        self._markers = Markers()
        # 0: none, so that a console may hold the board for as long as it likes; once it watches
        # nothing stops it.
        watchdog = wiring["watchdog"]
        watches = closed or watchdog.get("with_console", 1)
        self.watchdog_ms: int = watchdog["ms"] if watches else 0
        self._id = self._label(files.fetch("unit"))
        for name in files.aside:
            super().refuse(name, KEPT_ASIDE)
        self.radio = self._radio(wiring["radio"]["connections"]) if "radio" in wiring else None

    def _label(self, kept: "bytes | None") -> str:
        if kept is None:
            return _NOBODY
        if 0 < len(kept) <= 16 and all(byte in _LABEL for byte in kept):
            return kept.decode()
        self.refuse("unit", "expected at most 16 of A-Z, 0-9 and -")
        return _NOBODY

    def _radio(self, connections: int) -> "Radio | None":
        """The radio; one that doesn't start mustn't keep the door shut: it is refused."""
        try:
            # Boards without one don't spend the memory.
            from lockboards.radio import Radio  # noqa: PLC0415

            return Radio(connections, self._id, self.ring)
        except Exception as error:  # whatever it may be
            super().refuse("radio", "it doesn't start: " + str(error))
            return None

    def unit_id(self) -> str:
        return self._id

    def leds(self, green: int, red: int) -> None:
        self._green.value(green)
        self._red.value(red)

    def motor(self, direction: int) -> None:
        # Off before on: both at once is no direction.
        if direction > 0:
            self._withdraw.value(0)
            self._throw.value(1)
        else:
            self._throw.value(0)
            self._withdraw.value(1 if direction else 0)

    def motor_ma(self) -> int:
        return self._motor_ma.read()

    def load(self, on: int) -> None:
        self._load.value(on)

    def bolt_ends(self) -> int:
        return self.inputs.read(EV_BOLT)

    def door(self) -> int:
        return self.inputs.read(EV_DOOR)

    def cells(self) -> int:
        return len(self._nodes)

    def read_mv(self, cell: int) -> int:
        if cell == PACK:
            return self._nodes[-1].read()
        above = self._nodes[cell].read()
        if cell == 0 or above == FAILED:
            return above
        below = self._nodes[cell - 1].read()
        return FAILED if below == FAILED else above - below

    def temperature(self) -> int:
        return FAILED if self._thermometer is None else self._thermometer.read()

    def supply(self) -> int:
        return self.inputs.read(EV_SUPPLY)

    def reset_cause(self) -> int:
        return self._markers.cause()

    def markers(self) -> int:
        return self._markers.bits

    def mark(self, bits: int) -> None:
        self._markers.set(bits)

    def restart(self) -> None:
        machine.reset()

    def trial(self) -> bool:
        return slots.on_trial()

    def confirm(self) -> None:
        slots.confirm()

    def reject(self) -> None:
        slots.reject()

    def slot(self) -> "Slot | None":
        if slots.FOLDER not in ("/a", "/b"):
            return None
        # An update begins so: until then it takes no memory.
        from lockboards.otherslot import OtherSlot  # noqa: PLC0415

        return OtherSlot()

    def fetch(self, name: str) -> "bytes | None":
        return self.files.fetch(name)

    def write(self, name: str, data: bytes) -> None:
        self.files.store(name, data)

    def refuse(self, name: str, why: str) -> None:
        super().refuse(name, why)
        self.files.refuse(name)

    def append(self, name: str, data: bytes) -> None:
        self.files.append(name, data)

    def read(self, name: str, at: int, count: int) -> bytes:
        return self.files.read(name, at, count)

    def remove(self, name: str) -> None:
        self.files.remove(name)

    def names(self, prefix: str) -> "list[str]":
        return self.files.names(prefix)

    def calendar(self) -> int:
        return utc()

    def set_calendar(self, seconds: int) -> None:
        set_utc(seconds)

    def random(self, count: int) -> bytes:
        return os.urandom(count)

    def sha256(self, data: bytes) -> bytes:
        digest: bytes = hashlib.sha256(data).digest()
        return digest

    def aes(self, key: bytes) -> "Aes":
        return cryptolib.aes(key, _ECB)

    def send(self, line: bytes, wire: int = 0) -> None:
        if self.radio is None or wire == 0:
            self.uart.write(line + b"\n")
        else:
            self.radio.send(line, wire)

    def wires(self) -> int:
        return 0 if self.radio is None else self.radio.connections

    def drop(self, wire: int) -> None:
        if self.radio is not None:
            self.radio.drop(wire)

    def advertise(self, interval_ms: int, advert: bytes, answer: bytes) -> None:
        if self.radio is not None:
            self.radio.advertise(interval_ms, advert, answer)

    def gauge(self, percent: int, status: bytearray) -> None:
        if self.radio is not None:
            self.radio.gauge(percent, status)
