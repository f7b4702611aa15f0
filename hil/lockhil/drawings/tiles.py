"""The circuits around a board, a tile each: what a pin of the board is wired to.

A tile is drawn in its own corner of the sheet, with its place given; names of nets in capitals meet
those of the same name on other tiles.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lockhil.drawings.ink import Ink
from lockhil.drawings.parts import FALLS_OHM, LOAD_MA, LOWER_OHM, Divider, Parts, ohms

WIDTH = 480
_OHM = "\N{GREEK CAPITAL LETTER OMEGA}"


@dataclass(frozen=True, slots=True)
class Tile:
    """Its title, how high it is, and what draws it with its upper left corner there."""

    title: str
    height: int
    draw: Callable[[Ink, int, int], None]


def tiles(wiring: dict[str, Any], parts: Parts, fed: str) -> list[Tile]:
    """All of a unit's; `fed`: the board's pin that takes 5 V."""
    outputs, inputs = wiring["outputs"], wiring["inputs"]
    return [
        _led(outputs["green"], 1, "green", "#2da44e", parts),
        _led(outputs["red"], 2, "red", "#cf222e", parts),
        _load(outputs["load"], parts),
        _bridge(outputs["motor_throw"], outputs["motor_withdraw"]),
        _current(wiring["motor_ma"]["pin"], parts),
        _supply(fed),
        *(
            _tap(wiring["taps"][f"pin{n}"], n, each, len(parts.dividers))
            for n, each in enumerate(parts.dividers, 1)
        ),
        _warmth(wiring.get("temperature")),
        _contacts(inputs),
        _sources(inputs["usb"], inputs["pack"]),
        _link(wiring["link"]),
    ]


def gpio(number: int) -> str:
    """What boards print beside the pin."""
    return f"GPIO{number}"


def _falls(ink: Ink, x: float, y: float, name: str) -> None:
    ink.dot(x, y)
    ink.ground(x, ink.down(x, y, name, ohms(FALLS_OHM)))


def _led(pin: int, number: int, color: str, paint: str, parts: Parts) -> Tile:
    def draw(ink: Ink, x: int, y: int) -> None:
        at = ink.pin(x + 16, y + 64, gpio(pin))
        ink.wire((at, y + 64), (at + 40, y + 64))
        _falls(ink, at + 20, y + 64, f"R{number + 2}")
        end = ink.across(at + 80, y + 64, f"R{number}", ohms(parts.led_ohm))
        ink.wire((at + 40, y + 64), (at + 80, y + 64))
        ink.wire((end, y + 64), (end + 30, y + 64), (end + 30, y + 70))
        ink.ground(end + 30, ink.led(end + 30, y + 70, f"D{number} {color}", paint))

    return Tile(f"{color.capitalize()} LED", 165, draw)


def _load(pin: int, parts: Parts) -> Tile:
    def draw(ink: Ink, x: int, y: int) -> None:
        at = ink.pin(x + 16, y + 150, gpio(pin))
        end = ink.across(at, y + 150, "R10", f"100 {_OHM}")
        _falls(ink, end + 20, y + 150, "R5")
        ink.wire((end, y + 150), (end + 90, y + 150))
        ink.transistor(end + 90, y + 150, "Q1 N-MOSFET", ("G", "D", "S"))
        ink.ground(end + 130, y + 180)
        ink.rail(end + 130, y + 64, "PACK+")
        ink.down(end + 130, y + 64, "R9", f"{ohms(parts.load_ohm)}, 5 W: {LOAD_MA} mA at 6 V")

    return Tile("Test load (never the motor)", 240, draw)


def _bridge(throw: int, withdraw: int) -> Tile:
    def draw(ink: Ink, x: int, y: int) -> None:
        legs = []
        for row, pin, name, leg in (
            (92, throw, "R6", "IN1"),
            (182, withdraw, "R7", "IN2"),
        ):
            at = ink.pin(x + 16, y + row, gpio(pin))
            ink.wire((at, y + row), (x + 230, y + row))
            _falls(ink, at + 26, y + row, name)
            legs.append((y + row + 5, leg))
        ink.box(x + 230, y + 62, 110, 152)
        for at_y, leg in legs:
            ink.text(x + 236, at_y, leg, of="small")
        ink.text(x + 285, y + 134, "U1", of="bold", anchor="middle")
        ink.text(x + 285, y + 150, "DRV8833", of="small", anchor="middle")
        ink.rail(x + 285, y + 62, "VM")
        ink.ground(x + 285, y + 214)
        for row, leg in ((92, "OUT1"), (182, "OUT2")):
            ink.text(x + 334, y + row + 5, leg, of="small", anchor="end")
        ink.wire((x + 340, y + 92), (x + 410, y + 92), (x + 410, y + 113))
        ink.wire((x + 340, y + 182), (x + 410, y + 182), (x + 410, y + 161))
        ink.mark(f'<circle cx="{x + 410}" cy="{y + 137}" r="24" class="p"/>')
        ink.text(x + 410, y + 143, "M", of="bold", anchor="middle")
        ink.text(x + 356, y + 212, "IN1 high: the bolt", of="small")
        ink.text(x + 356, y + 227, "goes out (locks)", of="small")
        ink.text(x + 160, y + 262, "nSLEEP (EEP) of U1 to 3V3; its other inputs to GND", of="small")

    return Tile("Motor: an H-bridge, both inputs low is off", 280, draw)


def _current(pin: int, parts: Parts) -> Tile:
    def draw(ink: Ink, x: int, y: int) -> None:
        ink.rail(x + 150, y + 70, "PACK+")
        ink.wire((x + 150, y + 70), (x + 150, y + 74))
        ink.down(x + 150, y + 74, "R8", f"{parts.shunt_mohm} m{_OHM}")
        ink.wire((x + 150, y + 130), (x + 150, y + 150))
        ink.text(x + 150, y + 166, "to VM", of="bold", anchor="middle")
        ink.text(x + 150, y + 181, "of U1", of="small", anchor="middle")
        ink.dot(x + 150, y + 74)
        ink.dot(x + 150, y + 130)
        ink.wire((x + 150, y + 74), (x + 250, y + 74), (x + 250, y + 92), (x + 270, y + 92))
        ink.wire((x + 150, y + 130), (x + 250, y + 130), (x + 250, y + 122), (x + 270, y + 122))
        ink.box(x + 270, y + 72, 96, 70)
        ink.text(x + 275, y + 96, "IN+", of="small")
        ink.text(x + 275, y + 127, "IN\N{MINUS SIGN}", of="small")
        ink.text(x + 322, y + 92, "U2", of="bold", anchor="middle")
        ink.text(x + 324, y + 112, "INA180A1", of="small", anchor="middle")
        ink.rail(x + 322, y + 72, "3V3")
        ink.ground(x + 322, y + 142)
        ink.wire((x + 366, y + 107), (x + 410, y + 107), (x + 410, y + 125))
        ink.text(x + 370, y + 101, "OUT", of="small")
        ink.dot(x + 410, y + 107)
        ink.ground(x + 410, ink.capacitor(x + 410, y + 107, "C3", "100 nF"))
        ink.wire((x + 410, y + 107), (x + 410, y + 60))
        ink.pin(x + 374, y + 54, gpio(pin))

    return Tile("Motor's current", 215, draw)


def _supply(fed: str) -> Tile:
    def draw(ink: Ink, x: int, y: int) -> None:
        ink.block(x + 16, y + 70, 70, 110, "J1", "the pack")
        ink.wire((x + 86, y + 84), (x + 150, y + 84))
        ink.box(x + 98, y + 77, 40, 14, r=0)
        ink.wire((x + 98, y + 84), (x + 138, y + 84))
        ink.text(x + 118, y + 108, "F1 2 A", of="small", anchor="middle")
        ink.wire((x + 150, y + 84), (x + 250, y + 84))
        ink.dot(x + 176, y + 84)
        ink.rail(x + 176, y + 84, "PACK+")
        ink.wire((x + 86, y + 136), (x + 100, y + 136))
        ink.text(x + 104, y + 141, "CELL 1+", of="bold")
        ink.text(x + 104, y + 172, "where the cells meet", of="small")
        ink.wire((x + 86, y + 172), (x + 96, y + 172), (x + 96, y + 178))
        ink.ground(x + 96, y + 178)
        ink.block(x + 250, y + 64, 76, 44, "U3", "to 5 V")
        ink.ground(x + 288, y + 108)
        end = ink.diode(x + 326, y + 84, "D3")
        ink.wire((end, y + 84), (end + 8, y + 84))
        ink.pin(end + 8, y + 84, fed)
        ink.dot(x + 228, y + 84)
        ink.ground(x + 228, ink.capacitor(x + 228, y + 84, "", ""))
        ink.text(x + 240, y + 150, "C9 470 \N{MICRO SIGN}F", of="small")

    return Tile("Supply; GND is one for all", 215, draw)


def _tap(pin: int, number: int, each: Divider, count: int) -> Tile:
    rail = "PACK+" if number == count else f"CELL {number}+"

    def draw(ink: Ink, x: int, y: int) -> None:
        ink.rail(x + 150, y + 66, rail)
        middle = ink.down(x + 150, y + 66, f"R{9 + 2 * number}", ohms(each.upper_ohm))
        ink.dot(x + 150, middle)
        end = ink.pin(x + 16, middle, gpio(pin))
        ink.wire((end, middle), (x + 290, middle))
        ink.ground(x + 150, ink.down(x + 150, middle, f"R{10 + 2 * number}", ohms(LOWER_OHM)))
        ink.ground(x + 290, ink.capacitor(x + 290, middle, f"C{number}", "100 nF"))
        ink.text(x + 250, y + 84, f"{each.makes_mv} mV is full scale", of="small")

    return Tile(f"tap{number}: the voltage at {rail}", 225, draw)


def _warmth(sensor: dict[str, int] | None) -> Tile:
    def draw(ink: Ink, x: int, y: int) -> None:
        if sensor is None:
            ink.text(x + 16, y + 66, "None: this board has no converter's pin left for it.")
            ink.text(x + 16, y + 88, "The unit takes the temperature for unknown, and excuses")
            ink.text(x + 16, y + 106, "no sag of the pack by cold.")
            return
        ink.box(x + 150, y + 66, 100, 60)
        ink.text(x + 200, y + 92, "U4", of="bold", anchor="middle")
        ink.text(x + 200, y + 110, "TMP36", of="small", anchor="middle")
        ink.rail(x + 200, y + 66, "3V3")
        ink.ground(x + 200, y + 126)
        ink.wire((x + 250, y + 96), (x + 340, y + 96))
        ink.dot(x + 300, y + 96)
        ink.ground(x + 300, ink.capacitor(x + 300, y + 96, "C4", "100 nF"))
        ink.pin(x + 340, y + 96, gpio(sensor["pin"]))
        ink.text(x + 256, y + 90, "OUT", of="small")

    return Tile("Temperature, close to the pack", 190, draw)


def _contacts(inputs: dict[str, int]) -> Tile:
    names = {
        "button": "S1 button",
        "end_locked": "S2 closed when locked",
        "end_unlocked": "S3 closed when unlocked",
        "door_closed": "S4 closed when the door is",
        "door_open": "S5 closed when it is open",
    }

    def draw(ink: Ink, x: int, y: int) -> None:
        for row, (name, words) in enumerate(names.items()):
            at = y + 66 + 42 * row
            end = ink.pin(x + 16, at, gpio(inputs[name]))
            end = ink.across(max(end, x + 90), at, f"R{15 + row}", "")
            ink.wire((x + 74, at), (x + 102, at))
            end = ink.contact(end, at, words)
            ink.wire((end, at), (end, y + 66 + 42 * 4 + 8))
        ink.ground(end, y + 66 + 42 * 4 + 8)
        ink.text(
            x + 16, y + 282, f"R15 to R19: 1 k{_OHM}. The pins pull up by themselves.", of="small"
        )

    return Tile("Contacts, each to GND", 295, draw)


def _sources(usb: int, pack: int) -> Tile:
    def draw(ink: Ink, x: int, y: int) -> None:
        ink.rail(x + 120, y + 66, "VBUS")
        middle = ink.down(x + 120, y + 66, "R20", f"4.7 k{_OHM}")
        ink.dot(x + 120, middle)
        end = ink.pin(x + 16, middle, gpio(usb))
        ink.wire((end, middle), (x + 120, middle))
        ink.ground(x + 120, ink.down(x + 120, middle, "R21", f"8.2 k{_OHM}"))
        ink.rail(x + 222, y + 150, "VBUS")
        ink.wire((x + 222, y + 150), (x + 222, y + 180))
        end = ink.across(x + 222, y + 180, "R22", f"47 k{_OHM}")
        ink.transistor(end, y + 180, "Q2 NPN", ("", "C", "E"))
        ink.ground(end + 40, y + 210)
        ink.rail(end + 40, y + 66, "3V3")
        ink.down(end + 40, y + 66, "R23", f"10 k{_OHM}")
        ink.wire((end + 40, y + 122), (end + 40, y + 150))
        ink.dot(end + 40, y + 134)
        ink.wire((end + 40, y + 134), (x + 386, y + 134))
        ink.pin(x + 386, y + 134, gpio(pack))

    return Tile("Which source feeds it", 255, draw)


def _link(link: dict[str, int]) -> Tile:
    def draw(ink: Ink, x: int, y: int) -> None:
        ink.box(x + 240, y + 44, 216, 126)
        ink.text(x + 248, y + 160, "USB to serial, 3.3 V (not 5 V)", of="small")
        for row, pin, word in ((66, gpio(link["tx"]), "RXD"), (100, gpio(link["rx"]), "TXD")):
            end = ink.pin(x + 16, y + row, pin)
            ink.wire((end, y + row), (x + 240, y + row))
            ink.text(x + 248, y + row + 5, word)
        ink.wire((x + 200, y + 132), (x + 240, y + 132))
        ink.ground(x + 200, y + 132)
        ink.text(x + 248, y + 137, "GND")
        ink.text(x + 330, y + 88, f"{link['baud']} baud", of="small")

    return Tile(f"The link (UART {link['uart']})", 185, draw)
