"""Cells, packs, and what hangs on them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locksim.circuit import LOAD_MA, working_point
from locksim.packs.fixed import PACKS, FixedCell, FixedPack
from locksim.packs.make import PackSpec, make_pack

SUPPLY = {"ocv_mv": st.integers(2000, 7000), "r_mohm": st.integers(50, 10_000)}
HANGING = {
    "fixed_ma": st.sampled_from([0, 600]),
    "shunt_mohm": st.sampled_from([0, 3000]),
    "load": st.booleans(),
}


def test_the_test_load_takes_its_current_from_a_good_pack() -> None:
    pack = make_pack("good")
    point = working_point(*pack.thevenin(0), load=True)
    assert (point.mv, point.ma) == (6000 - 360, LOAD_MA)


def test_a_stalled_motor_draws_what_the_resistances_let_through() -> None:
    point = working_point(6000, 600, shunt_mohm=3000)
    assert (point.mv, point.ma, point.shunt_ma) == (5000, 1666, 1666)


def test_the_load_cannot_pull_a_pack_below_zero() -> None:
    point = working_point(4600, 8000, load=True)
    assert 0 < point.mv < 400
    assert point.ma < LOAD_MA


@given(**SUPPLY, **HANGING)
def test_the_current_is_what_the_lost_voltage_says(
    ocv_mv: int, r_mohm: int, fixed_ma: int, shunt_mohm: int, load: bool
) -> None:
    point = working_point(ocv_mv, r_mohm, fixed_ma=fixed_ma, shunt_mohm=shunt_mohm, load=load)
    if point.mv > 0:
        rounding_ma = 4 + 2000 // r_mohm
        assert abs((ocv_mv - point.mv) * 1000 // r_mohm - point.ma) <= rounding_ma


@given(**SUPPLY, **HANGING)
def test_hanging_more_on_it_never_raises_the_voltage(
    ocv_mv: int, r_mohm: int, fixed_ma: int, shunt_mohm: int, load: bool
) -> None:
    bare = working_point(ocv_mv, r_mohm, fixed_ma=fixed_ma, shunt_mohm=shunt_mohm)
    more = working_point(ocv_mv, r_mohm, fixed_ma=fixed_ma, shunt_mohm=shunt_mohm, load=load)
    if bare.mv > 300:
        assert more.mv <= bare.mv


def test_a_strong_neighbour_drives_a_cell_below_zero() -> None:
    assert FixedCell(500, 1500).mv(600) == 500 - 900


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_by_name_has_taps_unless_it_is_untapped(name: str) -> None:
    assert make_pack(name).taps == 2
    untapped = make_pack(name + "_untapped")
    assert untapped.taps == 0
    assert untapped.thevenin(0) == make_pack(name).thevenin(0)


def test_two_packs_of_one_name_share_no_cell() -> None:
    first, second = make_pack("good"), make_pack("good")
    assert isinstance(first, FixedPack)
    first.cells[0].ocv_mv = 0
    assert second.open_mv(0, 0) == 3000


@pytest.mark.parametrize("spec", ["goood", "", []])
def test_an_unknown_or_empty_pack_is_refused(spec: PackSpec) -> None:
    with pytest.raises(ValueError, match="expected"):
        make_pack(spec)
