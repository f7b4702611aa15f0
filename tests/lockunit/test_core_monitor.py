"""What the monitor knows, and for how long: unread, unfit, unseen and unsaved packs."""

from typing import Any

import pytest

from lockunit import board as port
from lockunit.battery import CHANGE_NOW, GOOD, GROUNDS
from lockunit.settings import Settings
from tests.lockunit.hand import Hand, HandBoard, hand_with, kept

HOUR = 3_600_000
SIX_HOURS = 6 * HOUR


def _report(hand: Hand) -> dict[str, Any]:
    hand.call("battery.report")
    result: dict[str, Any] = hand.board.answers()[-1]["result"]
    return result


def _levels(hand: Hand) -> list[tuple[str, bool]]:
    return [(told["level"], told["fresh"]) for told in hand.board.told("battery.level")]


def _blinks(hand: Hand) -> str:
    """Why a diagnostic gives no red; "" if it does."""
    hand.press()
    hand.run(31_000)
    hand.call("selftest.last")
    lit = ("leds", (0, 1)) in hand.board.out
    reason = str(hand.board.answers()[-1]["result"]["reason"])
    assert lit == (not reason)
    return reason


def _blind(hand: Hand) -> None:
    hand.board.loaded_cell_mv = [port.FAILED, 2_820]


def _unloaded(hand: Hand) -> None:
    hand.board.loaded_cell_mv = [2_993, 2_993]


def _rest_unread(hand: Hand) -> None:
    hand.board.cell_mv = [3_000, port.FAILED]


def _plugged(hand: Hand) -> None:
    hand.board.source = port.SUPPLY_EXTERNAL


@pytest.mark.parametrize("trouble", [_blind, _unloaded, _rest_unread, _plugged])
def test_after_three_samples_without_a_reading_a_good_level_is_unknown(trouble: Any) -> None:
    """Of the field's failures: frozen for months on a little-used lock; a failed read published."""
    hand = Hand()
    hand.run(60_200)
    trouble(hand)
    hand.run(3 * SIX_HOURS - 1_000)
    assert _levels(hand) == [("GOOD", True)]
    assert _report(hand)["fresh"] is True
    hand.run(61_000)
    assert _levels(hand) == [("GOOD", True), ("UNKNOWN", False)]
    report = _report(hand)
    assert (report["level"], report["fresh"], report["ground"]) == ("UNKNOWN", False, "none")
    hand.run(90 * 24 * HOUR)
    assert len(_levels(hand)) == 2, "it is told once"
    hand.board.loaded_cell_mv, hand.board.cell_mv = [2_820, 2_820], [3_000, 3_000]
    hand.board.source = port.SUPPLY_BATTERY
    hand.run(SIX_HOURS)
    assert _levels(hand) == [("GOOD", True), ("UNKNOWN", False), ("GOOD", True)]


def test_a_pack_to_change_stays_one_and_is_not_fresh() -> None:
    """Unread, the mark to change it doesn't go away: the worst level is remembered."""
    hand = Hand()
    hand.board.loaded_cell_mv = [2_400, 2_400]
    hand.run(60_200)
    _blind(hand)
    hand.run(3 * SIX_HOURS + 60_000)
    assert _levels(hand) == [("CHANGE_NOW", True), ("CHANGE_NOW", False)]
    hand.board.loaded_cell_mv = [2_820, 2_820]
    hand.run(SIX_HOURS)
    assert _levels(hand)[-1] == ("CHANGE_NOW", True), "it came back better than it was"


def test_what_was_unread_does_not_come_back_better() -> None:
    hand = Hand()
    hand.run(60_200)
    _blind(hand)
    hand.run(24 * HOUR)
    hand.board.loaded_cell_mv = [2_500, 2_500]
    hand.run(SIX_HOURS)
    assert _levels(hand)[-1] == ("GOOD", True)
    hand.run(SIX_HOURS)
    assert _levels(hand)[-1] == ("CHANGE_SOON", True)


