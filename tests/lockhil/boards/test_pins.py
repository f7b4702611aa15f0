"""Each board's data against the table of its chip's pins, and faults that are planted in them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.boards.firmware import load
from lockhil.boards.pins import data, rules
from lockhil.firmware import FirmwareError, wiring_file

BOARDS = sorted(wiring_file().parent.glob("*.json"), key=lambda path: path.stem)
REAL = [path for path in BOARDS if path.stem != "virtual"]


def wiring(name: str) -> dict[str, Any]:
    path = wiring_file(name)
    return data.read(path.read_bytes(), path.stem)


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_a_boards_data_keep_to_its_chips_table(path: Path) -> None:
    assert rules.faults(wiring(path.stem)) == []


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_a_board_that_never_ran_says_so(path: Path) -> None:
    assert wiring(path.stem)["tried"] == "on no real board yet"


def test_each_row_of_the_table_has_its_source() -> None:
    for name, chip in rules.chips().items():
        rows = [chip, *chip["not"]]
        assert all(len(row["source"]) > 20 for row in rows), name
        assert all(row["why"] for row in chip["not"]), name


@pytest.mark.parametrize(
    ("board", "place", "pin", "says"),
    [
        ("esp32-devkit", ("outputs", "motor_throw"), 12, "a strapping pin"),
        ("esp32-devkit", ("outputs", "load"), 14, "high while the chip starts"),
        ("esp32-devkit", ("outputs", "green"), 34, "it can't drive"),
        ("esp32-devkit", ("outputs", "red"), 6, "flash"),
        ("esp32-devkit", ("outputs", "red"), 17, "PSRAM"),
        ("esp32-devkit", ("outputs", "red"), 20, "no usual board"),
        ("esp32-devkit", ("inputs", "end_locked"), 0, "a strapping pin"),
        ("esp32-devkit", ("inputs", "door_open"), 36, "has no pulls"),
        ("esp32-devkit", ("inputs", "usb"), 39, "an interrupt by nobody"),
        ("esp32-devkit", ("inputs", "button"), 23, "can't wake"),
        ("esp32-devkit", ("taps", "pin1"), 27, "while the radio is on"),
        ("esp32-devkit", ("link", "tx"), 5, "a strapping pin"),
        ("esp32-devkit", ("inputs", "usb"), 22, "door_open is there"),
        ("esp32-s3-devkit", ("outputs", "load"), 18, "high for a moment"),
        ("esp32-s3-devkit", ("outputs", "load"), 20, "USB"),
        ("esp32-s3-devkit", ("inputs", "pack"), 35, "PSRAM"),
        ("esp32-s3-devkit", ("motor_ma", "pin"), 12, "while the radio is on"),
        ("pico-w", ("outputs", "green"), 25, "radio"),
        ("pico-w", ("taps", "pin2"), 29, "radio"),
        ("pico-w", ("watchdog", "ms"), 9_000, "8388 ms"),
        ("pico-w", ("radio", "connections"), 2, "takes 1"),
        ("pico-w", ("link", "tx"), 6, "UART 1"),
        ("esp32-devkit", ("converter", "atten"), 0, "reads as full"),
        ("pico-2-w", ("converter", "full_mv"), 4_000, "up to 3300 mV"),
    ],
)
def test_a_planted_fault_is_found(board: str, place: tuple[str, str], pin: int, says: str) -> None:
    told = wiring(board)
    told[place[0]][place[1]] = pin
    assert any(says in fault for fault in rules.faults(told)), rules.faults(told)


def test_an_esp32_c3_has_too_few_pins_for_a_unit() -> None:
    chip = rules.chips()["ESP32C3"]
    fit = {pin for pin in chip["pins"] if rules.why_not(chip, "contact", pin) is None}
    needs = len(rules.uses(wiring("esp32-devkit")))
    assert (len(fit), needs) == (8, 18)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"green": 18', '"green": "18"', "outputs.green: expected 0 to 48, got '18'"),
        ('"green": 18', '"green": true', "outputs.green: expected 0 to 48, got True"),
        ('"green": 18, ', "", "outputs.green: it is missing"),
        ('"green": 18', '"gren": 1, "green": 18', "outputs.gren: nobody reads that"),
        ('"count": 2', '"count": 3', "taps.pin3: it is missing"),
        ('"count": 2', '"count": 0', "taps.count: expected 1 to 8, got 0"),
        ('"board": "esp32-devkit"', '"board": "mine"', "board: expected the file's own name"),
        ('"watchdog": {"ms": 8000, "with_console": 0}', '"watchdog": 8000', "watchdog: expected"),
        ("{", "[", "expected JSON"),
    ],
)
def test_a_wrong_file_of_ones_own_is_told_in_one_line(old: str, new: str, says: str) -> None:
    text = wiring_file("esp32-devkit").read_text(encoding="utf-8").replace(old, new, 1)
    with pytest.raises(data.WiringError, match=r"^esp32-devkit\.json: ") as caught:
        data.read(text.encode(), "esp32-devkit")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_firmware_with_wrong_data_is_put_nowhere(tmp_path: Path) -> None:
    boards = tmp_path / "lockboards" / "boards"
    boards.mkdir(parents=True)
    told = json.loads(wiring_file("pico-w").read_text(encoding="utf-8"))
    told["outputs"]["load"] = 29
    (boards / "pico-w.json").write_text(json.dumps(told), encoding="utf-8")
    firmware = load()
    firmware = type(firmware)(
        firmware.version, firmware.mpy, firmware.modules, firmware.root, boards
    )
    with pytest.raises(FirmwareError, match="load on GPIO29: the Pico W's radio hangs on it; mend"):
        firmware.in_slot("/a", "pico-w")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.data(), JSON)
def test_whatever_stands_in_a_file_is_taken_or_told_in_one_line(
    chance: st.DataObject, value: object
) -> None:
    told = wiring("esp32-devkit")
    section = chance.draw(st.sampled_from(sorted(told)))
    inside = told[section]
    if isinstance(inside, dict) and chance.draw(st.booleans()):
        inside[chance.draw(st.sampled_from(sorted(inside)))] = value
    else:
        told[section] = value
    try:
        said = rules.faults(data.read(json.dumps(told).encode(), "esp32-devkit"))
    except data.WiringError as error:
        said = [str(error)]
    assert all("\n" not in line for line in said)


@given(st.binary(max_size=200))
def test_garbage_is_no_file(content: bytes) -> None:
    with pytest.raises(data.WiringError):
        data.read(content, "esp32-devkit")
