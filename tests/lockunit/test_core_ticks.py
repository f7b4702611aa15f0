"""Ticks and timers across the wrap at 2**30, within a 32-bit board's small integers."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lockunit import ticks

PERIOD = 1 << 30
TICK = st.integers(0, PERIOD - 1)


class Small(int):
    """An integer whose sums and differences must stay small integers of a 32-bit board."""

    def __add__(self, other: int) -> "Small":
        return _small(int(self) + int(other))

    def __radd__(self, other: int) -> "Small":
        return _small(int(self) + int(other))

    def __sub__(self, other: int) -> "Small":
        return _small(int(self) - int(other))

    def __rsub__(self, other: int) -> "Small":
        return _small(int(other) - int(self))


def _small(value: int) -> Small:
    assert -PERIOD <= value < PERIOD, f"{value} takes an allocation"
    return Small(value)


@given(TICK, st.integers(0, ticks.LONGEST_MS))
@example(PERIOD - 1, 1)
def test_add_is_modular_and_small(now: int, ms: int) -> None:
    assert ticks.add(Small(now), Small(ms)) == (now + ms) % PERIOD


@given(TICK, st.integers(-(1 << 29), (1 << 29) - 1))
@example(1 << 29, -(1 << 29))
def test_diff_undoes_add(earlier: int, ms: int) -> None:
    assert ticks.diff(Small((earlier + ms) % PERIOD), Small(earlier)) == ms


@pytest.mark.parametrize("start", [0, 5, PERIOD - 1, PERIOD - 100, (1 << 29) - 1, 1 << 29])
def test_a_timer_goes_off_once_and_on_time(start: int) -> None:
    timer = ticks.Timer("name")
    assert timer.name == "name"
    assert not timer.armed()
    assert timer.left(start) == -1
    assert not timer.due(start)
    timer.set(start, 100)
    assert timer.armed()
    assert timer.left(start) == 100
    assert not timer.due(ticks.add(start, 99))
    assert timer.left(ticks.add(start, 99)) == 1
    assert timer.left(ticks.add(start, 150)) == 0
    assert timer.due(ticks.add(start, 100))
    assert not timer.armed()
    assert not timer.due(ticks.add(start, 100))


def test_a_late_look_finds_it_due_and_clear_takes_it_back() -> None:
    timer = ticks.Timer("name")
    timer.set(0, 100)
    assert timer.due(5_000)
    timer.set(0, 0)
    assert timer.due(0)
    timer.set(0, 100)
    timer.clear()
    assert not timer.due(200)
    assert timer.left(0) == -1


def test_no_timer_is_longer_than_the_wrap_allows() -> None:
    timer = ticks.Timer("name")
    timer.set(0, 1 << 40)
    assert timer.left(0) == ticks.LONGEST_MS == 1 << 28
