"""What a run of the motor leaves behind: its times, its readings, and what couldn't be read."""

import pytest

from lockunit import board as port
from tests.lockunit.hand import Hand, answer, bolt_state, hand_with

UNLOCKED, BETWEEN = port.END_UNLOCKED, 0


def test_a_run_and_its_evidence() -> None:
    hand = hand_with()
    hand.call("bolt.unlock")
    assert (hand.board.direction, hand.board.marks) == (-1, port.MARK_MOTOR)
    assert bolt_state(hand) == "UNLOCKING"
    hand.run(80)
    hand.ends(BETWEEN)
    hand.run(170)
    hand.board.loaded_cell_mv = [2_700, 2_650]
    hand.run(50)
    hand.board.loaded_cell_mv = [2_820, 2_820]
    hand.run(250)
    assert answer(hand) is None
    hand.ends(UNLOCKED)
    assert (hand.board.direction, hand.board.marks) == (0, 0)
    assert answer(hand) == {"result": "done", "state": "UNLOCKED", "ms": 550}
    assert hand.board.told("bolt.moved") == [
        {
            "state": "UNLOCKED", "by": "command", "result": "done", "ms": 550,
            "rest_mv": 6_000, "low_mv": 5_350, "low_cell_mv": 2_650, "mohm": 1_083,
            "mas": 330, "temp_c": 20,
        }
    ]  # fmt: skip
    assert [wake for wake in hand.wakes if wake[1] == "bolt.sample"] == [
        (ms, "bolt.sample") for ms in (40, 75, *range(150, 551, 50))
    ]


def test_what_cannot_be_read_is_told_as_unknown() -> None:
    hand = hand_with()
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


def _unlocked(hand: Hand) -> dict[str, object]:
    """What is told of a run that arrives after half a second."""
    hand.call("bolt.unlock")
    hand.run(500)
    hand.ends(UNLOCKED)
    told: dict[str, object] = hand.board.told("bolt.moved")[0]
    return told


@pytest.mark.parametrize(("ma", "mohm"), [(port.FAILED, None), (0, None), (1, 360_000), (600, 600)])
def test_a_resistance_needs_a_current(ma: int, mohm: int | None) -> None:
    hand = hand_with()
    hand.board.ma = ma
    assert _unlocked(hand)["mohm"] == mohm


def test_a_resistance_needs_a_voltage_to_start_from() -> None:
    hand = hand_with()
    hand.board.cell_mv = [port.FAILED, port.FAILED]
    told = _unlocked(hand)
    assert (told["rest_mv"], told["low_mv"], told["mohm"]) == (None, 5_640, None)


def test_the_evidence_is_of_the_first_of_equal_lows() -> None:
    hand = hand_with()
    hand.call("bolt.unlock")
    hand.run(150)
    hand.board.loaded_cell_mv, hand.board.ma = [2_740, 2_900], 300
    hand.run(350)
    hand.ends(UNLOCKED)
    told = hand.board.told("bolt.moved")[0]
    assert (told["low_mv"], told["low_cell_mv"], told["mohm"]) == (5_640, 2_820, 600)


def test_of_two_that_are_due_at_once_the_first_is_the_reason_to_wake() -> None:
    hand = hand_with()
    hand.call("bolt.unlock")
    hand.run(3_000)
    assert hand.wakes[-1] == (3_000, "bolt.sample")
    assert hand.board.told("bolt.moved")[0]["result"] == "TIMEOUT"


def test_one_who_wakes_it_late_moves_its_looks_but_not_its_limit() -> None:
    hand = hand_with()
    hand.call("bolt.unlock")
    hand.now = 160
    hand.left = hand.unit.step(hand.ticks)
    hand.run(2_840)
    assert hand.wakes[-2:] == [(2_960, "bolt.sample"), (3_000, "bolt.limit")]
    assert answer(hand) == {"result": "TIMEOUT", "state": "LOCKED", "ms": 3_000}
