"""Packs that live: series, parallel, diodes, buffers, the wrong way round; charge is conserved."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locksim.cells.cell import Cell
from locksim.cells.law import Law, Table
from locksim.packs.live import LivePack
from locksim.packs.load import kinds
from locksim.packs.slot import Buffer, Slot

HOUR = 3_600_000
PLAIN = Law(
    name="plain",
    chemistry="none",
    capacity_mah=100.0,
    ocv=Table([0, 0.9, 1], [3000, 2800, 2000]),
    resistance=Table([0, 0.9, 1], [500, 800, 2000]),
    diffusion_per_h=50.0,
    reversed_mv=-150.0,
)


def pack_of(*cells: Cell, **slot: object) -> LivePack:
    return LivePack(Slot(cell, **slot) for cell in cells)  # type: ignore[arg-type]


def test_cells_in_series_add_up() -> None:
    pack = pack_of(Cell(PLAIN), Cell(PLAIN, used=0.5))
    mv, mohm = pack.thevenin(0)
    assert mv == 3000 + math.floor(PLAIN.ocv(0.5))
    assert mohm == round(PLAIN.resistance(0) + PLAIN.resistance(0.5))
    pack.carry(0, 600, 0, 20.0)
    assert pack.cell_mv(0, 0) == 3000 - 300


def test_two_in_parallel_give_twice_for_as_long() -> None:
    one, two = Cell(PLAIN), Cell(PLAIN, capacity=2, resistance=0.5)
    one.carry(0, 10, 20)
    two.carry(0, 20, 20)
    at = 5 * HOUR
    assert one.at(at).depth == pytest.approx(two.at(at).depth)
    assert one.at(at).mv(10) == pytest.approx(two.at(at).mv(20))


def test_a_weak_cell_is_driven_below_zero_and_remembers_it() -> None:
    weak = Cell(PLAIN, used=0.98)
    pack = pack_of(Cell(PLAIN), weak)
    pack.carry(0, 50, 0, 20.0)
    pack.carry(HOUR // 2, 0, 0, 20.0)
    assert weak.reversed
    assert 22 < weak.reversed_mah < 24
    assert weak.risk_index == 100
    # At rest it looks better, but what happened stays.
    assert pack.cell_mv(1, 4 * HOUR) > -151
    assert weak.reversed


def test_a_by_pass_diode_takes_the_current_around_a_dead_cell() -> None:
    dead = Cell(PLAIN, used=1.04)
    pack = pack_of(Cell(PLAIN), dead, bypass_mv=350.0)
    pack.settle(0)
    while pack.bypasses(0, 600):
        pass
    assert pack.thevenin(0) == (3000 - 350, 500)
    pack.carry(0, 600, 0, 20.0)
    assert pack.cell_mv(1, 1000) == -350
    pack.carry(60_000, 0, 0, 20.0)
    # 10 mAh went through the pack, next to nothing of it through the cell.
    assert dead.reversed_mah < 2.5


def test_a_cell_the_wrong_way_round_is_charged_and_takes_its_voltage_away() -> None:
    wrong = Cell(PLAIN)
    pack = LivePack([Slot(Cell(PLAIN)), Slot(wrong, polarity=-1)])
    assert pack.thevenin(0)[0] == 0
    pack.carry(0, 10, 0, 20.0)
    pack.carry(HOUR, 0, 0, 20.0)
    assert wrong.charged_mah == pytest.approx(10)
    assert wrong.risk_index == 100
    assert wrong.gone_mah == 0


def test_a_buffer_feeds_what_its_cell_cannot() -> None:
    weak = Law(
        name="weak",
        chemistry="none",
        capacity_mah=1000.0,
        ocv=Table([0, 1], [3600, 3000]),
        resistance=Table([0, 1], [50_000, 50_000]),
        diffusion_per_h=50.0,
    )
    bare = pack_of(Cell(weak))
    buffered = pack_of(Cell(weak), buffer=Buffer(farad=10, mohm=100, leak_ua=0))
    for pack in (bare, buffered):
        pack.carry(0, 600, 0, 20.0)
    assert bare.cell_mv(0, 500) < 0
    assert buffered.cell_mv(0, 500) > 3400


@given(
    st.lists(
        st.tuples(st.integers(1, 10 * HOUR), st.integers(0, 300)),
        min_size=1,
        max_size=12,
    )
)
def test_a_buffer_only_borrows(steps: list[tuple[int, int]]) -> None:
    """What the load took came from the cell, or is missing in the capacitor."""
    buffer = Buffer(farad=5, mohm=100, leak_ua=3)
    slot = Slot(Cell(PLAIN, capacity=1000), buffer=buffer)
    began, now, taken = buffer.mv, 0, 0.0
    for ms, ma in steps:
        slot.carry(now, ma, 20.0)
        now += ms
        taken += (ma + 0.003) * ms / HOUR
    slot.carry(now, 0, 20.0)
    missing = buffer.farad * (began - buffer.mv) / 3600
    assert slot.cell.delivered_mah + missing == pytest.approx(taken, rel=1e-6, abs=1e-6)


@given(
    st.lists(
        st.tuples(st.integers(1, 40 * HOUR), st.integers(0, 40), st.integers(-20, 50)),
        min_size=1,
        max_size=12,
    ),
    st.lists(st.integers(1, 1000), max_size=5),
)
def test_looking_changes_nothing(steps: list[tuple[int, int, int]], looks: list[int]) -> None:
    kind = kinds()["cr123a-2s"]
    seen, alone = kind.fresh(), kind.fresh()
    now = 0
    for ms, ma, temp in steps:
        for pack in (seen, alone):
            pack.carry(now, ma, 40, temp)
        for look in looks:
            seen.cell_mv(0, now + ms * look // 1000)
            seen.thevenin(now + ms * look // 1000)
        now += ms
    assert [seen.cell_mv(i, now) for i in (0, 1)] == [alone.cell_mv(i, now) for i in (0, 1)]
    assert seen.slots[0].cell.gone_mah == alone.slots[0].cell.gone_mah
