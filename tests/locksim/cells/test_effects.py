"""One effect at a time: passivation, self-discharge, resistance, reversal, clogging."""

import math

import pytest

from locksim.cells.cell import Cell
from locksim.cells.law import Law, Table
from locksim.cells.load import Point
from locksim.cells.predict import predict
from tests.locksim.cells.lives import HOUR, PACKAGE, plain

YEAR = 8_766 * HOUR


def film(**changes: float) -> Law:
    values = {"film_mohm": 100_000.0, "film_days": 60.0, "film_mas": 25.0} | changes
    ocv = Table([0.0, 1.0], [3600.0, 3600.0])
    return plain(ocv=ocv, resistance=Table([0.0, 1.0], [22_000.0, 22_000.0]), **values)


def test_voltage_delay_of_a_half_aa() -> None:
    """Saft LS14250 at 5 mA, by axotron.se: 2.95 V at once, 3.45 V after 15 s, and 5 min later
    more than 3.4 V from the beginning, 3.49 V after 1.5 s."""
    cell = Cell(film(), rest_days=10_000)
    cell.carry(0, 5, 22.0)
    assert cell.at(50).mv(5) == pytest.approx(2950, abs=60)
    assert cell.at(15_000).mv(5) == pytest.approx(3450, abs=40)
    cell.carry(60_000, 0, 22.0)
    cell.carry(360_000, 5, 22.0)
    assert cell.at(360_050).mv(5) > 3400
    assert cell.at(361_500).mv(5) == pytest.approx(3490, abs=20)


def test_the_film_grows_back_at_rest_and_sooner_in_warmth() -> None:
    cold, warm = (
        Cell(film(film_activation_k=5000.0), rest_days=30, temp_c=temp_c) for temp_c in (0.0, 40.0)
    )
    assert 0 < cold.film_mohm < warm.film_mohm < 100_000
    fresh = Cell(film())
    assert fresh.film_mohm == 0
    fresh.carry(60 * 24 * HOUR, 0, 20.0)
    assert fresh.film_mohm == pytest.approx(100_000 * -math.expm1(-1), rel=1e-6)


@pytest.mark.parametrize("temp_c", [0.0, 20.0, 30.0, 45.0])
def test_self_discharge_by_arrhenius(temp_c: float) -> None:
    law = plain(self_discharge_pct_year=2.0, self_discharge_activation_k=6400.0)
    cell = Cell(law, capacity=0.5, temp_c=temp_c)
    cell.carry(YEAR, 0, temp_c)
    expected = 500 * 0.02 * math.exp(6400 * (1 / 293.15 - 1 / (temp_c + 273.15)))
    assert cell.self_discharged_mah == pytest.approx(expected, rel=1e-9)
    # The rule of thumb that the files name: about twice as fast for every 10 C.
    assert law.rates(30).self_discharge_ma / law.rates(20).self_discharge_ma == pytest.approx(
        2, abs=0.1
    )


def test_self_discharge_ends_with_the_cell() -> None:
    cell = Cell(plain(self_discharge_pct_year=10.0))
    cell.carry(0, 0, 20.0)
    cell.carry(50 * YEAR, 0, 20.0)
    assert cell.self_discharged_mah == pytest.approx(1000)
    assert cell.at(50 * YEAR).depth == pytest.approx(1)


def test_an_end_within_a_segment_ends_the_self_discharge_there() -> None:
    law = plain(self_discharge_pct_year=87.66)
    leak = law.rates(20).self_discharge_ma
    cell = Cell(law, used=0.999)
    cell.carry(0, leak, 20.0)
    cell.carry(10_000 * HOUR, 0, 20.0)
    # It takes its half of the last mAh, and nothing of what is forced out afterwards.
    assert cell.self_discharged_mah == pytest.approx(0.5)


def test_the_slow_part_of_a_resistance_builds_up_and_stays_a_while() -> None:
    cell = Cell(plain(relaxing_share=0.5, relaxing_s=2.0))
    cell.carry(0, 600, 20.0)
    assert cell.at(0).mv(600) == pytest.approx(2700)
    assert cell.at(2_000).mv(600) == pytest.approx(2700 - 300 * -math.expm1(-1), abs=0.1)
    assert cell.at(60_000).mv(600) == pytest.approx(2400, abs=0.1)
    cell.carry(60_000, 0, 20.0)
    assert cell.at(60_000).mv(0) == pytest.approx(2700, abs=0.1)
    assert cell.at(120_000).mv(0) == pytest.approx(3000, abs=0.1)


def test_a_fast_load_leaves_a_cell_short_but_not_worn() -> None:
    law = PACKAGE["alkaline AA"].law()
    cell = Cell(law)
    cell.carry(0, 1000, 20.0)
    cell.carry(HOUR * 4 // 5, 0, 20.0)
    tired, fresh = cell.at(HOUR * 4 // 5), Cell(law).at(0)
    assert tired.depth > 0.8
    assert tired.mohm == pytest.approx(fresh.mohm, rel=0.05)


def test_what_is_forced_through_an_empty_cell_is_counted() -> None:
    cell = Cell(plain(reversed_mv=-200.0, ocv=Table([0.0, 1.0], [3000.0, 0.0])), used=1.0)
    assert not cell.reversed
    cell.carry(0, 100, 20.0)
    assert cell.reversed
    cell.carry(HOUR // 20, 0, 20.0)
    assert cell.reversed_mah == pytest.approx(5)
    assert cell.risk_index == 5
    # Charged by its neighbours, which is the other way of forcing it.
    cell.carry(HOUR // 20, -100, 20.0)
    cell.carry(2 * HOUR // 20, 0, 20.0)
    assert cell.charged_mah == pytest.approx(5)
    assert cell.risk_index == 10
    cell.carry(2 * HOUR // 20, 100, 20.0)
    cell.carry(20 * HOUR, 0, 20.0)
    assert cell.risk_index == 100


def test_a_spent_cell_is_driven_to_its_reversed_voltage_and_not_beyond() -> None:
    """It rests high and its resistance is huge; driven, another reaction carries the current."""
    law = PACKAGE["L91"].law()
    cell = Cell(law, used=0.98)
    assert cell.at(0).mv(0) > 1400
    cell.carry(0, 600, 20.0)
    driven = cell.at(100).mv(600)
    assert law.reversed_mv - 600 * law.resistance(0) / 1000 <= driven < law.reversed_mv


def hours(ohm: float, temp_c: float) -> float:
    """How long an AA bobbin lives on a resistor."""
    law = PACKAGE["Li-SOCl2 AA bobbin"].law()
    point = Point(
        kind="capacity",
        value=1,
        unit="mAh",
        source="a test",
        use="fit",
        load_ohm=ohm,
        temp_c=temp_c,
        cutoff_mv=2000,
    )
    return predict(law, point)


def test_warmth_shortens_a_light_load_and_helps_a_heavy_one() -> None:
    """Sun et al., Energies 17 (2024) 3063: at 7.5 kohm life falls with temperature, at 750 ohm
    it peaks in the warm."""
    assert hours(7_500, 30) > hours(7_500, 60) > hours(7_500, 80)
    assert hours(750, 60) > hours(750, 20) > hours(750, -20)
