"""The bolt on a board in the hand: each end of a run, the hand, the relock, the evidence."""

import pytest

from lockunit import board as port
from lockunit.settings import Settings
from tests.lockunit.hand import Hand, HandBoard

LOCKED, UNLOCKED, BETWEEN = port.END_LOCKED, port.END_UNLOCKED, 0


def _hand(ends: int = LOCKED, kind: str = "door", **settings: int) -> Hand:
    board = HandBoard()
    board.ends = ends
    chosen = Settings(kind)
    for name, value in settings.items():
        setattr(chosen, name, value)
    return Hand(chosen, board)


def _state(hand: Hand) -> str:
    hand.call("bolt.state", 99)
    return str(hand.board.answers()[-1]["result"]["state"])


def _answer(hand: Hand, ident: int = 1) -> dict[str, object] | None:
    found = [line for line in hand.board.answers() if line["id"] == ident]
    assert len(found) <= 1, found
    return found[0]["result"] if found else None


def test_a_run_and_its_evidence() -> None:
    hand = _hand()
    hand.call("bolt.unlock")
    assert (hand.board.direction, hand.board.marks) == (-1, port.MARK_MOTOR)
    assert _state(hand) == "UNLOCKING"
    hand.run(80)
    hand.ends(BETWEEN)
    hand.run(170)
    hand.board.loaded_cell_mv = [2_700, 2_650]
    hand.run(50)
    hand.board.loaded_cell_mv = [2_820, 2_820]
    hand.run(250)
    assert _answer(hand) is None
    hand.ends(UNLOCKED)
    assert (hand.board.direction, hand.board.marks) == (0, 0)
    assert _answer(hand) == {"result": "done", "state": "UNLOCKED", "ms": 550}
    assert hand.board.told("bolt.moved") == [
        {
            "state": "UNLOCKED", "by": "command", "result": "done", "ms": 550,
            "rest_mv": 6_000, "low_mv": 5_350, "low_cell_mv": 2_650, "mohm": 1_083,
            "mas": 330, "temp_c": 20,
        }
    ]  # fmt: skip
    assert [wake for wake in hand.wakes if wake[1] == "bolt.sample"] == [
        (ms, "bolt.sample") for ms in range(150, 551, 50)
    ]


def test_what_cannot_be_read_is_told_as_unknown() -> None:
    hand = _hand()
    hand.board.celsius = hand.board.ma = port.FAILED
    hand.board.cell_mv = hand.board.loaded_cell_mv = [port.FAILED, port.FAILED]
    hand.call("bolt.unlock")
    hand.run(500)
    hand.ends(UNLOCKED)
    told = hand.board.told("bolt.moved")[0]
    unknown = ("rest_mv", "low_mv", "low_cell_mv", "mohm", "temp_c")
    assert [told[name] for name in unknown] == [None] * 5
    assert told["mas"] == 0
    assert hand.unit.battery.level == 0


@pytest.mark.parametrize("ends", [LOCKED, UNLOCKED])
def test_already_there(ends: int) -> None:
    hand = _hand(ends)
    hand.call("bolt.lock" if ends == LOCKED else "bolt.unlock")
    state = "LOCKED" if ends == LOCKED else "UNLOCKED"
    assert _answer(hand) == {"result": "done", "state": state}
    assert hand.board.direction == 0


def test_a_second_command_is_busy_and_the_first_is_answered() -> None:
    hand = _hand()
    hand.call("bolt.unlock", 1)
    hand.run(100)
    hand.call("bolt.lock", 2)
    assert _answer(hand, 2) == {"result": "BUSY", "state": "UNLOCKING"}
    hand.ends(UNLOCKED)
    assert _answer(hand, 1) == {"result": "done", "state": "UNLOCKED", "ms": 100}


@pytest.mark.parametrize(
    ("ends", "cause", "state"), [(LOCKED, "stall", "LOCKED"), (BETWEEN, "jam", "JAMMED")]
)
def test_a_motor_that_is_held(ends: int, cause: str, state: str) -> None:
    hand = _hand()
    hand.call("bolt.unlock")
    if ends == BETWEEN:
        hand.ends(BETWEEN)
    hand.board.ma = 900
    hand.run(199)
    assert _answer(hand) is None
    hand.run(1)
    assert _answer(hand) == {
        "result": "MOTOR_BLOCKED", "cause": cause, "state": state, "ms": 200,
    }  # fmt: skip
    assert hand.board.direction == 0
    assert hand.unit.battery.level == 0, "a stalled motor's reading was taken for the pack's"


