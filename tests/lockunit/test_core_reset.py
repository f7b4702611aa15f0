"""What the monitor concludes from a reset, and what of its knowledge outlives one."""

import pytest

from lockunit import board as port
from lockunit.battery import CHANGE_NOW, CHANGE_SOON, GOOD, GROUNDS, LEVELS
from tests.lockunit.hand import Hand, HandBoard, kept

CAUSES = {
    "power": port.RESET_POWER,
    "brown-out": port.RESET_BROWN_OUT,
    "watchdog": port.RESET_WATCHDOG,
    "soft": port.RESET_SOFT,
}


@pytest.mark.parametrize(
    ("reset", "marks", "suspected"),
    [
        ("power", 0, False),
        ("power", port.MARK_LOAD, True),
        ("power", port.MARK_MOTOR, True),
        ("power", 4, False),
        ("brown-out", 0, True),
        ("watchdog", port.MARK_LOAD, False),
        ("soft", port.MARK_MOTOR, False),
    ],
)
def test_what_a_reset_tells_of_the_pack(reset: str, marks: int, suspected: bool) -> None:
    board = HandBoard()
    board.cause, board.marks = CAUSES[reset], marks
    hand = Hand(board=board)
    assert hand.unit.battery.suspected() == suspected
    assert GROUNDS[hand.unit.battery.ground] == ("brown_out" if suspected else "none")
    assert board.marks == 0
    assert board.told("unit.boot")[0]["reset"] == reset


def test_the_first_ground_stays_and_outlives_resets() -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = [2_000, 2_820]
    hand.run(60_200)
    hand.board.cause = port.RESET_BROWN_OUT
    hand.boot()
    assert GROUNDS[hand.unit.battery.ground] == "below_threshold"
    assert LEVELS[hand.unit.battery.level] == "SUSPECTED_DISCHARGED"


@pytest.mark.parametrize("level", [GOOD, CHANGE_SOON, CHANGE_NOW])
def test_the_level_outlives_a_reset(level: int) -> None:
    board = HandBoard()
    board.stored["battery"] = kept(level, 0)
    assert Hand(board=board).unit.battery.level == level


def test_after_a_reset_too_worse_needs_two_in_a_row() -> None:
    board = HandBoard()
    board.stored["battery"] = kept(GOOD, 0)
    board.loaded_cell_mv = [2_500, 2_820]
    hand = Hand(board=board)
    hand.run(60_200)
    assert hand.unit.battery.level == GOOD
    hand.run(6 * 3_600_000)
    assert hand.unit.battery.level == CHANGE_SOON


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"\x01\xfe\x00",
        b"\x01\xfe\x00\xff\x00",
        b"\x00\x00\x00\x00",
        b"\xff\xff\xff\xff",
        b"\x01\xff\x00\xff",
        b"\x01\xfe\x00\xfe",
        kept(5, 0),
        kept(1, 6),
    ],
)
def test_a_corrupt_level_is_a_suspicion(stored: bytes) -> None:
    board = HandBoard()
    board.stored["battery"] = stored
    hand = Hand(board=board)
    assert LEVELS[hand.unit.battery.level] == "SUSPECTED_DISCHARGED"
    assert GROUNDS[hand.unit.battery.ground] == "storage"
