"""What the model is asked of a published test, and that odd ones end too."""

import math
from typing import Any

import pytest

from locksim.cells.cell import Cell
from locksim.cells.law import Law, Table
from locksim.cells.load import Point
from locksim.cells.predict import Varied, predict
from tests.locksim.cells.lives import PACKAGE, plain


def point(**values: Any) -> Point:
    kind = values.get("kind", "capacity")
    unit = {"capacity": "mAh", "voltage": "mV", "resistance": "mohm"}[kind]
    if kind == "capacity":
        values.setdefault("cutoff_mv", 2000)
    return Point(
        **({"kind": kind, "value": 1, "unit": unit, "source": "a test", "use": "fit"} | values)
    )


def test_a_plain_cell_gives_its_capacity() -> None:
    assert predict(plain(), point(current_ma=100)) == pytest.approx(1000, rel=0.02)
    # 3 V - 1 A * 1 ohm is the cut-off itself: a little more and there is nothing.
    assert predict(plain(), point(current_ma=1010)) == 0


def test_a_resistor_draws_what_the_voltage_gives() -> None:
    run = Varied(plain(), point(load_ohm=29))
    assert run.at(0) == pytest.approx(2900)
    assert predict(plain(), point(load_ohm=29)) == pytest.approx(1000, rel=0.02)


def test_a_resistor_to_a_voltage_in_between() -> None:
    law = plain(ocv=Table([0.0, 1.0], [3000.0, 1000.0]))
    # 9 of 10 ohm are outside: 2 V there are 2.222 V inside, at 38.9 %.
    assert predict(law, point(load_ohm=9)) == pytest.approx(388.9, abs=0.3)
    assert predict(law, point(current_ma=200)) == pytest.approx(400, abs=0.3)


def one_by_one(law: Law, ma: float, on_ms: int, off_ms: int, cutoff_mv: float) -> float:
    """What pulses give, each of them given."""
    cell, now = Cell(law), 0
    while True:
        cell.carry(now, ma, 20.0)
        now += on_ms
        if cell.at(now).mv(ma) < cutoff_mv:
            return cell.delivered_mah
        cell.carry(now, 0.0, 20.0)
        now += off_ms


@pytest.mark.parametrize(
    ("name", "ma", "on_s", "off_s", "cutoff_mv"),
    [("CR2", 900, 3, 27, 1800), ("alkaline AA", 500, 60, 600, 900), ("CR123A", 600, 1, 2, 2000)],
)
def test_pulses_are_as_if_given_one_by_one(
    name: str, ma: float, on_s: int, off_s: int, cutoff_mv: float
) -> None:
    law = PACKAGE[name].law()
    asked = point(current_ma=ma, on_s=on_s, off_s=off_s, cutoff_mv=cutoff_mv)
    expected = one_by_one(law, ma, on_s * 1000, off_s * 1000, cutoff_mv)
    assert predict(law, asked) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("name", ["alkaline AA", "L91", "CR123A"])
def test_pulses_without_rest_are_a_constant_current(name: str) -> None:
    law = PACKAGE[name].law()
    steady = predict(law, point(current_ma=300, cutoff_mv=900))
    pulsed = predict(law, point(current_ma=300, cutoff_mv=900, on_s=30, off_s=0.001))
    assert pulsed == pytest.approx(steady, rel=0.02)


@pytest.mark.parametrize("on_s", [60, 1_800])
def test_rest_between_pulses_gives_an_alkaline_cell_more(on_s: int) -> None:
    law = PACKAGE["alkaline AA"].law()
    steady = predict(law, point(current_ma=500, cutoff_mv=900))
    pulses = point(current_ma=500, cutoff_mv=900, on_s=on_s, off_s=10 * on_s)
    assert predict(law, pulses) > 1.3 * steady


def test_a_step_is_the_resistance_that_has_built_up_by_then() -> None:
    law = plain(relaxing_share=0.5, relaxing_s=1.0)
    asked = {"kind": "resistance", "current_ma": 500, "depth_pct": 50}
    assert predict(law, point(**asked, on_s=100)) == pytest.approx(1000, rel=1e-3)
    at_once = 500 + 500 * -math.expm1(-0.1)
    assert predict(law, point(**asked)) == pytest.approx(at_once, rel=1e-3)
    voltage = {**asked, "kind": "voltage", "on_s": 0.1}
    assert predict(law, point(**voltage)) == pytest.approx(3000 - at_once / 2, rel=1e-3)


def test_depth_of_what_was_delivered_to_the_cut_off() -> None:
    law = PACKAGE["CR2"].law()
    whole = predict(law, point(current_ma=500))
    half = point(kind="voltage", current_ma=500, cutoff_mv=2000, depth_pct=50)
    same = point(kind="voltage", current_ma=500, delivered_mah=whole / 2)
    assert predict(law, half) == pytest.approx(predict(law, same), abs=2)


ODD = [
    {"load_ohm": 1e6},
    {"load_ohm": 1e-6},
    {"current_ma": 1e-6},
    {"current_ma": 1e6},
    {"current_ma": 600, "on_s": 0.001, "off_s": 0.001},
    {"load_ohm": 100, "on_s": 0.001, "off_s": 1e6},
    {"current_ma": 600, "on_s": 1e6, "off_s": 1e6},
    {"load_ohm": 50, "temp_c": -60},
    {"load_ohm": 3600, "temp_c": 100},
    {"load_ohm": 100, "rest_days": 20_000},
    {"kind": "voltage", "current_ma": 1e6, "depth_pct": 100},
    {"kind": "voltage", "load_ohm": 1e6, "depth_pct": 100},
    {"kind": "resistance", "load_ohm": 1e6, "depth_pct": 100, "on_s": 1e6},
]


@pytest.mark.parametrize("name", ["alkaline AA", "Li-SOCl2 D bobbin"])
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_odd_figures_end(name: str, odd: dict[str, Any]) -> None:
    law = PACKAGE[name].law()
    values = {"cutoff_mv": 900.0} | odd if odd.get("kind", "capacity") == "capacity" else odd
    assert math.isfinite(predict(law, point(**values)))
