"""The expected date: what it takes, what it says instead, and that it is near in the model."""

from datetime import UTC, datetime, timedelta

import pytest

from lockrig.overview import expected as module
from lockrig.overview.cells import curve, expected_change, pack_kind
from lockrig.overview.expected import Reading, expected
from lockrig.overview.seen import Observation
from lockrig.overview.standing import Stand

CR123A = curve("cr123a-2s")
WEEKLY = range(0, 400, 7)
A_DAY = 1 / 600


def used(
    days: "range | list[int]", a_day: float = A_DAY, off_mv: float = 0, motor_mv: float = 0
) -> list[Reading]:
    """What one reads of a cell that is used up evenly; every other time `motor_mv` lower."""
    return [
        Reading(day, CR123A.at(a_day * day) + off_mv - motor_mv * (day // 7 % 2)) for day in days
    ]


@pytest.mark.parametrize("new_on", [None, 0.0])
def test_mon_2_an_even_use_is_found_again(new_on: float | None) -> None:
    true = CR123A.falls_below(CR123A.now_mv) / A_DAY
    told = expected(used(WEEKLY), CR123A, 400, new_on)
    assert told.day is not None
    assert told.earliest is not None
    assert told.latest is not None
    assert abs(told.day - true) < 10
    assert told.earliest <= true <= told.latest
    assert told == expected(used(WEEKLY), CR123A, 400, new_on), "not the same twice"


@pytest.mark.parametrize("new_on", [None, 0.0])
def test_under_the_motor_it_comes_earlier_and_never_much_later(new_on: float | None) -> None:
    true = CR123A.falls_below(CR123A.now_mv + 90) / A_DAY
    told = expected(used(WEEKLY, motor_mv=90), CR123A, 400, new_on)
    assert told.day is not None
    assert true - 100 < told.day < true + 30


@pytest.mark.parametrize(
    ("readings", "today", "why_not"),
    [
        ([], 0, module.FEW),
        (used([1, 50, 100, 150, 200]), 200, module.FEW),
        (used(range(30)), 30, module.SHORT),
        (used(WEEKLY), 500, module.OLD),
        (used(WEEKLY, off_mv=-700), 400, module.OFF),
        (used(range(0, 60, 5), a_day=1e-6), 60, module.VAGUE),
    ],
)
def test_without_grounds_there_is_a_reason_instead_of_a_date(
    readings: list[Reading], today: float, why_not: str
) -> None:
    told = expected(readings, CR123A, today)
    assert (told.day, told.why_not) == (None, why_not)


def test_no_date_where_something_else_comes_first() -> None:
    now = datetime(2026, 11, 30, tzinfo=UTC)
    kind = pack_kind("cr123a-2s")
    read = [(now - timedelta(days=400 - day), round(CR123A.at(A_DAY * day))) for day in WEEKLY]
    observed = [Observation(now, "ABC", "link", level="GOOD", fresh=True)]
    assert expected_change(Stand("ABC", "good", observed=observed), read, kind, now).day
    for made, why_not in (
        (Stand("ABC", "suspected"), module.SUSPECTED),
        (Stand("ABC", "now"), module.ALREADY),
    ):
        assert expected_change(made, read, kind, now).why_not == why_not
    unsupported = pack_kind("l91-4s-untapped")
    assert expected_change(Stand("ABC"), read, unsupported, now).why_not == module.UNSUPPORTED


def test_a_curve_falls_and_finds_its_share_again() -> None:
    assert list(CR123A.mv) == sorted(CR123A.mv, reverse=True)
    share = CR123A.falls_below(CR123A.now_mv)
    assert CR123A.at(share) == pytest.approx(CR123A.now_mv, abs=1)
