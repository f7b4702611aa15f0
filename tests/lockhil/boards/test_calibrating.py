"""The line through what a meter showed: found for any converter within its bounds, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.boards.calibrating import ONE, Fit, NotCalibratedError, Point

FULL = 4_950
APART = FULL // 5 + 1


def seen(true_mv: int, gain: float, offset: float, noise: float = 0) -> Point:
    return Point(true_mv, true_mv * gain + offset + noise, 3)


@given(
    st.floats(0.85, 1.15),
    st.floats(-200, 200),
    st.integers(300, FULL - APART - 1),
    st.lists(st.floats(-2, 2), min_size=2, max_size=5),
)
def test_what_is_off_is_found(gain: float, offset: float, lowest: int, noises: list[float]) -> None:
    last = len(noises) - 1
    points = [
        seen(lowest + APART * at // last, gain, offset, noise) for at, noise in enumerate(noises)
    ]
    fit = Fit("tap1", FULL, points)
    fit.find()
    assert max(map(abs, fit.after())) <= 6
    # Gain and offset are those of the converter, turned round.
    assert abs(fit.gain / ONE * gain - 1) < 0.01


@given(st.integers(100, FULL - 1), st.integers(0, APART - 2))
def test_voltages_that_are_near_each_other_are_refused(lowest: int, apart: int) -> None:
    fit = Fit("tap1", FULL, [seen(lowest, 1, 0), seen(lowest + apart, 1, 0)])
    with pytest.raises(NotCalibratedError, match="apart or more"):
        fit.find()


@given(st.integers(1, 3), st.integers(200, 400))
def test_a_slip_of_the_pen_shows_in_three_points(which: int, slip: int) -> None:
    points = [seen(mv, 1.02, 10) for mv in (1_000, 2_000, 3_000)]
    wrong = points[which - 1]
    points[which - 1] = Point(wrong.true_mv + slip, wrong.read_mv, 3)
    with pytest.raises(NotCalibratedError, match="a reading of the meter was typed wrong"):
        Fit("tap1", FULL, points).find()


def test_a_reading_that_never_changes_is_no_converter() -> None:
    fit = Fit("tap1", FULL, [Point(1_000, 2_000, 0), Point(3_000, 2_000, 0)])
    with pytest.raises(NotCalibratedError, match="never changed"):
        fit.find()
