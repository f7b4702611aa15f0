"""The diffusion alone, against the published cases of Rakhmatov and Vrudhula's model."""

import pytest

from locksim.cells.cell import Cell
from locksim.cells.law import Law
from tests.locksim.cells.lives import HOUR, PACKAGE, plain

# alpha = 35220 mA min, beta = 0.637 per square root of a minute: ns-3's test of the model.
CASES = {640: 2844, 320: 6146, 128: 16052, 64: 32561, 32: 65580}


def diffusing() -> Law:
    return plain(capacity_mah=35_220 / 60, diffusion_per_h=0.637**2 * 60)


def lasted_s(cell: Cell, ma: float) -> float:
    """How long it gives `ma` until its surface is empty."""
    start = cell.since_ms
    cell.carry(start, ma, 20.0)
    low, high = 0, 1_000_000_000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if cell.at(start + middle).depth < 1 else (low, middle)
    return high / 1000


@pytest.mark.parametrize("ma", CASES)
def test_constant_current(ma: float) -> None:
    assert lasted_s(Cell(diffusing()), ma) == pytest.approx(CASES[int(ma)], abs=3)


def test_an_empty_cell_that_rested_gives_again() -> None:
    cell = Cell(diffusing())
    most_s = lasted_s(cell, 640)
    cell.carry(round(most_s * 1000), 0, 20.0)
    short = cell.unavailable_mah
    assert short == pytest.approx(35_220 / 60 - 640 * most_s / 3600, abs=0.1)
    cell.carry(round(most_s * 1000) + HOUR, 0, 20.0)
    assert cell.unavailable_mah < 1e-6
    assert lasted_s(cell, 64) == pytest.approx(3600 * short / 64, rel=0.15)


def test_spread_weighs_the_fast_modes_less() -> None:
    one, several = plain(diffusion_per_h=0.5), plain(diffusion_per_h=0.5, diffusion_spread=2.0)
    assert lasted_s(Cell(several), 700) > 1.2 * lasted_s(Cell(one), 700)
    # Where each mode has settled, the slowest is most of it.
    assert several.mode_levels[0] == one.mode_levels[0] == 1


def test_cold_makes_an_alkaline_cell_short_and_warmth_mends_it() -> None:
    law = PACKAGE["alkaline AA"].law()
    assert lasted_s(Cell(law, temp_c=20), 100) > 0
    cold = Cell(law)
    cold.carry(0, 300, -20.0)
    cold.carry(HOUR, 0, -20.0)
    short = cold.unavailable_mah
    cold.carry(2 * HOUR, 0, 20.0)
    still = cold.unavailable_mah
    cold.carry(6 * HOUR, 0, 20.0)
    assert short > still > 0
    assert cold.unavailable_mah < 0.2 * still
