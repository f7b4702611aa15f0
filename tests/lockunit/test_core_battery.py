"""The monitor on a board in the hand: when it samples, what it concludes, what it keeps."""

from typing import Any

import pytest

from lockunit import board as port
from lockunit.battery import CHANGE_NOW, CHANGE_SOON, GOOD, GROUNDS, LEVELS, SUSPECTED, UNKNOWN
from tests.lockunit.hand import Hand, kept

HOUR = 3_600_000
SIX_HOURS = 6 * HOUR


def _loaded(hand: Hand, mv: int) -> None:
    hand.board.loaded_cell_mv = [mv, 2_820]


def _report(hand: Hand) -> dict[str, Any]:
    hand.call("battery.report")
    result: dict[str, Any] = hand.board.answers()[-1]["result"]
    return result


def test_an_idle_month_wakes_for_samples_alone() -> None:
    hand = Hand()
    hand.run(30 * 24 * HOUR)
    expected = []
    for number in range(120):
        at = 60_000 + number * SIX_HOURS
        expected += [(at, "battery.sample"), (at + 200, "battery.load")]
    assert hand.wakes == expected
    assert hand.board.out.count(("load", 1)) == 120
    assert hand.board.told("battery.level") == [{"level": "GOOD", "ground": "none", "fresh": True}]


def test_the_report_and_its_readings() -> None:
    hand = Hand()
    assert _report(hand) == {
        "level": "UNKNOWN", "ground": "none", "last_loaded_mv": None, "last_rest_mv": None,
        "fits": None, "fresh": False, "temp_c": 20, "supply": "battery",
    }  # fmt: skip
    hand.run(60_200)
    _loaded(hand, 2_700)
    hand.board.celsius, hand.board.source = port.FAILED, port.SUPPLY_EXTERNAL
    assert _report(hand) == {
        "level": "GOOD", "ground": "none", "last_loaded_mv": 2_820, "last_rest_mv": 6_000,
        "fits": True, "fresh": True, "temp_c": None, "supply": "external",
    }  # fmt: skip
    hand.board.source = port.SUPPLY_UNKNOWN
    assert _report(hand)["supply"] == "unknown"


@pytest.mark.parametrize(
    ("mv", "level"),
    [
        (2_600, "GOOD"),
        (2_599, "CHANGE_SOON"),
        (2_450, "CHANGE_SOON"),
        (2_449, "CHANGE_NOW"),
        (2_200, "CHANGE_NOW"),
        (2_199, "SUSPECTED_DISCHARGED"),
        (50, "SUSPECTED_DISCHARGED"),
        (49, "SUSPECTED_DISCHARGED"),
        (0, "SUSPECTED_DISCHARGED"),
        (-1, "SUSPECTED_DISCHARGED"),
    ],
)
def test_levels_at_their_thresholds(mv: int, level: str) -> None:
    hand = Hand()
    _loaded(hand, mv)
    hand.run(60_200)
    ground = "none" if mv >= 2_200 else "below_threshold" if mv >= 50 else "reversed"
    assert hand.board.told("battery.level") == [{"level": level, "ground": ground, "fresh": True}]
    assert hand.board.stored["battery"] == kept(LEVELS.index(level), GROUNDS.index(ground))


def test_of_a_pack_without_taps_the_mean_is_told_and_nothing_good_is_said() -> None:
    hand = Hand()
    hand.board.taps = False
    hand.board.loaded_cell_mv = [2_820, 2_379]
    hand.run(60_200)
    report = _report(hand)
    assert (report["level"], report["fits"], report["fresh"]) == ("UNKNOWN", False, False)
    assert report["last_loaded_mv"] == 2_599, "5,199 mV by two, without the half"
    hand.board.cell_mv = [port.FAILED, 0]
    assert hand.unit.battery.cells.lowest_mv() == port.FAILED


def test_of_a_pack_without_taps_a_mean_that_is_discharged_counts() -> None:
    hand = Hand()
    hand.board.taps = False
    hand.board.loaded_cell_mv = [2_820, 1_579]
    hand.run(60_200)
    assert hand.unit.battery.suspected()


def test_worse_needs_two_in_a_row() -> None:
    hand = Hand()
    hand.run(60_200)
    for mv, level in (
        (2_700, GOOD),
        (2_500, GOOD),
        (2_700, GOOD),
        (2_500, GOOD),
        (2_500, CHANGE_SOON),
        (2_400, CHANGE_SOON),
        (2_500, CHANGE_SOON),
        (2_400, CHANGE_SOON),
        (2_300, CHANGE_NOW),
    ):
        _loaded(hand, mv)
        hand.run(SIX_HOURS)
        assert hand.unit.battery.level == level


def test_a_failed_reading_changes_nothing() -> None:
    hand = Hand()
    hand.run(60_200)
    _loaded(hand, port.FAILED)
    for _ in range(5):
        hand.run(SIX_HOURS)
    assert hand.unit.battery.level == GOOD
    assert _report(hand)["last_loaded_mv"] is None


def test_a_finished_run_is_a_reading() -> None:
    hand = Hand()
    _loaded(hand, 2_500)
    hand.call("bolt.unlock")
    hand.run(200)
    hand.ends(port.END_UNLOCKED)
    assert hand.unit.battery.level == CHANGE_SOON


@pytest.mark.parametrize(
    ("celsius", "after"), [(10, GOOD), (9, CHANGE_NOW), (port.FAILED, CHANGE_NOW)]
)
def test_only_a_warm_passed_diagnostic_raises_it(celsius: int, after: int) -> None:
    hand = Hand()
    _loaded(hand, 2_400)
    hand.run(60_200)
    _loaded(hand, 2_820)
    hand.run(SIX_HOURS)
    assert hand.unit.battery.level == CHANGE_NOW
    hand.board.celsius = celsius
    hand.press()
    hand.run(10_000)
    assert hand.unit.battery.level == after


def test_no_sample_but_from_the_battery() -> None:
    hand = Hand()
    hand.board.source = port.SUPPLY_EXTERNAL
    hand.run(60_000 + SIX_HOURS)
    assert ("load", 1) not in hand.board.out
    assert hand.unit.battery.level == UNKNOWN


def test_a_suspected_pack_is_not_sampled() -> None:
    hand = Hand()
    _loaded(hand, 2_000)
    hand.run(60_200)
    _loaded(hand, 2_820)
    hand.run(4 * SIX_HOURS)
    assert hand.board.out.count(("load", 1)) == 1
    assert hand.unit.battery.level == SUSPECTED
    assert hand.unit.battery.last_mv == 2_000


def test_a_sample_gives_way_to_a_command() -> None:
    hand = Hand()
    hand.run(60_100)
    assert (hand.board.loaded, hand.board.marks) == (1, port.MARK_LOAD)
    hand.call("bolt.unlock")
    assert (hand.board.loaded, hand.board.marks) == (0, port.MARK_MOTOR)
    hand.run(200)
    hand.ends(port.END_UNLOCKED)
    assert hand.board.told("bolt.moved")[0]["rest_mv"] == 6_000
    hand.run(59_799)
    assert hand.board.loaded == 0
    hand.run(1)
    assert hand.board.loaded == 1, "it is taken up a minute later"


def test_a_sample_waits_while_the_pack_is_taken() -> None:
    hand = Hand()
    hand.run(59_000)
    hand.call("bolt.unlock")
    hand.run(1_500)
    assert hand.board.loaded == 0
    hand.ends(port.END_UNLOCKED)
    hand.run(59_499)
    assert hand.board.loaded == 0
    hand.run(1)
    assert hand.board.loaded == 1
