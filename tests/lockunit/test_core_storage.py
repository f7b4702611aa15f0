"""Storage that is corrupt, as the core meets it: named, refused, and nobody locked in or out."""

from typing import Any

import pytest

from lockunit import board as port
from lockunit.settings import Settings, safe_settings
from tests.lockunit.hand import Hand, HandBoard, answer, bolt_state, kept


def refusals(hand: Hand) -> list[dict[str, Any]]:
    return [line["params"] for line in hand.board.sent if line.get("method") == "storage.refused"]


def named(hand: Hand) -> list[str]:
    hand.call("unit.hello", 90)
    return list(hand.board.answers()[-1]["result"]["refused"])


def test_good_storage_names_nothing() -> None:
    hand = Hand()
    assert refusals(hand) == []
    assert named(hand) == []


@pytest.mark.parametrize("stored", [b"", b"\x04\xfb\x01", kept(1, 0)[:3] + b"\x00", kept(5, 0)])
def test_a_corrupt_latch_is_named_before_the_suspicion(stored: bytes) -> None:
    board = HandBoard()
    board.stored["battery"] = stored
    hand = Hand(board=board)
    told = [line["method"] for line in board.sent]
    assert told == ["unit.boot", "storage.refused", "battery.level"]
    assert [one["name"] for one in refusals(hand)] == ["battery"]
    assert named(hand) == ["battery"]


def test_each_refusal_is_told_once_and_again_when_its_reason_changes() -> None:
    hand = Hand()
    for why in ("a", "a", "b"):
        hand.board.refuse("journal", why)
        hand.call("bolt.state")
    hand.board.refuse("counters", "c")
    hand.call("bolt.state")
    assert [(one["name"], one["why"]) for one in refusals(hand)] == [
        ("journal", "a"),
        ("journal", "b"),
        ("counters", "c"),
    ]
    assert named(hand) == ["journal", "counters"]


def test_what_is_accepted_again_is_named_no_more() -> None:
    hand = Hand()
    hand.board.refuse("a", "x")
    hand.board.refuse("b", "y")
    hand.board.accept("a")
    hand.board.accept("never refused")
    assert named(hand) == ["b"]


def test_a_board_that_refuses_says_nothing_of_another() -> None:
    HandBoard().refuse("a", "x")
    assert HandBoard().refused == ()


def safe_hand(**parts: Any) -> Hand:
    board = HandBoard()
    for name, value in parts.items():
        setattr(board, name, value)
    return Hand(safe_settings(), board)


def test_without_its_settings_a_lock_opens_whatever_kind_it_is_asked_for() -> None:
    for method in ("bolt.unlock", "bolt.release"):
        # A motor and a pack that the defaults are not made for.
        hand = safe_hand(cell_mv=[1_500, 1_500], loaded_cell_mv=[1_400, 1_400], ma=3_000)
        hand.call(method)
        assert hand.board.direction == -1, method
        hand.run(500)
        hand.ends(port.END_UNLOCKED)
        told = answer(hand)
        assert told is not None
        assert told["result"] == "done"


def test_without_its_settings_a_door_locks_nobody_out_by_itself() -> None:
    hand = safe_hand(ends=port.END_UNLOCKED)
    hand.run(2 * 3_600_000)
    assert ("motor", 1) not in hand.board.out
    assert bolt_state(hand) == "UNLOCKED"


def test_without_its_settings_a_street_door_still_holds_again() -> None:
    board = HandBoard()
    board.ends = port.END_UNLOCKED
    hand = Hand(safe_settings("entrance"), board)
    hand.run(5_000)
    assert board.direction == 1


@pytest.mark.parametrize("mv", [3_000, 2_500, 100])
def test_without_its_settings_no_voltage_makes_a_level(mv: int) -> None:
    hand = safe_hand(loaded_cell_mv=[mv, mv])
    hand.run(13 * 3_600_000)
    hand.call("battery.report")
    told = answer(hand)
    assert told is not None
    assert (told["level"], told["last_loaded_mv"]) == ("UNKNOWN", mv)


def test_without_its_settings_a_reversed_cell_is_still_suspicious() -> None:
    hand = safe_hand(loaded_cell_mv=[3_000, -1])
    hand.run(61_000)
    hand.call("battery.report")
    told = answer(hand)
    assert told is not None
    assert (told["level"], told["ground"]) == ("SUSPECTED_DISCHARGED", "reversed")


def test_without_its_settings_a_diagnostic_ends_without_a_verdict() -> None:
    hand = safe_hand()
    hand.press()
    hand.run(20_000)
    hand.call("selftest.last")
    told = answer(hand)
    assert told is not None
    assert (told["outcome"], told["reason"]) == ("no_verdict", "settings")
    assert not any(name == "leds" and value[1] for name, value in hand.board.out), "no red"


def test_safe_settings_are_no_settings_of_anybody() -> None:
    assert safe_settings().refused
    assert safe_settings("laundry").kind == "laundry"
    assert not Settings().refused
