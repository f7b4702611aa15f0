"""The wires between a virtual board's pins and the simulated board behind them.

They carry levels and readings as the board's data (`lockboards/boards/*.json`) says; what those
mean to the lock, `locksim` knows.
"""

from dataclasses import dataclass
from typing import Any

from lockhil.virtual.soldered import FULL, RESET_CAUSES, Soldered
from locksim.board import SimBoard
from lockunit import board as port

_INPUTS = {
    port.EV_BUTTON: ("button",),
    port.EV_BOLT: ("end_locked", "end_unlocked"),
    port.EV_DOOR: ("door_closed", "door_open"),
    port.EV_SUPPLY: ("usb", "pack"),
}


@dataclass(slots=True)
class Outputs:
    """The levels of the pins that the board drives."""

    green: int = 0
    red: int = 0
    motor_throw: int = 0
    motor_withdraw: int = 0
    load: int = 0


class Wires(Soldered):
    """One board's pins and link, soldered to `board`."""

    def __init__(self, wiring: dict[str, Any], board: SimBoard) -> None:
        self._board = board
        self._outputs = {pin: name for name, pin in wiring["outputs"].items()}
        self._inputs: dict[str, int] = wiring["inputs"]
        self._names = {pin: name for name, pin in self._inputs.items()}
        self._levels = Outputs()
        # As it is: somebody may have held it since before the board started.
        self._button = board.button()
        taps = wiring["taps"]
        self._nodes: dict[int, tuple[int, int]] = {
            taps[f"pin{n}"]: (n, taps[f"full_mv{n}"]) for n in range(1, taps["count"] + 1)
        }
        self._top = taps["count"]
        self._motor_ma: dict[str, int] = wiring["motor_ma"]
        self._warmth: dict[str, int] = wiring["temperature"]
        self._shown = {name: self.level(pin) for name, pin in self._inputs.items()}
        self._line = b""

    def set_up(self, pin: int, bits: int) -> None:
        """The world behind it pulls as it likes, and tells of every edge."""

    def modulate(self, pin: int, duty: int) -> None:
        raise ValueError(f"the board modulates pin {pin} ({duty}), and nothing here takes that")

    def drive(self, pin: int, level: int) -> None:
        name = self._outputs.get(pin)
        if name is None:
            raise ValueError(f"the board drives pin {pin}, which nothing is soldered to")
        setattr(self._levels, name, level)
        levels = self._levels
        if name in ("green", "red"):
            self._board.leds(levels.green, levels.red)
        elif name == "load":
            self._board.load(levels.load)
        else:
            # Both bridge inputs alike stop the motor.
            self._board.motor(levels.motor_throw - levels.motor_withdraw)

    def level(self, pin: int) -> int:
        # Contacts close to ground.
        name = self._names.get(pin)
        if name is None:
            raise ValueError(f"the board reads pin {pin}, which nothing is soldered to")
        if name == "button":
            return 1 - self._button
        if name in ("end_locked", "end_unlocked"):
            end = port.END_LOCKED if name == "end_locked" else port.END_UNLOCKED
            return 0 if self._board.bolt_ends() & end else 1
        if name in ("door_closed", "door_open"):
            closed = port.DOOR_CLOSED if name == "door_closed" else port.DOOR_OPEN
            return 0 if self._board.door() == closed else 1
        source = port.SUPPLY_EXTERNAL if name == "usb" else port.SUPPLY_BATTERY
        return 1 if self._board.supply() == source else 0

    def edges(self, kind: int, arg: int) -> list[tuple[int, int]]:
        if kind == port.EV_BUTTON:
            self._button = arg
        found = []
        for name in _INPUTS[kind]:
            pin = self._inputs[name]
            level = self.level(pin)
            if level != self._shown[name]:
                self._shown[name] = level
                found.append((pin, level))
        return found

    def convert(self, pin: int) -> int | None:
        board = self._board
        if pin in self._nodes:
            cells, full = self._nodes[pin]
            top = cells == self._top
            value = board.read_mv(port.PACK) if top else self._tap(cells)
        elif pin == self._motor_ma["pin"]:
            value, full = board.motor_ma(), self._motor_ma["full_ma"]
        elif pin == self._warmth["pin"]:
            value, full = board.temperature(), self._warmth["full_mv"]
            if value != port.FAILED:
                value = self._warmth["zero_mv"] + value * self._warmth["mv_per_c"]
        else:
            raise ValueError(f"the board converts pin {pin}, which nothing is soldered to")
        if value == port.FAILED:
            return None
        return min(FULL, max(0, (value * FULL + full // 2) // full))

    def _tap(self, cells: int) -> int:
        voltages = [self._board.read_mv(cell) for cell in range(cells)]
        return port.FAILED if port.FAILED in voltages else sum(voltages)

    def sent(self, data: bytes) -> None:
        *lines, self._line = (self._line + data).split(b"\n")
        for line in lines:
            self._board.send(line)

    def advertise(self, interval_ms: int, advert: bytes, answer: bytes) -> None:
        self._board.advertise(interval_ms, advert, answer)

    def memory(self) -> int:
        return self._board.markers()

    def keep(self, bits: int) -> None:
        self._board.mark(bits)

    def cause(self) -> int:
        return RESET_CAUSES[self._board.reset_cause()]

    def calendar(self) -> int:
        return self._board.calendar()

    def set_calendar(self, seconds: int) -> None:
        self._board.set_calendar(seconds)

    def random(self) -> bytes:
        return self._board.random(4)