def test_one_high_current_is_no_stall() -> None:
    hand = _hand()
    hand.call("bolt.unlock")
    for ma in (900, 899, 900, 600, 900):
        hand.board.ma = ma
        hand.run(150 if hand.now == 0 else 50)
    assert _answer(hand) is None


@pytest.mark.parametrize(("low", "result"), [(1_799, "LOW_MOTOR_VOLTAGE"), (1_800, "TIMEOUT")])
def test_time_out_and_low_voltage(low: int, result: str) -> None:
    hand = _hand()
    hand.call("bolt.unlock")
    hand.ends(BETWEEN)
    hand.board.loaded_cell_mv = [low, 1_800]
    hand.run(2_999)
    assert _answer(hand) is None
    hand.run(1)
    assert _answer(hand) == {"result": result, "state": "JAMMED", "ms": 3_000}
    assert hand.board.direction == 0
    assert _state(hand) == "JAMMED"


def test_a_pack_too_low_to_start() -> None:
    hand = _hand()
    hand.board.cell_mv = [1_799, 1_800]
    hand.call("bolt.unlock")
    assert _answer(hand) == {"result": "LOW_MOTOR_VOLTAGE", "state": "LOCKED"}
    hand.board.cell_mv = [1_800, 1_800]
    hand.call("bolt.unlock", 2)
    assert hand.board.direction == -1


@pytest.mark.parametrize(("kind", "tried"), [("door", False), ("entrance", True)])
def test_a_suspected_pack_locks_no_door(kind: str, tried: bool) -> None:
    hand = _hand(UNLOCKED, kind, relock_ms=0, release_ms=60_000)
    hand.unit.battery.suspect(1)
    if kind == "door":
        hand.call("bolt.lock")
        assert _answer(hand) == {"result": "INSUFFICIENT_BATTERY", "state": "UNLOCKED"}
        hand.board.ends = LOCKED
        hand.event(port.EV_BOLT, LOCKED)
        hand.call("bolt.unlock", 2)
        assert hand.board.direction == -1, "a suspected pack still opens"
    else:
        hand.run(60_000)
        assert (hand.board.direction == 1) == tried


def test_the_hand_wins_against_the_motor() -> None:
    hand = _hand(UNLOCKED, relock_ms=0)
    hand.call("bolt.lock")
    assert hand.board.direction == 1
    hand.ends(BETWEEN)
    hand.run(100)
    assert hand.board.direction == 1
    hand.ends(UNLOCKED)
    assert hand.board.direction == 0
    assert _answer(hand) == {
        "result": "MOTOR_BLOCKED", "cause": "hand", "state": "UNLOCKED", "ms": 100,
    }  # fmt: skip


def test_from_between_the_origin_is_the_hands() -> None:
    hand = _hand(BETWEEN, relock_ms=0)
    hand.call("bolt.lock")
    hand.ends(UNLOCKED)
    assert _answer(hand) == {
        "result": "MOTOR_BLOCKED", "cause": "hand", "state": "UNLOCKED", "ms": 0,
    }  # fmt: skip


def test_both_switches_closed_is_no_arrival() -> None:
    hand = _hand()
    hand.call("bolt.unlock")
    hand.ends(BETWEEN)
    hand.ends(LOCKED | UNLOCKED)
    assert _answer(hand) == {
        "result": "MOTOR_BLOCKED", "cause": "hand", "state": "JAMMED", "ms": 0,
    }  # fmt: skip


def test_the_hand_moves_an_idle_bolt() -> None:
    hand = _hand(relock_ms=0)
    hand.ends(BETWEEN)
    assert _state(hand) == "UNKNOWN"
    assert hand.board.told("bolt.moved") == []
    hand.ends(UNLOCKED)
    hand.ends(UNLOCKED)
    assert hand.board.told("bolt.moved") == [{"state": "UNLOCKED", "by": "hand"}]
    assert hand.board.direction == 0


def test_a_jammed_bolt_stays_jammed_until_it_reaches_an_end() -> None:
    hand = _hand(relock_ms=0)
    hand.call("bolt.unlock")
    hand.ends(BETWEEN)
    hand.run(3_000)
    hand.ends(BETWEEN)
    assert _state(hand) == "JAMMED"
    hand.ends(LOCKED)
    assert _state(hand) == "LOCKED"


