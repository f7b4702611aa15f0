"""A load's sag reckoned to 20 C: what must hold whatever is read, and a reversal in a run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockunit import board as port
from lockunit.battery import GROUNDS
from lockunit.cells import at_20, sag_percent
from lockunit.settings import Settings
from tests.lockunit.hand import Hand, HandBoard

MV = st.integers(0, 5_000)
CELSIUS = st.integers(-40, 85)


@st.composite
def profiles(draw: st.DrawFn) -> Settings:
    settings = Settings()
    settings.sag_cool, settings.sag_cold = sorted(
        (draw(st.integers(100, 1_000)), draw(st.integers(100, 1_000)))
    )
    settings.sag_hot = draw(st.integers(20, 100))
    return settings


@given(settings=profiles(), celsius=CELSIUS, rest=MV, one=MV, other=MV)
def test_a_higher_voltage_under_load_is_never_reckoned_lower(
    settings: Settings, celsius: int, rest: int, one: int, other: int
) -> None:
    percent = sag_percent(settings, celsius)
    assert at_20(rest, min(one, other), percent) <= at_20(rest, max(one, other), percent) <= rest


@given(settings=profiles(), rest=MV, mv=MV)
def test_at_20_c_nothing_is_reckoned(settings: Settings, rest: int, mv: int) -> None:
    assert sag_percent(settings, 20) == 100
    assert at_20(rest, mv, 100) == min(rest, mv)


@given(settings=profiles(), one=CELSIUS, other=CELSIUS, rest=MV, mv=MV)
def test_a_warmer_thermometer_never_makes_a_cell_better(
    settings: Settings, one: int, other: int, rest: int, mv: int
) -> None:
    cold, warm = (sag_percent(settings, celsius) for celsius in sorted((one, other)))
    assert at_20(rest, mv, warm) <= at_20(rest, mv, cold)


@given(settings=profiles(), celsius=CELSIUS, rest=MV, mv=MV)
def test_without_a_thermometer_it_is_as_bad_as_it_can_be(
    settings: Settings, celsius: int, rest: int, mv: int
) -> None:
    for broken in (port.FAILED, -41, -300):
        doubted = sag_percent(settings, broken)
        assert at_20(rest, mv, doubted) <= at_20(rest, mv, sag_percent(settings, celsius))


@given(rest=MV, mv=MV, percent=st.integers(20, 1_000))
def test_no_rounding_flatters_a_cell(rest: int, mv: int, percent: int) -> None:
    exact = rest - max(0, rest - mv) * 100 / percent
    assert exact - 1 < at_20(rest, mv, percent) <= exact


@pytest.mark.parametrize(
    ("celsius", "percent"),
    [
        (-40, 300), (-21, 300), (-20, 300), (-10, 230), (-1, 167), (0, 160), (1, 157), (10, 130),
        (19, 103), (20, 100), (21, 98), (30, 85), (39, 71), (40, 70), (41, 70), (85, 70),
        (-41, 70), (port.FAILED, 70),
    ],
)  # fmt: skip
def test_the_reckoning_between_its_points(celsius: int, percent: int) -> None:
    settings = Settings()
    settings.sag_cold, settings.sag_cool, settings.sag_hot = 300, 160, 70
    assert sag_percent(settings, celsius) == percent


def _cold() -> Hand:
    settings = Settings()
    settings.sag_cold, settings.sag_cool, settings.sag_hot = 300, 160, 70
    hand = Hand(settings)
    hand.board.celsius = -20
    return hand


def test_cold_makes_no_good_cell_bad_and_warmth_no_bad_one_good() -> None:
    """Of the field's failures: cold."""
    hand = _cold()
    hand.board.loaded_cell_mv = [2_460, 2_460]
    hand.run(60_200)
    assert hand.board.told("battery.level")[-1]["level"] == "GOOD"
    hand = _cold()
    hand.board.celsius = 40
    hand.board.loaded_cell_mv = [2_439, 2_439]
    hand.run(60_200)
    assert hand.board.told("battery.level")[-1]["ground"] == "below_threshold"


class Starting(HandBoard):
    """Its motor's starting current drives the upper cell below 0 V, when and for as long as said.

    A converter shows nothing below 0 V.
    """

    hand: Hand
    reversed_ms = range(0)
    since = 0

    def motor(self, direction: int) -> None:
        super().motor(direction)
        self.since = self.hand.now

    def read_mv(self, cell: int) -> int:
        if self.direction and self.hand.now - self.since in self.reversed_ms:
            return [2_000, 49, 2_049][cell]
        return super().read_mv(cell)


@pytest.mark.parametrize("reversed_ms", [range(10, 80), range(20, 60), range(50, 80), range(76)])
@pytest.mark.parametrize("end", ["done", "TIMEOUT", "stall"])
def test_a_reversal_while_the_motor_starts_is_latched(reversed_ms: range, end: str) -> None:
    """Also in the cold, and in runs that fail: what recovers was reversed all the same."""
    hand = _cold()
    board = Starting()
    board.hand, board.reversed_ms, board.celsius = hand, reversed_ms, -20
    hand.board = board
    hand.boot()
    hand.call("bolt.unlock")
    board.ma = 900 if end == "stall" else 600
    hand.run(500)
    if end == "done":
        hand.ends(port.END_UNLOCKED)
    hand.run(3_000)
    assert GROUNDS[hand.unit.battery.ground] == "reversed"
    assert hand.unit.battery.suspected()


def test_the_last_moment_of_a_run_is_looked_at_too() -> None:
    hand = _cold()
    board = Starting()
    board.hand, board.reversed_ms = hand, range(510, 520)
    hand.board = board
    hand.boot()
    hand.call("bolt.unlock")
    hand.run(515)
    assert not hand.unit.battery.suspected()
    hand.ends(port.END_UNLOCKED)
    assert hand.unit.battery.suspected()