def test_a_suspicion_needs_no_reading_to_stand() -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = [2_000, 2_000]
    hand.run(60_200)
    hand.run(30 * 24 * HOUR)
    assert _levels(hand) == [("SUSPECTED_DISCHARGED", True)]
    hand.boot()
    assert _report(hand)["fresh"] is True
    assert _report(hand)["level"] == "SUSPECTED_DISCHARGED"


@pytest.mark.parametrize(("level", "told"), [(GOOD, "UNKNOWN"), (CHANGE_NOW, "CHANGE_NOW")])
def test_a_stored_level_is_not_one_that_was_read(level: int, told: str) -> None:
    """Of the field's failures: the level stale after a swap until restart. It isn't after it."""
    board = HandBoard()
    board.stored["battery"] = kept(level, 0)
    hand = Hand(board=board)
    assert (_report(hand)["level"], _report(hand)["fresh"]) == (told, False)
    hand.run(60_200)
    assert _report(hand)["fresh"] is True


def test_a_pack_that_can_be_changed_unnoticed_is_read_again() -> None:
    """Beside a cable the pack can go without a reset: of the level then only the worst is known."""
    hand = Hand()
    hand.run(60_200)
    hand.board.source = port.SUPPLY_EXTERNAL
    hand.event(port.EV_SUPPLY, port.SUPPLY_EXTERNAL)
    assert _levels(hand)[-1] == ("UNKNOWN", False)
    hand.run(HOUR)
    hand.board.source = port.SUPPLY_BATTERY
    hand.event(port.EV_SUPPLY, port.SUPPLY_BATTERY)
    hand.board.loaded_cell_mv = [2_820, 2_100]
    hand.run(59_999)
    assert _report(hand)["level"] == "UNKNOWN"
    hand.run(201)
    assert _report(hand)["level"] == "SUSPECTED_DISCHARGED"


def test_no_pack_beside_a_cable_is_no_reversal() -> None:
    """The pack is out, the unit runs on a cable: 0 mV say nothing of a pack."""
    hand = Hand()
    hand.board.source = port.SUPPLY_EXTERNAL
    hand.board.loaded_cell_mv = [0, 0]
    hand.call("bolt.unlock")
    hand.run(500)
    hand.ends(port.END_UNLOCKED)
    assert hand.unit.battery.level == 0


@pytest.mark.parametrize("source", [port.SUPPLY_EXTERNAL, port.SUPPLY_UNKNOWN])
def test_a_run_from_something_else_says_nothing_good(source: int) -> None:
    hand = Hand()
    hand.board.source = source
    hand.call("bolt.unlock")
    hand.run(500)
    hand.ends(port.END_UNLOCKED)
    assert hand.unit.battery.level == 0


@pytest.mark.parametrize(("low", "ground"), [(2_000, "below_threshold"), (49, "reversed")])
def test_where_nobody_knows_what_feeds_it_bad_news_counts(low: int, ground: str) -> None:
    hand = Hand()
    hand.board.source = port.SUPPLY_UNKNOWN
    hand.board.loaded_cell_mv = [2_820, low]
    hand.call("bolt.unlock")
    hand.run(500)
    hand.ends(port.END_UNLOCKED)
    assert GROUNDS[hand.unit.battery.ground] == ground


def test_a_pack_of_another_kind_gets_no_level() -> None:
    """Of the field's failures: the wrong chemistry selected."""
    hand = hand_with(fresh_mv=3_400)
    hand.run(60_200)
    hand.board.cell_mv, hand.board.loaded_cell_mv = [3_400, 3_401], [3_300, 3_300]
    hand.run(SIX_HOURS)
    assert _levels(hand) == [("GOOD", True), ("UNKNOWN", False)]
    assert _report(hand)["fits"] is False
    assert _blinks(hand) == "profile"


