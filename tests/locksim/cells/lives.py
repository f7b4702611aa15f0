"""Lives for cells in tests: laws that show one effect, and random histories."""

from typing import Any

from hypothesis import strategies as st

from locksim.cells.law import Law, Table
from locksim.cells.load import cells

PACKAGE = cells()
HOUR = 3_600_000

# (ms, mA, C): rests, a radio, a motor, a charge by its neighbours; from milliseconds to weeks.
segments = st.tuples(
    st.one_of(st.integers(1, 5_000), st.integers(1, 3 * HOUR), st.integers(1, 30 * 24 * HOUR)),
    st.one_of(st.just(0.0), st.floats(0.01, 1), st.floats(1, 700), st.floats(-50, -0.1)),
    st.sampled_from([-30.0, -20.0, 0.0, 20.0, 35.0, 60.0]),
)
histories = st.lists(segments, min_size=1, max_size=4)
names = st.sampled_from(sorted(PACKAGE))


def plain(**changes: Any) -> Law:
    """A cell of 1,000 mAh, 3 V and 1 ohm to its end, with no other effect."""
    values: dict[str, Any] = {
        "name": "plain",
        "chemistry": "Li-MnO2",
        "capacity_mah": 1000.0,
        "ocv": Table([0.0, 1.0], [3000.0, 3000.0]),
        "resistance": Table([0.0, 1.0], [1000.0, 1000.0]),
        "diffusion_per_h": 1e6,
    }
    return Law(**(values | changes))
