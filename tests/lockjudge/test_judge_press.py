"""Which presses an instrument's trace holds, and which belong to one sequence."""

import pytest

from lockjudge.verdict import judge
from tests.lockjudge.recordings import (
    ALLOWED,
    HOLDS,
    INCONCLUSIVE,
    SUSPECTED,
    UNKNOWN,
    outcome,
    recorded,
    spoilt,
    states,
    without,
)

# one press


@pytest.mark.parametrize(
    ("again", "u", "expected"),
    [
        (160, 0, UNKNOWN),
        (200, 0, UNKNOWN),
        (29_999, 0, UNKNOWN),
        (30_000, 0, UNKNOWN),
        (30_001, 0, HOLDS),
        (30_010, 10, UNKNOWN),
        (30_011, 10, HOLDS),
    ],
)
def test_a_further_press_belongs_to_the_sequence_and_starts_none(again, u, expected):
    trace = recorded(button=((0, 150), (again, again + 150)), u=u, end=70_000)
    assert states(trace)["one press"] == expected
    assert len(judge(trace).sequences) == (1 if again <= 30_000 else 2)


def test_a_press_after_30_s_starts_a_sequence_of_its_own():
    at_30_000 = recorded(button=((0, 150), (30_000, 30_150)), end=70_000)
    assert spoilt(at_30_000) == {"one press": UNKNOWN}
    at_30_001 = recorded(button=((0, 150), (30_001, 30_151)), end=70_000)
    assert spoilt(at_30_001, 0) == {}
    assert set(spoilt(at_30_001, 1)) == {"now", "green", "red"}
    assert outcome(at_30_001) == SUSPECTED


@pytest.mark.parametrize(
    "edges",
    [
        pytest.param(((0, 150),), id="none"),
        pytest.param(((0, 3), (5, 9), (50, 150)), id="at the press"),
        pytest.param(((0, 150), (152, 155), (199, 200)), id="at the release"),
        pytest.param(((0, 10), (20, 30), (40, 49), (50, 400), (401, 449)), id="at both"),
        pytest.param(((0, None),), id="never released"),
        pytest.param(((0, 3_600_000),), id="held for an hour"),
    ],
)
def test_contacts_that_chatter_are_one_press(edges):
    trace = recorded(button=edges, end=4_000_000)
    assert outcome(trace) == ALLOWED


@pytest.mark.parametrize(
    ("edges", "u"),
    [
        pytest.param(((0, 20), (51, 150)), 0, id="edge up after 51 ms"),
        pytest.param(((0, 150), (201, 210)), 0, id="edge up 51 ms after the release"),
        pytest.param(((0, 20), (50, 150)), 1, id="edge up after 50 ± 2 ms"),
        pytest.param(((0, 150), (200, 210)), 1, id="edge up 50 ± 2 ms after the release"),
        pytest.param(((0, 20), (31, 150)), 10, id="edge up after 31 ± 20 ms"),
        pytest.param(((0, 45), (60, 150)), 0, id="chatter that is counted from its first edge"),
        pytest.param(((0, 150), (160, 300)), 0, id="up again right after the release"),
        pytest.param(((0, 150), (160, None)), 0, id="up again and held"),
        pytest.param(((0, 150), (160, 201)), 0, id="chatter that outlasts the release"),
        pytest.param(((0, 150), (160, 200)), 1, id="chatter that may outlast the release"),
    ],
)
def test_what_may_be_a_second_press_is_doubted(edges, u):
    trace = recorded(button=edges, u=u, end=31_000)
    assert spoilt(trace) == {"one press": UNKNOWN}


def test_edges_surely_within_50_ms_are_chatter_under_uncertainty():
    assert spoilt(recorded(button=((0, 20), (30, 150)), u=10, end=31_000)) == {}


def test_a_larger_uncertainty_finds_no_fewer_presses():
    """Grouping again under u once made the edge at 60 ms the chatter of a release at 45 ms."""
    for u in (0, 2, 5, 10, 20, 30):
        trace = recorded(button=((0, 45), (60, 150)), u=u, end=31_000)
        assert outcome(trace) == INCONCLUSIVE, u


def test_a_button_held_from_the_start_was_not_seen_to_be_pressed():
    first = [*without("button"), (-5_000, "button", 1)]
    held = recorded(first=first, button=())
    assert outcome(held) == INCONCLUSIVE
    then_pressed = recorded(first=first, before=[(-3_000, "button", 0)])
    assert spoilt(then_pressed) == {}
    assert outcome(then_pressed) == INCONCLUSIVE


def test_chatter_at_the_release_of_a_held_button_is_no_press():
    first = [*without("button"), (-5_000, "button", 1)]
    edges = [(0, "button", 0), (9, "button", 1), (12, "button", 0)]
    trace = recorded(first=first, button=(), extra=edges)
    assert outcome(trace) == INCONCLUSIVE
    assert judge(trace).sequences == ()