def test_another_kind_of_pack_stays_one_once_it_rests_lower() -> None:
    """Of the field's failures: the wrong chemistry selected. Spent, it rests like the right one."""
    hand = hand_with(fresh_mv=3_400)
    hand.board.cell_mv, hand.board.loaded_cell_mv = [3_600, 3_600], [3_500, 3_500]
    hand.run(60_200)
    hand.run(SIX_HOURS)
    hand.board.cell_mv, hand.board.loaded_cell_mv = [3_300, 3_300], [2_900, 2_900]
    assert hand.board.stored["battery"] == kept(0, 0, 1)
    for _ in range(2):
        hand.run(SIX_HOURS)
        assert (_report(hand)["fits"], _report(hand)["level"]) == (False, "UNKNOWN")
        assert _blinks(hand) == "profile"
        hand.boot()


def test_one_high_reading_may_be_chance() -> None:
    hand = hand_with(fresh_mv=3_400)
    for rest in (3_500, 3_000, 3_500, 3_000):
        hand.board.cell_mv = [rest, 3_000]
        hand.run(SIX_HOURS)
    assert _report(hand)["fits"] is True
    assert _blinks(hand) == ""


def test_another_kind_of_pack_that_fails_is_suspected_all_the_same() -> None:
    """Of the field's failures: a lithium cell that rests high and delivers nothing."""
    hand = hand_with(fresh_mv=3_400)
    hand.board.cell_mv, hand.board.loaded_cell_mv = [3_600, 3_600], [3_500, 2_199]
    hand.run(60_200)
    assert hand.unit.battery.suspected()


@pytest.mark.parametrize("cells", [1, 3, 8])
def test_a_pack_with_other_taps_than_the_settings_say_gets_no_level(cells: int) -> None:
    hand = hand_with(cells=cells)
    hand.boot()
    hand.run(60_200)
    assert (_report(hand)["level"], _report(hand)["fits"]) == ("UNKNOWN", False)
    assert _blinks(hand) == "taps"


def test_more_taps_than_any_pack_has_stop_nothing() -> None:
    board = HandBoard()
    board.cell_mv, board.loaded_cell_mv = [3_000] * 9, [2_820] * 9
    hand = Hand(board=board)
    hand.run(60_200)
    assert _blinks(hand) == "taps"


def test_a_row_of_cells_that_is_not_seen_into_never_blinks() -> None:
    """SAFE-5: behind its neighbours' voltage the weakest hides, so such packs are the desk's."""
    hand = Hand()
    hand.board.taps = False
    assert _blinks(hand) == "taps"


@pytest.mark.parametrize("loaded", [2_820, 2_199])
def test_a_single_cell_needs_no_tap(loaded: int) -> None:
    board = HandBoard()
    board.taps, board.cell_mv, board.loaded_cell_mv = False, [3_000], [loaded]
    settings = Settings()
    settings.cells, settings.motor_min_mv = 1, 1_800
    hand = Hand(settings, board)
    assert _blinks(hand) == ("" if loaded == 2_820 else "voltage")
    assert _report(hand)["fits"] is True


def test_a_suspicion_that_cannot_be_stored_stands_and_is_stored_later() -> None:
    """A unit that fell over its full storage would come up without its suspicion."""
    board = HandBoard()
    hand = Hand(board=board)
    hand.run(60_200)
    board.refuses = 0
    board.loaded_cell_mv = [2_000, 2_000]
    hand.run(SIX_HOURS)
    assert hand.unit.battery.suspected()
    assert board.stored["battery"] == kept(GOOD, 0)
    board.refuses = None
    hand.run(SIX_HOURS)
    assert board.stored["battery"] == kept(4, 1)


@pytest.mark.parametrize(
    "stored", [kept(1, 0)[:4], kept(1, 0, 2), b"\x01\xfe\x00\xff\x00\xfe", kept(1, 0) + b"\x00\xff"]
)
def test_a_corrupt_kind_of_pack_is_a_suspicion(stored: bytes) -> None:
    board = HandBoard()
    board.stored["battery"] = stored
    assert GROUNDS[Hand(board=board).unit.battery.ground] == "storage"
