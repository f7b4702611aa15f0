"""A board's sheet: its pins, the circuits around them, the parts to buy."""

from collections.abc import Sequence
from typing import Any

from lockhil.boards.pins.rules import chips, uses
from lockhil.drawings.ink import Ink
from lockhil.drawings.parts import work_out
from lockhil.drawings.tiles import WIDTH, Tile, gpio, tiles

_COLUMNS, _GAP, _TOP = 3, 16, 84
_ROW = 22
# Where a board takes 5 V; and a Pico's pins as they are counted on its header.
_FED = {"RP2040": "VSYS", "RP2350": "VSYS"}
_ROWS_OF_HEADER = (0, 1, None, 2, 3, 4, 5, None, 6, 7, 8, 9, None, 10, 11, 12, 13, None, 14, 15)
_FAR_SIDE = (16, 17, None, 18, 19, 20, 21, None, 22, None, 26, 27, None, 28)


# What boards print there that don't print the number.
_PRINTED = {"ESP32": {36: "VP", 39: "VN"}}


def header_pin(chip: str, pin: int) -> str:
    """Where a Pico's pin is on its edge, or what a board prints there; "": the number itself."""
    if chip not in _FED:
        return _PRINTED.get(chip, {}).get(pin, "")
    near = {name: at for at, name in enumerate(_ROWS_OF_HEADER, 1)}
    far = {name: at for at, name in enumerate(_FAR_SIDE, 21)}
    return f"pin {near.get(pin) or far.get(pin)}"


def unit(wiring: dict[str, Any]) -> str:
    """The sheet of a unit on this board, as SVG."""
    chip = chips()[wiring["chip"]]
    parts = work_out(wiring)
    ink = Ink()
    ink.text(24, 40, f"Lock unit on {wiring['board']}: {chip['name']}", of="title")
    ink.text(
        24, 64, "Made from the board's data. It was soldered and tried by nobody yet.", of="small"
    )
    fed = _FED.get(wiring["chip"], "5V")
    bottom = _grid(ink, tiles(wiring, parts, fed), _TOP)
    pins = [(gpio(use.pin), header_pin(wiring["chip"], use.pin), use.what) for use in uses(wiring)]
    pins.sort(key=lambda row: int(row[0][4:]))
    left = table(ink, 24, bottom + 12, (90, 80, 290), ("pin", "header", "what for"), pins)
    rows = [(str(count), what, where) for count, what, where in parts.rows]
    x = 24 + WIDTH + _GAP
    right = table(ink, x, bottom + 12, (50, 480, 446), ("", "part", "where"), rows)
    height = max(left, right)
    for note in _notes(wiring["chip"]):
        height += 20
        ink.text(24, height, note)
    return ink.svg(24 * 2 + _COLUMNS * WIDTH + (_COLUMNS - 1) * _GAP, height + 24)


def _notes(chip: str) -> list[str]:
    notes = [
        "R3 to R7 keep LEDs, motor and load off while the board starts, resets or is blank.",
        "PACK+ feeds motor, load and taps before U3: what pulls the board down is measured too.",
        "While you calibrate, USB feeds the board; the voltage comes from a supply at the tap.",
    ]
    if chip in _FED:
        return [*notes, "VBUS is pin 40, 3V3 pin 36 (for U2 and R23 alone), GND pin 38 and others."]
    return [
        *notes,
        "VBUS is the USB socket's 5 V before the board's diode. The pin 5V is after it, where U3 "
        "feeds in too,",
        "and would say that USB is always there: solder to the diode's anode, beside the socket.",
    ]


def _grid(ink: Ink, all_tiles: list[Tile], top: int) -> int:
    """Tiles in columns, each where there is most room; the lower end."""
    ends = [top] * _COLUMNS
    for tile in all_tiles:
        column = ends.index(min(ends))
        x, y = 24 + column * (WIDTH + _GAP), ends[column]
        ink.box(x, y, WIDTH, tile.height, "tile", 8)
        ink.text(x + 16, y + 26, tile.title, of="bold")
        tile.draw(ink, x, y)
        ends[column] = y + tile.height + _GAP
    return max(ends)


def table(  # noqa: PLR0917 a place and a size
    ink: Ink,
    x: int,
    y: int,
    widths: tuple[int, ...],
    head: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
) -> int:
    """Rows under their heads; the table's lower end."""
    for at, row in enumerate([head, *rows]):
        top = y + at * _ROW
        ink.box(x, top, sum(widths), _ROW, "head" if at == 0 else "tile", 0)
        left = x
        for width, words in zip(widths, row, strict=True):
            ink.text(left + 8, top + 15, words, of="bold" if at == 0 else "")
            left += width
    return y + (len(rows) + 1) * _ROW
