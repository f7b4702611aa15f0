"""A buffered cell in closed form against a fine integration of the same equations."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from locksim.cells.cell import Cell
from locksim.cells.law import MODES, Law, Table
from locksim.packs.slot import Buffer, Slot

LAW = Law(
    name="bobbin",
    chemistry="none",
    capacity_mah=2400.0,
    ocv=Table([0, 0.9, 1], [3670, 3600, 2600]),
    resistance=Table([0, 0.9, 1], [20_000, 40_000, 90_000]),
    diffusion_per_h=0.5,
)
FARAD, MOHM, LEAK_MA = 50.0, 120.0, 0.004
RATES = LAW.diffusion_per_h * np.arange(1, MODES + 1) ** 2


def integrated(steps: list[tuple[int, int]], used: float) -> list[float]:
    """The voltage at the end of each (ms, mA), by small steps."""
    state = np.array([used * LAW.capacity_mah, *[0.0] * MODES, LAW.ocv(used)])
    found = []
    for ms, ma in steps:
        load = ma + LEAK_MA

        def node(state: np.ndarray, load: float = load) -> tuple[float, float]:
            depth = (state[0] + 2 * state[1:-1].sum()) / LAW.capacity_mah
            source, through = LAW.open_mv(depth), LAW.resistance(depth)
            volts = (source * MOHM + state[-1] * through - load * through * MOHM / 1000) / (
                through + MOHM
            )
            return volts, max(0.0, (source - volts) * 1000 / through)

        def slope(_: float, state: np.ndarray) -> np.ndarray:
            volts, cell_ma = node(state)
            into = (volts - state[-1]) / MOHM  # A into the capacitor
            return np.array([cell_ma, *(cell_ma - RATES * state[1:-1]), 3_600_000 * into / FARAD])

        hours = ms / 3_600_000
        done = solve_ivp(
            slope, (0, hours), state, method="LSODA", max_step=hours / 50, rtol=1e-8, atol=1e-8
        )
        state = done.y[:, -1]
        found.append(node(state)[0])
    return found


@pytest.mark.parametrize("used", [0.0, 0.5, 0.93])
def test_it_stays_within_5_mv(used: float) -> None:
    run = [(200, 1500), (600, 600), (30_000, 0), (200, 1500), (600, 600)]
    steps = [
        *run,
        (3_600_000, 0),
        *run,
        (6 * 3_600_000, 0),
        (3_900, 600),
        (12 * 3_600_000, 0),
        *run,
    ]
    slot = Slot(Cell(LAW, used=used), buffer=Buffer(FARAD, MOHM, LEAK_MA * 1000))
    now, model = 0, []
    for ms, ma in steps:
        slot.carry(now, ma, 20.0)
        now += ms
        model.append(slot.mv(now))
    assert model == pytest.approx(integrated(steps, used), abs=5)
