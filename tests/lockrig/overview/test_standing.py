"""BATT-1, BATT-8, BATT-9: how a unit stands, out of what was seen and kept of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockrig.overview.seen import AIR, CHANGE, LEVELS, LINK, SOURCES, SUSPECTED, Observation
from lockrig.overview.standing import SHOWN, Changed, Stand, order, stand
from lockrig.records.standing import Standing

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
NOBODY = Standing()


def told(days_ago: float, level: str, source: str = LINK, **other: object) -> Observation:
    fields: dict = {"fresh": level != "UNKNOWN", "swaps": 1 if source == LINK else None}
    at = NOW - timedelta(days=days_ago)
    return Observation(at, "ABC", source, level=level, **{**fields, **other})


def seen(*observed: Observation, records: Standing = NOBODY, **other: object) -> Stand:
    given_: dict = {"changed": [], "cleared": [], **other}
    changed, cleared = given_.pop("changed"), given_.pop("cleared")
    in_order = sorted(observed, key=lambda each: each.at)
    return stand("ABC", in_order, changed, cleared, records=records, now=NOW, **given_)


def test_batt_1_nothing_seen_is_unknown_and_never_good() -> None:
    made = seen()
    assert (made.shown, made.stale, made.age(NOW)) == ("unknown", True, None)


@pytest.mark.parametrize(
    ("days", "shown", "stale"), [(0, "good", False), (6.9, "good", False), (7.1, "unknown", True)]
)
def test_batt_1_an_old_good_level_isnt_good(days: float, shown: str, stale: bool) -> None:
    made = seen(told(days, "GOOD"))
    assert (made.shown, made.stale) == (shown, stale)


def test_batt_1_a_bad_level_stays_told_however_old() -> None:
    made = seen(told(400, "CHANGE_NOW"))
    assert (made.shown, made.stale) == ("now", True)


def test_a_level_from_the_future_isnt_believed() -> None:
    made = seen(told(-2, "GOOD"))
    assert (made.shown, made.stale, made.age(NOW)) == ("unknown", True, None)


def test_an_advert_keeps_a_level_fresh_and_makes_none_better() -> None:
    assert seen(told(30, "GOOD"), told(1, "GOOD", AIR)).shown == "good"
    assert seen(told(30, "GOOD"), told(1, "CHANGE_SOON", AIR)).shown == "soon"
    better = seen(told(30, "CHANGE_NOW"), told(1, "GOOD", AIR))
    assert (better.shown, better.stale) == ("now", True)
    # What only adverts said, a later one may correct; and so may the unit itself.
    assert seen(told(3, "CHANGE_NOW", AIR), told(1, "GOOD", AIR)).shown == "good"
    assert seen(told(30, "CHANGE_NOW"), told(1, "GOOD")).shown == "good"


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("level", LEVELS[:-1])
@pytest.mark.parametrize("first", [LINK, CHANGE])
def test_batt_8_no_advert_or_level_clears_a_suspicion(source: str, level: str, first: str) -> None:
    made = seen(told(30, SUSPECTED, first), told(1, level, source))
    assert made.suspected
    assert made.since == NOW - timedelta(days=30)


def test_batt_9_a_measured_suspicion_ends_by_the_service_desk_or_a_change_the_unit_counts() -> None:
    measured = told(30, SUSPECTED)
    assert not seen(measured, cleared=[NOW - timedelta(days=20)]).suspected
    assert seen(measured, cleared=[NOW - timedelta(days=40)]).suspected
    by_desk = Changed(NOW - timedelta(days=20), new=True, desk=True)
    by_staff = Changed(NOW - timedelta(days=20), new=True)
    assert not seen(measured, changed=[by_desk]).suspected
    assert seen(measured, changed=[by_staff]).suspected
    assert not seen(measured, told(10, "GOOD", swaps=2)).suspected
    assert seen(measured, told(10, "GOOD", swaps=2, fresh=False)).suspected


def test_hearsay_of_a_suspicion_stands_until_the_unit_itself_denies_it() -> None:
    heard = told(5, SUSPECTED, AIR)
    assert seen(heard).suspected
    assert seen(heard, told(1, "GOOD", AIR)).suspected
    assert not seen(heard, told(1, "GOOD")).suspected


@pytest.mark.parametrize("desk", ["suspected", "danger", "inconclusive", "damaged"])
def test_what_the_records_leave_to_the_service_desk_is_under_suspicion(desk: str) -> None:
    made = seen(told(1, "GOOD"), records=Standing(desk, since=NOW - timedelta(days=9)))
    assert (made.suspected, made.grounds[0].word) == (True, desk)


def test_a_change_whose_unit_was_lost_is_a_suspicion() -> None:
    assert seen(told(1, "GOOD"), unreachable=NOW).grounds[0].word == "unreachable"


OBSERVED = st.builds(
    told,
    st.floats(-3, 60),
    st.sampled_from(LEVELS),
    st.sampled_from(SOURCES),
    fresh=st.booleans(),
    swaps=st.none() | st.integers(0, 3),
)


@given(st.lists(OBSERVED, max_size=8), st.lists(OBSERVED, max_size=2))
def test_whatever_was_seen_the_worse_wins(
    observed: list[Observation], more: list[Observation]
) -> None:
    made = seen(*observed)
    if made.shown == "good":
        assert not made.stale
        assert any(each.level == "GOOD" for each in observed)
    # Adverts added later never take a suspicion away.
    adverts = [Observation(NOW, "ABC", AIR, level=each.level, fresh=each.fresh) for each in more]
    if made.suspected:
        assert seen(*observed, *adverts).suspected
    own = [each for each in observed if each.source != AIR and each.level != SUSPECTED]
    if own and max(own, key=lambda each: each.at).level == "CHANGE_NOW":
        assert made.shown in ("now", "suspected") or any(each.source == AIR for each in observed)


@given(st.lists(st.sampled_from(SHOWN), min_size=2))
def test_the_worst_come_first(shown: list[str]) -> None:
    stands = sorted((Stand(f"U{n}", shown=word) for n, word in enumerate(shown)), key=order)
    ranks = [SHOWN.index(made.shown) for made in stands]
    assert all(a <= b for a, b in pairwise(ranks))
    assert SHOWN[0] == "suspected"
    assert SHOWN[-1] == "good"
