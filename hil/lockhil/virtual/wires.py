"""The wires between a virtual board's pins and the simulated board behind them.

They carry levels and readings as the board's data (`lockboards/boards/*.json`) says; what those
mean to the lock, `locksim` knows.
"""

from dataclasses import dataclass
from typing import Any

from locksim.board import SimBoard
from lockunit import board as port

FULL = 65_535
# The causes as `machine` numbers them; no port tells a brown-out from power-on.
RESET_CAUSES = {
    port.RESET_POWER: 1,
    port.RESET_BROWN_OUT: 1,
    port.RESET_WATCHDOG: 3,
    port.RESET_SOFT: 5,
}
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


class Wires:
    """One board's pins, soldered to `board`."""

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
        # What the converter's pins are off by: pin -> gain in thousandths, and an offset.
        self._off: dict[str, list[int]] = wiring.get("off", {})
        self._shown = {name: self.level(pin) for name, pin in self._inputs.items()}

    def drive(self, pin: int, level: int) -> None:
        """The board drives an output."""
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
        """The level of an input; contacts close to ground."""
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
        """The inputs that an event of this kind changed, as pins with their new levels."""
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
        """A converter's reading, 0 to 65,535; None: it fails."""
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
        gain, offset = self._off.get(str(pin), (1_000, 0))
        value = value * gain // 1_000 + offset
        return min(FULL, max(0, (value * FULL + full // 2) // full))

    def _tap(self, cells: int) -> int:
        voltages = [self._board.read_mv(cell) for cell in range(cells)]
        return port.FAILED if port.FAILED in voltages else sum(voltages)
