"""A unit's board and its probe's side by side: each net of a wires file, with what lies in it."""

from typing import Any

from lockhil.boards.pins.rules import chips
from lockhil.drawings.ink import Ink
from lockhil.drawings.sheet import header_pin, table
from lockhil.drawings.tiles import gpio

_OHM = "\N{GREEK CAPITAL LETTER OMEGA}"
_ROW, _TOP, _LEFT, _RIGHT, _WIDTH = 46, 120, 250, 880, 1190
_FALLS = ("green", "red", "motor_throw", "motor_withdraw", "load")
# The ripple of a PWM of some kHz goes, and a reading is there within 50 ms.
_FILTER = (
    (f"resistor 10 k{_OHM}", "in each voltage: with its capacitor it makes one of a PWM"),
    ("capacitor 1 \N{MICRO SIGN}F, ceramic", "at the unit's side of it"),
)
_PARTS = [
    ("12", f"resistor 1 k{_OHM}", "in each net of two boards: no output fights another"),
    ("5", f"resistor 100 k{_OHM}", "LEDs, motor and load to GND: low while the unit's pins float"),
    ("1", "high-side switch for 5 V, off by a low input (TPS22918 on a carrier)", "supply"),
    ("1", f"resistor 10 k{_OHM}", "its input to the probe's 3V3: on while the probe is blank"),
]


def pair(wires: dict[str, Any], unit: dict[str, Any]) -> str:
    """The sheet of this wires file and the unit's board's data, as SVG."""
    ink = Ink()
    names = f"{wires['unit_board']} and its probe, a Raspberry Pi Pico"
    ink.text(24, 40, f"A unit's board under test: {names}", of="title")
    ink.text(
        24, 64, "Made from the wires file. It was soldered and tried by nobody yet.", of="small"
    )
    rows = wires["wires"]
    height = _ROW * (len(rows) + 1) + 50
    for x, width, words, about in (
        (24, _LEFT - 24, "the unit", chips()[unit["chip"]]["name"].partition(" (")[0]),
        (_RIGHT, _WIDTH - 24 - _RIGHT, "the probe", "Raspberry Pi Pico"),
    ):
        ink.box(x, _TOP - 36, width, height, r=10)
        ink.text(x + width / 2, _TOP - 12, words, of="bold", anchor="middle")
        ink.text(x + width / 2, _TOP + 5, about, of="small", anchor="middle")
    for at, wire in enumerate(rows):
        _wire(ink, _TOP + 34 + _ROW * at, wire)
    end = _TOP + 34 + _ROW * len(rows)
    ink.wire((_LEFT, end), (_RIGHT, end))
    ink.text(_LEFT - 12, end + 5, "GND", of="bold", anchor="end")
    ink.text(_RIGHT + 12, end + 5, "GND", of="bold")
    bottom = _TOP + height - 20
    voltages = str(sum(wire["kind"] == "analogue" for wire in rows))
    parts = [*_PARTS[:2], *((voltages, *part) for part in _FILTER), *_PARTS[2:]]
    bottom = table(ink, 24, bottom, (50, 560, 532), ("", "part", "where"), parts)
    for note in (
        "The probe stands in for pack, motor, contacts and sensors: none of them is there.",
        "Each board has its own USB for its console and its link; the unit's 5 V comes through the "
        "switch alone,",
        "so its USB lead must not carry 5 V (cut, or taped over).",
        "The probe's link: GP{tx} and GP{rx}, to an adapter as on the unit's sheet.".format(
            **wires["link"]
        ),
        "GP26 to GP28 read back what is at the unit's pins.",
    ):
        bottom += 20
        ink.text(24, bottom, note)
    return ink.svg(_WIDTH, bottom + 24)


def _wire(ink: Ink, y: int, wire: dict[str, Any]) -> None:
    net, probe = str(wire["net"]), int(wire["probe"])
    ink.text(_RIGHT + 12, y + 5, f"GP{probe}", of="bold")
    ink.text(_RIGHT + 70, y + 5, header_pin("RP2040", probe), of="small")
    if "readback" in wire:
        back = int(wire["readback"])
        ink.text(_RIGHT + 130, y + 5, f"and GP{back}", of="bold")
        ink.text(
            _RIGHT + 130,
            y + 20,
            f"{header_pin('RP2040', back)}, to {gpio(wire['unit'])} too",
            of="small",
        )
    if "unit" not in wire:
        ink.text(_LEFT - 12, y + 5, "5V", of="bold", anchor="end")
        ink.box(_LEFT + 230, y - 15, 150, 30)
        ink.text(_LEFT + 305, y + 5, "switch, from 5 V", anchor="middle")
        ink.wire((_LEFT, y), (_LEFT + 230, y))
        ink.wire((_LEFT + 380, y), (_RIGHT, y))
        ink.text(_LEFT + 20, y - 6, net)
        return
    ink.text(_LEFT - 12, y + 5, gpio(wire["unit"]), of="bold", anchor="end")
    ink.text(_LEFT + 20, y - 6, net)
    analogue = wire["kind"] == "analogue"
    end = ink.across(_LEFT + 300, y, "", "")
    ink.text(_LEFT + 330, y - 11, f"10 k{_OHM}" if analogue else f"1 k{_OHM}", anchor="middle")
    ink.wire((_LEFT, y), (_LEFT + 300, y))
    ink.wire((end, y), (_RIGHT, y))
    if net in _FALLS:
        _to_ground(ink, y, f"100 k{_OHM} to GND")
    elif analogue:
        _to_ground(ink, y, "1 \N{MICRO SIGN}F to GND")
        ink.text(end + 16, y - 6, f"{wire['full']} is 3.3 V", of="small")


def _to_ground(ink: Ink, y: int, words: str) -> None:
    x = _LEFT + 190
    ink.dot(x, y)
    ink.wire((x, y), (x, y + 8))
    ink.ground(x, y + 6)
    ink.text(x + 16, y + 18, words, of="small")
