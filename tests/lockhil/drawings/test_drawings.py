"""The wiring diagrams: as old as the data, their values right, each circuit inside its tile."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from lockhil.boards.pins import data
from lockhil.drawings.__main__ import WIRES, drawings
from lockhil.drawings.ink import Ink
from lockhil.drawings.parts import LOWER_OHM, nearest, work_out
from lockhil.drawings.sheet import header_pin
from lockhil.drawings.tiles import WIDTH, tiles
from lockhil.firmware import wiring_file

DOCS = Path(__file__).parents[3] / "docs" / "wiring"
PROBED = sorted(path for path in WIRES.glob("*.json") if path.stem != "virtual")
BOARDS = ["esp32-devkit", "esp32-s3-devkit", "pico-w", "pico-2-w"]


def wiring(board: str) -> dict[str, Any]:
    return data.read(wiring_file(board).read_bytes(), board)


def test_the_drawings_in_the_docs_are_those_of_the_data() -> None:
    made = drawings()
    old = [name for name, svg in made.items() if not (DOCS / name).exists()
           or (DOCS / name).read_text(encoding="utf-8") != svg]  # fmt: skip
    assert old == [], "run python -m lockhil.drawings"
    assert {path.name for path in DOCS.glob("*.svg")} == set(made)


@pytest.mark.parametrize("board", BOARDS)
def test_the_parts_make_what_the_data_say(board: str) -> None:
    told = wiring(board)
    parts = work_out(told)
    for each in parts.dividers:
        assert abs(each.makes_mv - each.full_mv) * 1_000 <= each.full_mv, each
        # At the highest that a cell rests, the pin stays inside what the converter measures.
        cells = int(each.net[3:])
        pin_mv = cells * 3_700 * LOWER_OHM / (each.upper_ohm + LOWER_OHM)
        assert pin_mv < told["converter"]["full_mv"]
    full_ma = told["converter"]["full_mv"] * 1_000 / (parts.shunt_mohm * 20)
    assert abs(full_ma - told["motor_ma"]["full_ma"]) <= 1


@pytest.mark.parametrize("board", BOARDS)
def test_nothing_is_drawn_outside_its_tile(board: str) -> None:
    told = wiring(board)
    for tile in tiles(told, work_out(told), "VSYS"):
        ink = Ink()
        tile.draw(ink, 0, 0)
        places = list(_places(ink.svg(1, 1)))
        assert places, tile.title
        for x, y in places:
            assert (0 < x < WIDTH, 30 < y < tile.height - 2) == (True, True), (tile.title, x, y)


def _places(svg: str) -> list[tuple[float, float]]:
    """Corners of all that is drawn; a text's by the width of its letters."""
    found: list[tuple[float, float]] = []
    for mark in list(ElementTree.fromstring(svg))[2:]:
        at = mark.attrib
        if "points" in at:
            found += [
                (float(x), float(y)) for x, y in (pair.split(",") for pair in at["points"].split())
            ]
        elif "width" in at:
            x, y = float(at["x"]), float(at["y"])
            found += [(x, y), (x + float(at["width"]), y + float(at["height"]))]
        elif "cx" in at:
            found.append((float(at["cx"]), float(at["cy"])))
        elif mark.text:
            small = at["class"] == "small"
            wide = len(mark.text) * (6.2 if small else 8.2)
            left = float(at["x"]) - {"start": 0, "middle": wide / 2, "end": wide}[at["text-anchor"]]
            found += [(left, float(at["y"])), (left + wide, float(at["y"]))]
    return found


def test_every_pin_of_the_data_is_on_its_sheet() -> None:
    for board in BOARDS:
        svg = drawings()[f"{board}.svg"]
        for section in ("outputs", "inputs"):
            for pin in wiring(board)[section].values():
                # In its tile, and in the table.
                assert len(re.findall(rf">GPIO{pin}<", svg)) == 2, (board, pin)


@pytest.mark.parametrize(
    ("pin", "place"), [(0, 1), (2, 4), (5, 7), (15, 20), (16, 21), (22, 29), (26, 31), (28, 34)]
)
def test_a_picos_pins_are_where_its_datasheet_has_them(pin: int, place: int) -> None:
    assert header_pin("RP2040", pin) == f"pin {place}"
    assert (header_pin("ESP32", 36), header_pin("ESP32", 18)) == ("VP", "")


@pytest.mark.parametrize(("ohm", "value"), [(480, 470), (299_000, 300_000), (10, 10), (9.6, 10)])
def test_values_are_those_of_shops(ohm: float, value: int) -> None:
    assert nearest(ohm) == value


@pytest.mark.parametrize(
    "path",
    PROBED,
    ids=lambda path: path.stem,
)
def test_a_probes_list_has_a_filter_for_each_voltage(path: Path) -> None:
    wires = json.loads(path.read_text(encoding="utf-8"))
    words = [e.text for e in ElementTree.fromstring(drawings()[f"{path.stem}-probe.svg"]).iter()]
    voltages = str(sum(wire["kind"] == "analogue" for wire in wires["wires"]))
    for part in (
        "in each voltage: with its capacitor it makes one of a PWM",
        "at the unit's side of it",
    ):
        assert words[words.index(part) - 2] == voltages


@pytest.mark.parametrize("path", PROBED, ids=lambda path: path.stem)
def test_a_probes_wires_end_at_the_pins_of_the_board(path: Path) -> None:
    wires, told = json.loads(path.read_text(encoding="utf-8")), wiring(path.stem)
    assert wires["unit_board"] == told["board"]
    pins = {**told["outputs"], **told["inputs"]}
    fulls = {"motor_ma": told["motor_ma"]["full_ma"]}
    for n in range(1, told["taps"]["count"] + 1):
        pins[f"tap{n}"], fulls[f"tap{n}"] = told["taps"][f"pin{n}"], told["taps"][f"full_mv{n}"]
    pins["motor_ma"] = told["motor_ma"]["pin"]
    if "temperature" in told:
        pins["temperature"] = told["temperature"]["pin"]
        fulls["temperature"] = told["temperature"]["full_mv"]
    assert {w["net"]: w["unit"] for w in wires["wires"] if "unit" in w} == pins
    for wire in wires["wires"]:
        if wire["kind"] == "analogue":
            # The probe gives 3.3 V at most, the unit's converter is full before that.
            there = fulls[wire["net"]] * 3_300 / told["converter"]["full_mv"]
            assert abs(wire["full"] - there) <= 1, wire
    probe = [w[key] for w in wires["wires"] for key in ("probe", "readback") if key in w]
    probe += [wires["link"]["tx"], wires["link"]["rx"]]
    assert len(probe) == len(set(probe))