@pytest.mark.parametrize(
    ("ends", "state"),
    [(LOCKED, "LOCKED"), (UNLOCKED, "UNLOCKED"), (BETWEEN, "UNKNOWN"), (3, "UNKNOWN")],
)
def test_sensed_at_boot(ends: int, state: str) -> None:
    hand = _hand(ends)
    assert hand.board.told("unit.boot")[0]["bolt"] == state == _state(hand)


@pytest.mark.parametrize("ends", [UNLOCKED, BETWEEN])
def test_relock_from_boot_on(ends: int) -> None:
    hand = _hand(ends)
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
    hand = _hand(UNLOCKED)
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
    hand = _hand(UNLOCKED)
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
    hand = _hand(UNLOCKED, relock_ms=0)
    hand.door(port.DOOR_OPEN)
    hand.call("bolt.lock")
    assert hand.board.direction == 1
    hand.door(port.DOOR_UNKNOWN)
    assert hand.board.direction == 1


def test_a_relock_that_fails_is_tried_three_times() -> None:
    hand = _hand(UNLOCKED)
    hand.board.ma = 900
    hand.run(300_000)
    starts = [n for n, entry in enumerate(hand.board.out) if entry == ("motor", 1)]
    assert len(starts) == 3
    assert len(hand.board.told("bolt.moved")) == 3
    hand.ends(BETWEEN)
    hand.ends(UNLOCKED)
    hand.run(300_000)
    assert hand.board.out.count(("motor", 1)) == 6, "a hand on the bolt begins anew"


def test_a_relock_that_may_not_even_start_is_told() -> None:
    hand = _hand(UNLOCKED)
    hand.board.cell_mv = [1_700, 1_700]
    hand.run(300_000)
    told = [line["result"] for line in hand.board.told("bolt.moved")]
    assert told == ["LOW_MOTOR_VOLTAGE"] * 3


def test_a_relock_waits_for_the_diagnostics_load() -> None:
    hand = _hand(UNLOCKED)
    hand.run(29_000)
    hand.press()
    hand.run(3_899)
    assert hand.board.direction == 0
    hand.call("bolt.lock")
    assert _answer(hand) == {"result": "BUSY", "state": "UNLOCKED"}
    hand.run(1)
    assert (hand.board.direction, hand.board.loaded) == (1, 0)


@pytest.mark.parametrize("kind", ["entrance", "laundry"])
def test_a_release_holds_again(kind: str) -> None:
    hand = _hand(kind=kind)
    hand.call("bolt.release")
    assert hand.board.direction == -1
    hand.run(400)
    hand.ends(UNLOCKED)
    assert _answer(hand) == {"result": "done", "state": "UNLOCKED", "ms": 400}
    hand.door(port.DOOR_OPEN)
    hand.run(4_999)
    assert hand.board.direction == 0
    hand.run(1)
    assert hand.board.direction == 1
    hand.door(port.DOOR_CLOSED)
    assert hand.board.direction == 1


def test_release_again_while_released_holds_later() -> None:
    hand = _hand(UNLOCKED, "entrance")
    hand.run(4_000)
    hand.call("bolt.release")
    assert _answer(hand) == {"result": "done", "state": "UNLOCKED"}
    hand.run(4_999)
    assert hand.board.direction == 0
    hand.run(1)
    assert hand.board.direction == 1


@pytest.mark.parametrize(
    ("kind", "method"),
    [("door", "bolt.release"), ("entrance", "bolt.lock"), ("laundry", "bolt.unlock")],
)
def test_each_kind_has_its_own_commands(kind: str, method: str) -> None:
    hand = _hand(kind=kind)
    hand.call(method)
    assert hand.board.answers()[-1]["error"]["code"] == -32601
    assert hand.board.direction == 0


def test_the_load_marker_survives_the_motors_end() -> None:
    hand = _hand()
    hand.call("bolt.unlock")
    hand.press()
    assert hand.board.marks == port.MARK_MOTOR | port.MARK_LOAD
    hand.ends(UNLOCKED)
    assert hand.board.marks == port.MARK_LOAD
    hand.run(3_900)
    assert hand.board.marks == 0
