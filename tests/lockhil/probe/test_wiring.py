"""The wires file: the package's own fits the board's data, and a wrong one is named."""

import copy
import json
from typing import Any

import pytest

from lockhil.firmware import wiring_file
from lockhil.probe.wiring import FOLDER, WiringError, check_wiring, names, read_wiring

VIRTUAL = json.loads((FOLDER / "virtual.json").read_text())


def test_the_virtual_wiring_is_that_of_the_virtual_board() -> None:
    board = json.loads(wiring_file().read_text())
    taps, warmth = board["taps"], board["temperature"]
    pins = {**board["outputs"], **board["inputs"], "temperature": warmth["pin"]}
    pins |= {"tap1": taps["pin1"], "tap2": taps["pin2"], "motor_ma": board["motor_ma"]["pin"]}
    wires = read_wiring("virtual").wires
    assert {net: wire["unit"] for net, wire in wires.items() if "unit" in wire} == pins
    full = {net: wire["full"] for net, wire in wires.items() if "full" in wire}
    assert full == {
        "tap1": taps["full_mv1"],
        "tap2": taps["full_mv2"],
        "motor_ma": board["motor_ma"]["full_ma"],
        "temperature": warmth["full_mv"],
    }
    assert read_wiring("virtual").sensor_mv(20) == warmth["zero_mv"] + 20 * warmth["mv_per_c"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: data.pop("wires"), "expected an object with wires"),
        (lambda data: data["wires"].pop(0), "no wire green"),
        (lambda data: data["wires"].append(data["wires"][0]), "each net once"),
        (lambda data: data["wires"][1].update(probe="five"), "red: expected an integer for probe"),
        (lambda data: data["wires"][1].update(probe=16), "the probe's pin 16 has two wires"),
        (lambda data: data["wires"][1].update(unit=2), "the unit's pin 2 has two wires"),
        (lambda data: data["wires"][12].pop("full"), "tap1: expected an integer for full"),
    ],
)
def test_a_wrong_file_is_named(spoil: Any, said: str) -> None:
    data = copy.deepcopy(VIRTUAL)
    spoil(data)
    with pytest.raises(WiringError, match=said):
        check_wiring("mine", data)


def test_an_unknown_name_tells_those_that_there_are(tmp_path: Any) -> None:
    assert names() == ["esp32-devkit", "esp32-s3-devkit", "pico-2-w", "pico-w", "virtual"]
    with pytest.raises(
        WiringError,
        match="out of esp32-devkit, esp32-s3-devkit, pico-2-w, pico-w, virtual or a file",
    ):
        read_wiring("nope")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(WiringError, match="no JSON"):
        read_wiring(tmp_path / "bad.json")
