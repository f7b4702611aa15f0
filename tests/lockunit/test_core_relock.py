"""The bolt on a board in the hand: what it does by itself."""

import pytest

from lockunit import board as port
from tests.lockunit.hand import Hand, HandBoard, answer, hand_with

LOCKED, UNLOCKED, BETWEEN = port.END_LOCKED, port.END_UNLOCKED, 0


@pytest.mark.parametrize("ends", [UNLOCKED, BETWEEN])
def test_relock_from_boot_on(ends: int) -> None:
    hand = hand_with(ends)
    hand.run(29_999)
    assert hand.board.direction == 0
    hand.run(1)
    assert hand.board.direction == 1
    assert (30_000, "bolt.relock") in hand.wakes
    hand.ends(LOCKED)
    told = hand.board.told("bolt.moved")[-1]
    assert (told["by"], told["result"], told["state"]) == ("relock", "done", "LOCKED")
    assert hand.board.answers() == []
    hand.run(100_000)
    assert hand.board.out.count(("motor", 1)) == 1


def test_a_command_and_a_hand_start_the_delay_anew() -> None:
    hand = hand_with(UNLOCKED)
    hand.run(20_000)
    hand.call("bolt.unlock")
    hand.run(20_000)
    hand.ends(BETWEEN)
    hand.run(20_000)
    hand.ends(UNLOCKED)
    hand.run(29_999)
    assert hand.board.direction == 0
    hand.run(1)
    assert hand.board.direction == 1


@pytest.mark.parametrize("door", [port.DOOR_OPEN, port.DOOR_UNKNOWN])
def test_no_relock_unless_the_door_is_closed(door: int) -> None:
    hand = hand_with(UNLOCKED)
    hand.run(10_000)
    hand.door(door)
    hand.run(100_000)
    assert hand.board.direction == 0
    hand.door(port.DOOR_CLOSED)
    hand.run(29_999)
    assert hand.board.direction == 0
    hand.run(1)
    assert hand.board.direction == 1
    hand.door(door)
    assert hand.board.direction == 0
    told = hand.board.told("bolt.moved")[-1]
    assert (told["result"], told["cause"]) == ("MOTOR_BLOCKED", "door")


def test_a_door_that_was_never_known_to_be_closed() -> None:
    board = HandBoard()
    board.ends, board.door_is = UNLOCKED, port.DOOR_OPEN
    hand = Hand(board=board)
    hand.run(100_000)
    assert hand.board.direction == 0


def test_a_command_may_lock_an_open_door() -> None:
    hand = hand_with(UNLOCKED, relock_ms=0)
    hand.door(port.DOOR_OPEN)
    hand.call("bolt.lock")
    assert hand.board.direction == 1
    hand.door(port.DOOR_UNKNOWN)
    assert hand.board.direction == 1


def test_a_relock_that_fails_is_tried_three_times() -> None:
    hand = hand_with(UNLOCKED)
    hand.board.ma = 900
    hand.run(300_000)
    starts = [n for n, entry in enumerate(hand.board.out) if entry == ("motor", 1)]
    assert len(starts) == 3
    assert len(hand.board.told("bolt.moved")) == 3
    hand.ends(BETWEEN)
    hand.ends(UNLOCKED)
    hand.run(300_000)
    assert hand.board.out.count(("motor", 1)) == 6, "a hand on the bolt begins anew"


def test_a_command_to_where_it_is_begins_anew() -> None:
    hand = hand_with(UNLOCKED)
    hand.board.ma = 900
    hand.run(300_000)
    hand.call("bolt.unlock")
    hand.run(300_000)
    assert hand.board.out.count(("motor", 1)) == 6


def test_a_command_that_fails_takes_no_try_from_the_relock() -> None:
    hand = hand_with(UNLOCKED)
    hand.board.ma = 900
    hand.call("bolt.lock")
    hand.run(300_000)
    assert hand.board.out.count(("motor", 1)) == 1 + 3


def test_a_relock_that_may_not_even_start_is_told() -> None:
    hand = hand_with(UNLOCKED, motor_min_mv=6_001)
    hand.run(300_000)
    unread = dict.fromkeys(("rest_mv", "low_mv", "low_cell_mv", "mohm", "temp_c"))
    told = {"state": "UNLOCKED", "by": "relock", "result": "LOW_MOTOR_VOLTAGE", "ms": 0, "mas": 0}
    assert hand.board.told("bolt.moved") == [told | unread] * 3


@pytest.mark.parametrize("before", [2_900, 3_899])
def test_a_relock_waits_for_the_diagnostics_load(before: int) -> None:
    hand = hand_with(UNLOCKED)
    hand.run(30_000 - before)
    hand.press()
    hand.run(3_899)
    assert hand.board.direction == 0
    hand.call("bolt.lock")
    assert answer(hand) == {"result": "BUSY", "state": "UNLOCKED"}
    hand.run(1)
    assert (hand.board.direction, hand.board.loaded) == (1, 0)


@pytest.mark.parametrize(("relock_ms", "relocks"), [(0, 0), (1, 1)])
def test_only_a_delay_of_nothing_switches_it_off(relock_ms: int, relocks: int) -> None:
    hand = hand_with(UNLOCKED, relock_ms=relock_ms)
    hand.run(3_000)
    assert hand.board.out.count(("motor", 1)) == relocks


@pytest.mark.parametrize("kind", ["entrance", "laundry"])
def test_a_release_holds_again(kind: str) -> None:
    hand = hand_with(kind=kind)
    hand.call("bolt.release")
    assert hand.board.direction == -1
    hand.run(400)
    hand.ends(UNLOCKED)
    assert answer(hand) == {"result": "done", "state": "UNLOCKED", "ms": 400}
    hand.door(port.DOOR_OPEN)
    hand.run(4_999)
    assert hand.board.direction == 0
    hand.run(1)
    assert hand.board.direction == 1
    hand.door(port.DOOR_CLOSED)
    assert hand.board.direction == 1


def test_release_again_while_released_holds_later() -> None:
    hand = hand_with(UNLOCKED, "entrance")
    hand.run(4_000)
    hand.call("bolt.release")
    assert answer(hand) == {"result": "done", "state": "UNLOCKED"}
    hand.run(4_999)
    assert hand.board.direction == 0
    hand.run(1)
    assert hand.board.direction == 1
