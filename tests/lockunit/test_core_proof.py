"""The proof of a new pack on a board in the hand: what proves it, and who may."""

from typing import Any

import pytest

from lockunit import board as port
from lockunit.battery import GROUNDS
from tests.lockunit.hand import Hand, answer, hand_with, kept
from tests.lockunit.proving import PROOF_MS, close, closed, suspected


def test_a_good_pack_is_proved_under_its_load() -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = [2_400, 2_400]
    hand.run(60_200)
    hand.board.loaded_cell_mv = [2_600, 2_600]
    hand.board.out.clear()
    close(hand)
    assert (hand.board.loaded, hand.board.marks) == (1, port.MARK_LOAD)
    hand.run(PROOF_MS - 1)
    assert (hand.board.loaded, answer(hand)) == (1, None)
    hand.run(1)
    assert hand.board.out == [("load", 1), ("load", 0)]
    assert answer(hand) == {"result": "done", "level": "GOOD", "ground": "none"}
    assert hand.board.told("battery.level")[-1]["level"] == "GOOD"
    assert hand.board.stored["battery"] == kept(1, 0)
    assert hand.board.marks == 0


@pytest.mark.parametrize(("role", "ground"), [("staff", 0), ("desk", 0), ("desk", 1), ("desk", 5)])
def test_who_may_close_what(role: str, ground: int) -> None:
    hand = suspected(ground) if ground else Hand()
    assert closed(hand, role)["result"] == "done"
    assert not hand.unit.battery.suspected()


@pytest.mark.parametrize("ground", range(1, 6))
def test_staff_lift_no_suspicion(ground: int) -> None:
    hand = suspected(ground)
    assert closed(hand) == {
        "result": "NOT_AUTHORISED", "level": "SUSPECTED_DISCHARGED", "ground": GROUNDS[ground],
    }  # fmt: skip
    assert ("load", 1) not in hand.board.out


@pytest.mark.parametrize("role", ["", "Desk", "desk ", "owner"])
def test_nobody_else_closes_anything(role: str) -> None:
    hand = suspected()
    close(hand, role)
    error = hand.board.answers()[-1]["error"]
    assert (error["code"], error["data"]) == (-32602, "role: expected staff or desk")
    assert ("load", 1) not in hand.board.out


@pytest.mark.parametrize(
    ("set_up", "cause", "loads"),
    [
        ({"loaded_cell_mv": [2_820, 2_599]}, "voltage", True),
        ({"cell_mv": [3_000, 2_599]}, "voltage", False),
        ({"cell_mv": [3_000, 3_701]}, "profile", False),
        ({"cell_mv": [3_000, port.FAILED]}, "reading", False),
        ({"loaded_cell_mv": [port.FAILED, 2_820]}, "reading", True),
        ({"loaded_cell_mv": [2_993, 2_993]}, "load", True),
        ({"taps": False}, "taps", False),
        ({"source": port.SUPPLY_EXTERNAL}, "supply", False),
        ({"source": port.SUPPLY_UNKNOWN}, "supply", False),
    ],
)
@pytest.mark.parametrize("stands", [False, True])
def test_what_proves_nothing(set_up: dict[str, Any], cause: str, loads: bool, stands: bool) -> None:
    hand = suspected() if stands else Hand()
    for name, value in set_up.items():
        setattr(hand.board, name, value)
    told = closed(hand, "desk")
    assert (told["result"], told["cause"]) == ("INSUFFICIENT_BATTERY", cause)
    assert (("load", 1) in hand.board.out) == loads
    assert hand.unit.battery.suspected() == stands
    assert hand.unit.battery.level != 1
    assert (hand.board.loaded, hand.board.marks) == (0, 0)


@pytest.mark.parametrize(("low", "ground"), [(2_199, "below_threshold"), (49, "reversed")])
def test_a_discharged_pack_is_seen_at_once_and_latched(low: int, ground: str) -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = [2_820, low]
    close(hand)
    hand.run(299)
    assert hand.board.loaded == 1
    hand.run(1)
    assert hand.board.loaded == 0, "it goes on driving a cell that it knows to be discharged"
    assert answer(hand) == {
        "result": "INSUFFICIENT_BATTERY", "cause": "voltage",
        "level": "SUSPECTED_DISCHARGED", "ground": ground,
    }  # fmt: skip


def test_a_cell_reversed_midway_is_not_lifted_by_its_recovery() -> None:
    hand = hand_with(sag_cold=1_000)
    hand.board.celsius = -20
    hand.board.loaded_cell_mv = [2_820, 49]
    close(hand, "staff")
    hand.run(300)
    hand.board.loaded_cell_mv = [2_820, 2_820]
    hand.run(4_000)
    assert answer(hand) == {
        "result": "NOT_AUTHORISED", "level": "SUSPECTED_DISCHARGED", "ground": "reversed",
    }  # fmt: skip


@pytest.mark.parametrize(("celsius", "lifts"), [(20, True), (-20, False), (port.FAILED, False)])
def test_cold_excuses_no_pack_under_suspicion(celsius: int, lifts: bool) -> None:
    """A thermometer that shows too much cold would excuse any pack; without one, none passes."""
    hand = suspected(sag_cold=300, sag_cool=160, sag_hot=70)
    hand.board.celsius = celsius
    hand.board.loaded_cell_mv = [2_600, 2_600] if lifts else [2_449, 2_449]
    told = closed(hand, "desk")
    assert (told["result"] == "done") == lifts
    assert told.get("cause", "") == {20: "", -20: "cold"}.get(celsius, "voltage")
    assert hand.unit.battery.suspected() != lifts


def test_cold_is_taken_into_account_where_nothing_is_suspected() -> None:
    hand = hand_with(sag_cold=300, sag_cool=160)
    hand.board.celsius = -20
    hand.board.loaded_cell_mv = [2_500, 2_500]
    assert closed(hand)["result"] == "done"


def test_another_kind_of_pack_is_forgotten_with_its_change() -> None:
    hand = hand_with()
    hand.board.stored["battery"] = kept(1, 0, 1)
    hand.boot()
    assert closed(hand)["result"] == "done"
    assert hand.board.stored["battery"] == kept(1, 0, 0)
    assert hand.unit.battery.cells.doubt() == ""
