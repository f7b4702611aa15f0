"""The bolt on a board in the hand: each end of a run, and the hand on the thumb-turn."""

import pytest

from lockunit import board as port
from tests.lockunit.hand import answer, bolt_state, hand_with

LOCKED, UNLOCKED, BETWEEN = port.END_LOCKED, port.END_UNLOCKED, 0


@pytest.mark.parametrize("ends", [LOCKED, UNLOCKED])
def test_already_there(ends: int) -> None:
    hand = hand_with(ends)
    hand.call("bolt.lock" if ends == LOCKED else "bolt.unlock")
    state = "LOCKED" if ends == LOCKED else "UNLOCKED"
    assert answer(hand) == {"result": "done", "state": state}
    assert hand.board.direction == 0


def test_a_second_command_is_busy_and_the_first_is_answered() -> None:
    hand = hand_with()
    hand.call("bolt.unlock", 1)
    hand.run(100)
    hand.call("bolt.lock", 2)
    assert answer(hand, 2) == {"result": "BUSY", "state": "UNLOCKING"}
    hand.ends(UNLOCKED)
    assert answer(hand, 1) == {"result": "done", "state": "UNLOCKED", "ms": 100}


@pytest.mark.parametrize(
    ("ends", "cause", "state"), [(LOCKED, "stall", "LOCKED"), (BETWEEN, "jam", "JAMMED")]
)
def test_a_motor_that_is_held(ends: int, cause: str, state: str) -> None:
    hand = hand_with()
    hand.call("bolt.unlock")
    if ends == BETWEEN:
        hand.ends(BETWEEN)
    hand.board.ma = 900
    hand.run(199)
    assert answer(hand) is None
    hand.run(1)
    assert answer(hand) == {
        "result": "MOTOR_BLOCKED", "cause": cause, "state": state, "ms": 200,
    }  # fmt: skip
    assert hand.board.direction == 0
    assert hand.unit.battery.level == 0, "a stalled motor's reading was taken for the pack's"


def test_one_high_current_is_no_stall() -> None:
    hand = hand_with()
    hand.call("bolt.unlock")
    for ma in (900, 899, 900, 600, 900):
        hand.board.ma = ma
        hand.run(150 if hand.now == 0 else 50)
    assert answer(hand) is None


@pytest.mark.parametrize(("low", "result"), [(1_799, "LOW_MOTOR_VOLTAGE"), (1_800, "TIMEOUT")])
def test_time_out_and_low_voltage(low: int, result: str) -> None:
    hand = hand_with()
    hand.call("bolt.unlock")
    hand.ends(BETWEEN)
    hand.board.loaded_cell_mv = [low, 1_800]
    hand.run(2_999)
    assert answer(hand) is None
    hand.run(1)
    assert answer(hand) == {"result": result, "state": "JAMMED", "ms": 3_000}
    assert hand.board.direction == 0
    assert bolt_state(hand) == "JAMMED"


def test_a_pack_too_low_to_start() -> None:
    hand = hand_with()
    hand.board.cell_mv = [1_799, 1_800]
    hand.call("bolt.unlock")
    assert answer(hand) == {"result": "LOW_MOTOR_VOLTAGE", "state": "LOCKED"}
    hand.board.cell_mv = [1_800, 1_800]
    hand.call("bolt.unlock", 2)
    assert hand.board.direction == -1


@pytest.mark.parametrize(("kind", "tried"), [("door", False), ("entrance", True)])
def test_a_suspected_pack_locks_no_door(kind: str, tried: bool) -> None:
    hand = hand_with(UNLOCKED, kind, relock_ms=0, release_ms=60_000)
    hand.unit.battery.suspect(1)
    if kind == "door":
        hand.call("bolt.lock")
        assert answer(hand) == {"result": "INSUFFICIENT_BATTERY", "state": "UNLOCKED"}
        hand.board.ends = LOCKED
        hand.event(port.EV_BOLT, LOCKED)
        hand.call("bolt.unlock", 2)
        assert hand.board.direction == -1, "a suspected pack still opens"
    else:
        hand.run(60_000)
        assert (hand.board.direction == 1) == tried


def test_the_hand_wins_against_the_motor() -> None:
    hand = hand_with(UNLOCKED, relock_ms=0)
    hand.call("bolt.lock")
    assert (hand.board.direction, bolt_state(hand)) == (1, "LOCKING")
    hand.ends(BETWEEN)
    hand.run(100)
    assert hand.board.direction == 1
    hand.ends(UNLOCKED)
    assert hand.board.direction == 0
    assert answer(hand) == {
        "result": "MOTOR_BLOCKED", "cause": "hand", "state": "UNLOCKED", "ms": 100,
    }  # fmt: skip


def test_from_between_the_origin_is_the_hands() -> None:
    hand = hand_with(BETWEEN, relock_ms=0)
    hand.call("bolt.lock")
    hand.ends(UNLOCKED)
    assert answer(hand) == {
        "result": "MOTOR_BLOCKED", "cause": "hand", "state": "UNLOCKED", "ms": 0,
    }  # fmt: skip


def test_both_switches_closed_is_no_arrival() -> None:
    hand = hand_with()
    hand.call("bolt.unlock")
    hand.ends(BETWEEN)
    hand.ends(LOCKED | UNLOCKED)
    assert answer(hand) == {
        "result": "MOTOR_BLOCKED", "cause": "hand", "state": "JAMMED", "ms": 0,
    }  # fmt: skip


def test_the_hand_moves_an_idle_bolt() -> None:
    hand = hand_with(relock_ms=0)
    hand.ends(BETWEEN)
    assert bolt_state(hand) == "UNKNOWN"
    assert hand.board.told("bolt.moved") == []
    hand.ends(UNLOCKED)
    hand.ends(UNLOCKED)
    assert hand.board.told("bolt.moved") == [{"state": "UNLOCKED", "by": "hand"}]
    assert hand.board.direction == 0


def test_a_jammed_bolt_stays_jammed_until_it_reaches_an_end() -> None:
    hand = hand_with(relock_ms=0)
    hand.call("bolt.unlock")
    hand.ends(BETWEEN)
    hand.run(3_000)
    hand.ends(BETWEEN)
    assert bolt_state(hand) == "JAMMED"
    hand.ends(LOCKED)
    assert bolt_state(hand) == "LOCKED"


@pytest.mark.parametrize(
    ("ends", "state"),
    [(LOCKED, "LOCKED"), (UNLOCKED, "UNLOCKED"), (BETWEEN, "UNKNOWN"), (3, "UNKNOWN")],
)
def test_sensed_at_boot(ends: int, state: str) -> None:
    hand = hand_with(ends)
    assert hand.board.told("unit.boot")[0]["bolt"] == state == bolt_state(hand)


@pytest.mark.parametrize(
    ("kind", "method"),
    [("door", "bolt.release"), ("entrance", "bolt.lock"), ("laundry", "bolt.unlock")],
)
def test_each_kind_has_its_own_commands(kind: str, method: str) -> None:
    hand = hand_with(kind=kind)
    hand.call(method)
    assert hand.board.answers()[-1]["error"]["code"] == -32601
    assert hand.board.direction == 0


def test_the_load_marker_survives_the_motors_end() -> None:
    hand = hand_with()
    hand.call("bolt.unlock")
    hand.press()
    assert hand.board.marks == port.MARK_MOTOR | port.MARK_LOAD
    hand.ends(UNLOCKED)
    assert hand.board.marks == port.MARK_LOAD
    hand.run(3_900)
    assert hand.board.marks == 0
