"""The closed form against the differential equations of docs/cells.md, integrated by scipy."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from locksim.cells.cell import Cell
from tests.locksim.cells.lives import PACKAGE

MODES = 10


@dataclass
class Reference:
    """The equations as the page has them; nothing of `Cell` or `Law.rates` is used."""

    name: str
    used: float

    def __post_init__(self) -> None:
        self.file = PACKAGE[self.name]
        law = self.file.law()
        self.ocv, self.ohm = law.ocv, law.resistance
        # delivered, self-discharged, clogged, slow current, film, u1 ... u10; hours and mAh.
        self.y = np.zeros(5 + MODES)
        self.y[0] = self.used * self.value("capacity_mah")

    def value(self, name: str) -> float:
        parameter = getattr(self.file.parameters, name)
        return math.inf if parameter is None else parameter.value

    def faster(self, name: str, temp_c: float) -> float:
        kelvin = self.value(f"{name}_activation_k")
        return math.exp(kelvin * (1 / 293.15 - 1 / (temp_c + 273.15)))

    def slopes(self, ma: float, temp_c: float) -> Callable[[float, np.ndarray], np.ndarray]:
        rate = self.value("diffusion_per_h") * self.faster("diffusion", temp_c)
        spread = self.value("diffusion_spread")
        limit = self.value("clogging_ma") * self.faster("clogging", temp_c)
        leak = self.value("capacity_mah") * self.value("self_discharge_pct_year") / 100 / 8766
        leak *= self.faster("self_discharge", temp_c)
        grow = self.faster("film", temp_c) / (24 * self.value("film_days"))
        m = np.arange(1, MODES + 1)

        def slope(_: float, y: np.ndarray) -> np.ndarray:
            u = y[5:]
            mean = rate * u[0]
            left = self.value("capacity_mah") - y[:3].sum()
            return np.concatenate(
                (
                    [
                        ma,
                        leak if left > 0 else 0.0,
                        mean**3 / limit**2,
                        (ma - y[3]) * 3600 / self.value("relaxing_s"),
                        (self.value("film_mohm") - y[4]) * grow
                        - y[4] * ma * 3600 / self.value("film_mas"),
                    ],
                    ma * m**-spread - rate * m**2 * u,
                )
            )

        return slope

    def carry(self, ms: int, ma: float, temp_c: float) -> None:
        solved = solve_ivp(
            self.slopes(ma, temp_c),
            (0, ms / 3_600_000),
            self.y,
            method="LSODA",
            rtol=1e-9,
            atol=1e-10,
        )
        assert solved.success
        self.y = solved.y[:, -1]

    def mv(self, ma: float, temp_c: float) -> float:
        capacity = self.value("capacity_mah")
        gone = self.y[:3].sum()
        mohm = self.ohm(gone / capacity) / self.faster("resistance", temp_c)
        share = self.value("relaxing_share")
        drop = mohm * (share * self.y[3] + (1 - share) * ma) + self.y[4] * ma
        return float(self.ocv((gone + 2 * self.y[5:].sum()) / capacity) - drop / 1000)


def life(seed: int, motor_ma: float) -> list[tuple[int, float, float]]:
    """Pulses of a motor, standby, radio and rests, in a stairwell's weather."""
    chance = random.Random(seed)
    history = []
    for _ in range(8):
        temp_c = chance.choice([-20.0, -5.0, 10.0, 20.0, 35.0])
        history += [
            (chance.randrange(100, 1_500), motor_ma, temp_c),
            (chance.randrange(1_000, 60_000), motor_ma / 40, temp_c),
            (chance.randrange(60_000, 5 * 24 * 3_600_000), chance.choice([0.0, 0.05]), temp_c),
        ]
        if chance.random() < 0.5:
            history.append((chance.randrange(60_000, 3_600_000), motor_ma / 4, temp_c))
    return history


@pytest.mark.parametrize(
    ("name", "used", "motor_ma"),
    [
        ("alkaline AA", 0.0, 600.0),
        ("alkaline AA rated", 0.4, 600.0),
        ("CR123A", 0.5, 600.0),
        ("L91", 0.8, 600.0),
        ("Li-SOCl2 D bobbin", 0.1, 120.0),
    ],
)
def test_closed_form_is_the_equations(name: str, used: float, motor_ma: float) -> None:
    cell, reference, now = Cell(PACKAGE[name].law(), used=used), Reference(name, used), 0
    for ms, ma, temp_c in life(1, motor_ma):
        cell.carry(now, ma, temp_c)
        now += ms
        reference.carry(ms, ma, temp_c)
        assert cell.at(now).mv(ma) == pytest.approx(reference.mv(ma, temp_c), abs=5)
    cell.carry(now, 0.0, 20.0)
    got = (cell.delivered_mah, cell.self_discharged_mah, cell.clogged_mah, cell.unavailable_mah)
    expected = (*reference.y[:3], 2 * reference.y[5:].sum())
    for one, other in zip(got, expected, strict=True):
        assert one == pytest.approx(other, rel=1e-4, abs=1e-4)
    assert cell.gone_mah / cell.capacity_mah > used + 0.001
