"""The lower bound of the time by itself: the ends of what is a time, to the second."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockunit import kept, lockkey
from lockunit.ticks import add
from lockunit.timebound import Bound
from tests.lockunit.hand import HandBoard
from tests.lockunit.sealed import DAY_S, START_S

# 1 January 2024 and 2068, in UTC.
FIRST_S, BEYOND_S = 1_704_067_200, 3_092_601_600


def bound(at_s: int = START_S, clock_s: int = 0, now: int = 0) -> tuple[HandBoard, Bound]:
    """One that starts with this bound and this calendar."""
    board = HandBoard()
    board.utc_s = clock_s
    board.stored[lockkey.BOUND_AS] = kept.pack(at_s)
    return board, Bound(board, now)


@pytest.mark.parametrize(
    ("time_s", "result"),
    [
        (FIRST_S - 1, "RANGE"),
        (FIRST_S, "done"),
        (BEYOND_S - 1, "done"),
        (BEYOND_S, "RANGE"),
    ],
)
def test_a_clock_shows_2024_to_2067(time_s: int, result: str) -> None:
    board, it = bound()
    assert it.set(0, time_s, True, True) == result
    assert board.utc_s == (time_s if result == "done" else 0)
    assert it.at_s == (time_s if result == "done" else START_S)


@pytest.mark.parametrize("clock_s", [0, START_S + 7])
def test_by_hand_it_is_set_400_days_ahead_of_what_is_known_at_most(clock_s: int) -> None:
    last_s = (clock_s or START_S) + 400 * DAY_S
    assert bound(clock_s=clock_s)[1].set(0, last_s + 1, False, False) == "RANGE"
    assert bound(clock_s=clock_s)[1].set(0, last_s, False, False) == "done"


def test_the_bound_stays_storable_however_long_the_unit_runs() -> None:
    board, it = bound(kept.LARGEST - 1)
    for ms in (1_000, 1_000, 3_600_000):
        it.grow(add(it._seen, ms))
        assert (it.at_s, it.refused) == (kept.LARGEST, False)
    assert kept.Kept(board, lockkey.BOUND_AS).value == kept.LARGEST


def test_what_is_set_begins_a_new_second() -> None:
    # What had passed of the last one belongs to the time before.
    board, it = bound()
    it.grow(999)
    assert it.set(999, START_S + 50, False, False) == "done"
    board.utc_s = 0
    it.grow(1_998)
    assert it.at_s == START_S + 50
    it.grow(1_999)
    assert it.at_s == START_S + 51


def test_ticks_that_come_late_take_no_time_back() -> None:
    _, it = bound(now=5_000)
    it.grow(2_000)
    assert it.at_s == START_S
    it.grow(2_999)
    assert it.at_s == START_S
    it.grow(3_000)
    assert it.at_s == START_S + 1


def test_a_bound_is_refused_only_while_it_isnt_stored() -> None:
    board, it = bound()
    assert not it.refused, "nothing was to be stored yet"
    board.refuses = 0
    it.grow(1_000)
    assert it.refused
    assert it.set(1_000, START_S + 9, False, False) == "STORAGE"
    assert it.refused
    board.refuses = None
    assert it.set(1_000, START_S + 9, False, False) == "done"
    assert not it.refused


@given(st.lists(st.integers(0, 1 << 28), max_size=20), st.integers(0, (1 << 30) - 1))
def test_without_a_clock_no_time_is_lost_or_made_up(waits: list[int], now: int) -> None:
    # However often it is asked, by samples or by credentials: in sum it is the time that passed.
    _, it = bound(now=now)
    passed = 0
    for at, ms in enumerate(waits):
        now, passed = add(now, ms), passed + ms
        if at % 2:
            it.grow(now)
        else:
            it.refusal(now, 0, kept.LARGEST)
        assert it.at_s == START_S + passed // 1_000


@pytest.mark.parametrize(
    ("not_before_s", "not_after_s", "result"),
    [
        (START_S, START_S, ""),
        (START_S + 1, START_S + 1, "NOT_YET"),
        (START_S - 1, START_S - 1, "EXPIRED"),
        # Over before it began: it is over that counts.
        (START_S + 5, START_S - 5, "EXPIRED"),
    ],
)
def test_both_ends_are_included(not_before_s: int, not_after_s: int, result: str) -> None:
    assert bound(clock_s=START_S)[1].refusal(0, not_before_s, not_after_s) == result
