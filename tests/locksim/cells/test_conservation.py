"""No charge appears or goes astray, and looking at a cell doesn't change it."""

import math

import pytest
from hypothesis import given

from locksim.cells.cell import Cell
from tests.locksim.cells.lives import HOUR, PACKAGE, histories, names

Segment = tuple[int, float, float]


def live(name: str, history: list[Segment], *, parts: int = 1, looks: int = 0) -> Cell:
    cell = Cell(PACKAGE[name].law(), rest_days=100)
    now = 0
    for ms, ma, temp_c in history:
        for part in range(parts):
            cell.carry(now + ms * part // parts, ma, temp_c)
        for look in range(looks):
            cell.at(now + ms * look // looks)
        now += ms
    cell.carry(now, 0.0, 20.0)
    return cell


def state(cell: Cell) -> tuple[float, ...]:
    moment = cell.at(cell.since_ms)
    return (
        cell.delivered_mah,
        cell.self_discharged_mah,
        cell.clogged_mah,
        cell.unavailable_mah,
        cell.film_mohm,
        moment.relaxed_mv,
    )


@given(names, histories)
def test_what_was_given_lost_short_and_left_is_the_capacity(
    name: str, history: list[Segment]
) -> None:
    cell = live(name, history)
    given = sum(max(ma, 0.0) * ms for ms, ma, _ in history) / HOUR
    assert cell.delivered_mah == pytest.approx(given, rel=1e-9, abs=1e-9)
    available = (1 - cell.at(cell.since_ms).depth) * cell.capacity_mah
    parts = (given, cell.self_discharged_mah, cell.clogged_mah, cell.unavailable_mah)
    assert all(part >= 0 for part in parts)
    assert sum(parts) + available == pytest.approx(cell.capacity_mah, rel=1e-9)
    # It can't give to itself what it no longer has.
    assert cell.self_discharged_mah <= cell.capacity_mah * (1 + 1e-9)


@given(names, histories)
def test_looking_changes_nothing(name: str, history: list[Segment]) -> None:
    assert state(live(name, history, looks=5)) == state(live(name, history))


@given(names, histories)
def test_a_segment_in_pieces_is_the_same_segment(name: str, history: list[Segment]) -> None:
    whole, pieces = state(live(name, history)), state(live(name, history, parts=3))
    scale = PACKAGE[name].parameters.capacity_mah.value
    for one, other in zip(whole, pieces, strict=True):
        assert math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9 * scale)


@given(names, histories)
def test_rest_brings_back_all_that_was_short_and_nothing_else(
    name: str, history: list[Segment]
) -> None:
    cell = live(name, history)
    gone = cell.delivered_mah
    cell.carry(cell.since_ms, 0.0, 20.0)
    cell.carry(cell.since_ms + 5_000 * HOUR, 0.0, 20.0)
    assert cell.unavailable_mah < 1e-6 * cell.capacity_mah
    assert cell.delivered_mah == gone
