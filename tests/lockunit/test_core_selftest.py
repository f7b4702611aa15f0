"""The diagnostic on a board in the hand: its times, its refusals, and darkness after a reset."""

import copy

import pytest

from lockunit import board as port
from lockunit.battery import GROUNDS, LEVELS
from lockunit.settings import Settings
from tests.full import FULL
from tests.lockunit.hand import Hand, HandBoard

WEAK = [2_540, 2_540]
LOW = [2_400, 2_400]
FLAT = [2_820, 2_199]


def _timeline(hand: Hand, ms: int) -> list[tuple[int, str, object]]:
    """What the board did, with the time since now."""
    start, seen = hand.now, []
    for _ in range(ms // 50):
        before = len(hand.board.out)
        hand.run(50)
        seen += [(hand.now - start, *entry) for entry in hand.board.out[before:]]
    return seen


def _selftest(hand: Hand) -> dict[str, object]:
    hand.board.sent.clear()
    hand.call("selftest.last")
    result: dict[str, object] = hand.board.answers()[-1]["result"]
    return result


def test_the_whole_sequence_of_a_good_pack() -> None:
    hand = Hand()
    hand.run(5)
    hand.press()
    assert (hand.board.green, hand.board.red, hand.board.loaded) == (0, 0, 1)
    assert hand.board.marks == port.MARK_LOAD
    assert hand.board.told("selftest.step") == [{"step": "pressed"}]
    assert _selftest(hand)["outcome"] == "running"
    assert _timeline(hand, 40_000) == [
        (100, "leds", (1, 0)),
        (3_900, "load", 0),
        (4_000, "leds", (0, 0)),
        (7_000, "leds", (0, 1)),
        (7_300, "leds", (0, 0)),
    ]
    assert hand.board.marks == 0
    assert _selftest(hand) == {
        "outcome": "passed", "reason": "", "rest_mv": 6_000, "loaded_mv": 2_820,
    }  # fmt: skip


def test_what_a_sequence_wakes_for() -> None:
    hand = Hand()
    hand.press()
    hand.run(30_000)
    phases = [(ms, "selftest") for ms in (100, 200, 3_900, 4_000, 7_000, 7_300, 8_500)]
    assert hand.wakes == [*phases, (30_000, "selftest.quiet")]


def test_it_tells_when_it_is_done() -> None:
    hand = Hand()
    hand.press()
    hand.run(8_499)
    assert len(hand.board.told("selftest.step")) == 1
    hand.run(1)
    assert hand.board.told("selftest.step")[1] == {
        "step": "done", "outcome": "passed", "reason": "", "rest_mv": 6_000, "loaded_mv": 2_820,
    }  # fmt: skip


@pytest.mark.parametrize("cells", [WEAK, LOW, [2_820, 2_599], [2_200, 2_820]])
def test_two_blinks_for_a_pack_to_change(cells: list[int]) -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = cells
    hand.press()
    assert _timeline(hand, 40_000)[3:] == [
        (7_000, "leds", (0, 1)),
        (7_300, "leds", (0, 0)),
        (8_500, "leds", (0, 1)),
        (8_800, "leds", (0, 0)),
    ]
    assert _selftest(hand)["outcome"] == "change_soon"


@pytest.mark.parametrize(
    ("set_up", "outcome", "reason"),
    [
        ({"loaded_cell_mv": FLAT}, "failed", "voltage"),
        ({"loaded_cell_mv": [2_199, 2_820]}, "failed", "voltage"),
        ({"loaded_cell_mv": [-5, 2_820]}, "failed", "voltage"),
        ({"loaded_cell_mv": [2_993, 2_993]}, "no_verdict", "load"),
        ({"loaded_cell_mv": [port.FAILED, 2_820]}, "no_verdict", "reading"),
        ({"loaded_cell_mv": [2_820, port.FAILED]}, "no_verdict", "reading"),
        ({"cell_mv": [port.FAILED, 3_000]}, "no_verdict", "reading"),
        ({"source": port.SUPPLY_EXTERNAL}, "no_verdict", "supply"),
        ({"source": port.SUPPLY_UNKNOWN}, "no_verdict", "supply"),
    ],
)
def test_no_red_in_doubt(set_up: dict[str, object], outcome: str, reason: str) -> None:
    hand = Hand()
    for name, value in set_up.items():
        setattr(hand.board, name, value)
    hand.press()
    assert _timeline(hand, 40_000) == [
        (100, "leds", (1, 0)),
        (3_900, "load", 0),
        (4_000, "leds", (0, 0)),
    ]
    last = _selftest(hand)
    assert (last["outcome"], last["reason"]) == (outcome, reason)
    suspected = hand.unit.battery.suspected()
    assert suspected == (outcome == "failed")
    reversed_ = set_up.get("loaded_cell_mv") == [-5, 2_820]
    ground = "reversed" if reversed_ else "diagnostic" if suspected else "none"
    assert GROUNDS[hand.unit.battery.ground] == ground


def test_the_least_sag_that_shows_a_load() -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = [2_993, 2_992]
    hand.press()
    hand.run(10_000)
    assert _selftest(hand)["outcome"] == "passed"


@pytest.mark.parametrize("at_ms", [10, 3_899, 3_950, 6_999, 7_100, 8_000])
def test_plugged_in_on_the_way(at_ms: int) -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = WEAK
    hand.press()
    hand.run(at_ms)
    hand.board.source = port.SUPPLY_EXTERNAL
    hand.event(port.EV_SUPPLY, port.SUPPLY_EXTERNAL)
    hand.board.source = port.SUPPLY_BATTERY
    hand.event(port.EV_SUPPLY, port.SUPPLY_BATTERY)
    since = len(hand.board.out)
    hand.run(30_000)
    assert ("leds", (0, 1)) not in hand.board.out[since:]
    last = _selftest(hand)
    assert (last["outcome"], last["reason"]) == ("no_verdict", "supply")


@pytest.mark.parametrize(
    ("cells", "at_ms", "outcome"), [(FLAT, 3_950, "failed"), ([2_820, 2_820], 7_400, "passed")]
)
def test_plugged_in_with_no_blink_left(cells: list[int], at_ms: int, outcome: str) -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = cells
    hand.press()
    hand.run(at_ms)
    hand.board.source = port.SUPPLY_EXTERNAL
    hand.event(port.EV_SUPPLY, port.SUPPLY_EXTERNAL)
    hand.run(10_000)
    assert _selftest(hand)["outcome"] == outcome


def test_a_suspected_pack_is_neither_loaded_nor_passed() -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = FLAT
    hand.press()
    hand.run(31_000)
    hand.board.loaded_cell_mv = [2_820, 2_820]
    hand.press()
    hand.run(100)
    assert (hand.board.green, hand.board.loaded) == (1, 0)
    assert ("leds", (0, 1)) not in [entry[1:] for entry in _timeline(hand, 31_000)]
    assert _selftest(hand) == {
        "outcome": "failed", "reason": "suspicion", "rest_mv": 6_000, "loaded_mv": 3_000,
    }  # fmt: skip


def test_one_sequence_in_thirty_seconds() -> None:
    hand = Hand()
    hand.press()
    for _ in range(299):
        hand.run(100)
        hand.press()
    assert len(hand.board.told("selftest.step")) == 2
    hand.call("selftest.start")
    assert hand.board.answers()[-1]["result"] == {"result": "BUSY"}
    hand.run(100)
    hand.press()
    hand.run(100)
    assert hand.board.green == 1
    assert hand.board.told("selftest.step")[-1] == {"step": "pressed"}


def test_started_over_the_link() -> None:
    hand = Hand()
    assert _selftest(hand) == {
        "outcome": "none", "reason": "", "rest_mv": None, "loaded_mv": None,
    }  # fmt: skip
    hand.call("selftest.start")
    assert hand.board.answers()[-1]["result"] == {"result": "done"}
    assert hand.board.told("selftest.step") == [{"step": "started"}]
    hand.run(100)
    assert (hand.board.green, hand.board.loaded) == (1, 1)
    hand.run(10_000)
    assert (_selftest(hand)["outcome"], _selftest(hand)["rest_mv"]) == ("passed", 6_000)


def test_a_release_alone_starts_nothing() -> None:
    hand = Hand()
    hand.event(port.EV_BUTTON, 0)
    hand.run(1_000)
    assert hand.board.green == 0


def test_it_takes_the_pack_from_a_sample() -> None:
    hand = Hand()
    hand.run(60_100)
    assert hand.board.loaded == 1
    hand.press()
    hand.run(3_800)
    assert hand.board.loaded == 1, "the sample's end took the diagnostic's load away"
    hand.run(10_000)
    assert _selftest(hand)["outcome"] == "passed"
    assert hand.board.loaded == 0


def test_rest_voltage_is_that_from_before_a_motor_run() -> None:
    hand = Hand()
    hand.call("bolt.unlock")
    hand.run(100)
    hand.press()
    hand.ends(port.END_UNLOCKED)
    hand.run(10_000)
    assert _selftest(hand)["rest_mv"] == 6_000
    assert _selftest(hand)["outcome"] == "passed"


@pytest.mark.parametrize("cells", [[2_820, 2_820], WEAK, FLAT])
def test_a_reset_at_every_millisecond_ends_it_dark(cells: list[int]) -> None:
    """SAFE-1: whatever the instant and the cause, the unit that boots never lights an LED.

    At every millisecond by `make full`, at each seventh else: all causes come in turn.
    """
    step = 1 if FULL else 7
    hand = Hand()
    hand.board.loaded_cell_mv = cells
    hand.press()
    causes = (port.RESET_POWER, port.RESET_BROWN_OUT, port.RESET_WATCHDOG, port.RESET_SOFT)
    for ms in range(0, 15_001, step):
        board = copy.copy(hand.board)
        board.out, board.sent, board.stored = [], [], dict(hand.board.stored)
        board.cause = causes[ms % 4] if ms % 97 else port.RESET_BROWN_OUT
        fresh = Hand(board=board)
        fresh.run(30_000)
        lit = [entry for entry in board.out if entry[0] == "leds" and entry[1] != (0, 0)]
        assert not lit, f"lit {lit} after a reset at {ms} ms"
        assert (board.loaded, board.direction) == (0, 0)
        hand.run(step)


def test_boot_is_dark_and_still_first_of_all() -> None:
    board = HandBoard()
    Hand(board=board)
    assert board.out[:3] == [("leds", (0, 0)), ("load", 0), ("motor", 0)]
    assert board.told("unit.boot") == [{"reset": "power", "bolt": "LOCKED"}]
    assert LEVELS[0] == "UNKNOWN"
    assert Settings().kind == "door"


def test_a_level_is_of_the_load_s_beginning_and_a_discharge_of_its_end() -> None:
    """Levels hold for a load as short as a sample's: the same pack has one level, however seen."""
    hand = Hand()
    hand.press()
    hand.run(250)
    hand.board.loaded_cell_mv = [2_300, 2_820]
    hand.run(40_000)
    assert hand.unit.selftest.outcome == "passed"
    hand.press()
    hand.run(250)
    hand.board.loaded_cell_mv = [2_199, 2_820]
    hand.run(40_000)
    assert hand.unit.selftest.outcome == "failed"


def test_a_passed_diagnostic_raises_a_level_by_a_clear_margin_alone() -> None:
    hand = Hand()
    hand.board.loaded_cell_mv = LOW
    hand.run(20 * 3_600_000)
    assert hand.unit.battery.level == 3
    for mv, level in ((2_479, 3), (2_480, 2), (2_629, 2), (2_630, 1)):
        hand.board.loaded_cell_mv = [mv, mv]
        hand.press()
        hand.run(31_000)
        assert hand.unit.battery.level == level, mv
