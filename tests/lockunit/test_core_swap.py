"""A change of the battery on a board in the hand, step by step; what counts, what stays."""

from typing import Any

import pytest

from lockunit import board as port
from lockunit.battery import CHANGE_NOW, CHANGE_SOON, G_BELOW, GOOD, SUSPECTED
from tests.lockunit import motor
from tests.lockunit.hand import Hand, HandBoard, hand_with, kept
from tests.lockunit.journals import of

MINUTE = 60_000


def ask(hand: Hand, method: str, **params: Any) -> dict[str, Any]:
    hand.board.sent.clear()
    hand.call(method, 1, **params)
    hand.run(4_000 if method == "swap.close" else 0)
    found: dict[str, Any] = hand.board.answers()[-1]["result"]
    return found


def word(hand: Hand, method: str, **params: Any) -> str:
    return str(ask(hand, method, **params)["result"])


def state(hand: Hand) -> dict[str, Any]:
    return ask(hand, "swap.state")


def lose_power(hand: Hand) -> None:
    hand.board.cause = port.RESET_POWER
    hand.board.marks = 0
    hand.boot()


def fresh(level: int = GOOD, kind: str = "door", **settings: int) -> Hand:
    """A unit that has read its pack, at this level."""
    hand = hand_with(kind=kind, **settings)
    hand.board.stored["battery"] = kept(level, G_BELOW if level == SUSPECTED else 0)
    hand.boot()
    hand.run(61_000)
    return hand


def registered(hand: Hand, role: str = "staff") -> Hand:
    gate = "diagnosed" if role == "desk" else "fresh"
    assert word(hand, "swap.begin", role=role, gate=gate) == "done"
    lose_power(hand)
    assert word(hand, "battery.replaced", role=role, confirmed=True) == "done"
    return hand


def both(hand: Hand, times: int = 5) -> None:
    for _ in range(times):
        motor.run(hand, "bolt.unlock")
        motor.run(hand, "bolt.lock")


def test_a_change_from_its_gate_to_its_end() -> None:
    hand = fresh()
    hand.board.utc_s = 1_800_000_000
    registered(hand)
    both(hand)
    assert [step["counted"] for step in hand.board.told("swap.step")][-1:] == [True]
    assert word(hand, "swap.close", role="staff") == "done"
    assert state(hand) == {
        "phase": "none", "locks": 5, "unlocks": 5, "needed": 5, "swaps": 1,
        "swapped_at": 1_800_000_000, "unannounced": False,
    }  # fmt: skip
    told = [(fields["what"], fields["locks"], fields["unlocks"]) for fields in of(hand, "change")]
    assert told[:3] == [("begun", 0, 0), ("out", 0, 0), ("replaced", 0, 0)]
    assert told[3:5] == [("counted", 0, 1), ("counted", 1, 1)]
    assert told[-2:] == [("counted", 5, 5), ("closed", 5, 5)]
    assert len(told) == 3 + 10 + 1


def test_twenty_changes_in_a_row_each_begin_with_nothing() -> None:
    hand = fresh(utc_s=0)
    for number in range(20):
        registered(hand)
        both(hand, 4)
        assert word(hand, "swap.close", role="staff") == "NOT_COUNTED"
        motor.run(hand, "bolt.unlock")
        assert word(hand, "swap.close", role="staff") == "NOT_COUNTED"
        motor.run(hand, "bolt.lock")
        assert word(hand, "swap.close", role="staff") == "done"
        assert state(hand)["swaps"] == number + 1
        hand.run(61_000)
    assert [f["what"] for f in of(hand, "change")].count("closed") == 20


def test_two_units_in_turns_count_their_own() -> None:
    one, other = registered(fresh()), registered(fresh(kind="entrance"))
    for number in range(1, 6):
        motor.run(one, "bolt.unlock")
        motor.run(other, "bolt.release")
        assert (state(one)["unlocks"], state(other)["unlocks"]) == (number, number - 1)
        release_ends(other)
        motor.run(one, "bolt.lock")
        assert (state(one)["locks"], state(other)["locks"]) == (number, number)


def release_ends(hand: Hand) -> None:
    hand.run(4_900)
    assert hand.board.direction == 1
    motor.at(hand, 0)
    hand.run(500)
    motor.at(hand, port.END_LOCKED)
    hand.run(1_000)


WHY = {
    "early": "reading", "between": "unmoved", "jam": "result", "against": "result",
    "plugged": "supply", "unread": "reading", "no load": "load", "weak": "voltage",
}  # fmt: skip


@pytest.mark.parametrize("way", WHY)
def test_a_run_that_proves_nothing_says_why(way: str) -> None:
    hand = registered(fresh())
    hand.board.sent.clear()
    motor.run(hand, "bolt.unlock", way)
    (step,) = [s for s in hand.board.told("swap.step") if s["what"] in ("", "counted")]
    assert (step["counted"], step["why"], step["unlocks"]) == (False, WHY[way], 0)


@pytest.mark.parametrize("turned", [False, True])
def test_a_release_counts_with_its_hold_alone(turned: bool) -> None:
    hand = registered(fresh(kind="laundry"))
    motor.run(hand, "bolt.release")
    if turned:
        motor.at(hand, 0)
        motor.at(hand, port.END_LOCKED)
    else:
        release_ends(hand)
    assert state(hand)["unlocks"] == (0 if turned else 1)


def test_a_relock_counts_for_nothing() -> None:
    hand = registered(fresh())
    motor.run(hand, "bolt.unlock")
    hand.run(29_900)
    assert hand.board.direction == 1
    hand.run(300)
    hand.ends(0)
    hand.run(300)
    hand.ends(port.END_LOCKED)
    assert (state(hand)["locks"], state(hand)["unlocks"]) == (0, 1)


@pytest.mark.parametrize(("cause", "left"), [(0, 0), (1, 0), (2, 3), (3, 3)])
def test_counts_outlive_a_reset_and_no_loss_of_power(cause: int, left: int) -> None:
    """Without power it may be another pack since: what one proved counts for no other."""
    hand = registered(fresh())
    both(hand, 3)
    hand.board.cause = cause
    hand.boot()
    assert [step["what"] for step in hand.board.told("swap.step")][-1] == (
        "counted" if left else "uncounted"
    )
    assert (state(hand)["phase"], state(hand)["locks"]) == ("replaced", left)


def test_a_gate_that_nobody_goes_through_lapses() -> None:
    hand = fresh()
    assert word(hand, "swap.begin", role="staff", gate="fresh") == "done"
    hand.run(30 * MINUTE - 1)
    assert state(hand)["phase"] == "begun"
    hand.run(1)
    assert hand.board.told("swap.step")[-1]["what"] == "lapsed"
    assert state(hand)["phase"] == "none"
    assert word(hand, "battery.replaced", role="staff", confirmed=True) == "NOT_BEGUN"


@pytest.mark.parametrize("step", ["swap.begin", "battery.replaced", "count", "swap.cancel"])
def test_what_cannot_be_stored_is_refused_and_changes_nothing(step: str) -> None:
    hand = fresh()
    params: dict[str, Any] = {"role": "staff"}
    if step == "swap.begin":
        params["gate"] = "fresh"
    elif step == "battery.replaced":
        assert word(hand, "swap.begin", role="staff", gate="fresh") == "done"
        lose_power(hand)
        params["confirmed"] = True
    else:
        registered(hand)
    before = state(hand)
    hand.board.refuses = 0
    if step == "count":
        motor.run(hand, "bolt.unlock")
        assert hand.board.told("swap.step")[-1]["why"] == "storage"
    else:
        assert word(hand, step, **params) == "STORAGE"
    assert state(hand) == before
    hand.board.refuses = None
    hand.run(2 * MINUTE)
    hand.board.cause = port.RESET_WATCHDOG
    hand.boot()
    assert state(hand) == before, "what was refused is there after all"
    assert state(hand)["phase"] == before["phase"]


def test_a_close_that_cannot_be_stored_is_given_again() -> None:
    hand = registered(fresh(CHANGE_NOW))
    both(hand)
    hand.board.refuses = 0
    assert word(hand, "swap.close", role="staff") == "STORAGE"
    assert state(hand)["phase"] == "replaced"
    hand.board.refuses = None
    hand.run(2 * MINUTE)
    assert word(hand, "swap.close", role="staff") == "done"
    assert state(hand)["swaps"] == 1


@pytest.mark.parametrize("stored", [b"", b"\x01", bytes(18), bytes(19)])
def test_a_change_that_cannot_be_read_is_named_and_begins_anew(stored: bytes) -> None:
    board = HandBoard()
    board.stored["swap"] = stored
    hand = Hand(board=board)
    assert [name for name, _ in board.refused] == ["swap"]
    found = state(hand)
    assert (found["phase"], found["unannounced"]) == ("none", True)
    hand.run(61_000)
    registered(hand)
    both(hand)
    assert word(hand, "swap.close", role="staff") == "done"


def test_a_pack_that_got_better_without_power_was_changed() -> None:
    hand = fresh(CHANGE_NOW)
    told = hand.board.told("swap.step")
    assert [step["what"] for step in told] == ["unannounced"]
    assert state(hand)["unannounced"] is True
    assert hand.unit.battery.level == CHANGE_NOW, "that raises no level"
    assert of(hand, "change")[0]["what"] == "unannounced"
    lose_power(hand)
    assert state(hand)["unannounced"] is True
    hand.run(61_000)
    registered(hand)
    both(hand)
    assert word(hand, "swap.close", role="staff") == "done"
    assert state(hand)["unannounced"] is False


@pytest.mark.parametrize(
    ("level", "loaded"),
    [(CHANGE_SOON, 2_580), (CHANGE_SOON, 2_700), (GOOD, 2_820), (SUSPECTED, 2_820)],
)  # fmt: skip
def test_a_pack_that_is_about_the_same_is_the_same(level: int, loaded: int) -> None:
    hand = hand_with()
    hand.board.stored["battery"] = kept(level, G_BELOW if level == SUSPECTED else 0)
    hand.board.loaded_cell_mv = [loaded, loaded]
    hand.boot()
    hand.run(61_000)
    assert hand.board.told("swap.step") == []


def test_a_cable_hides_a_change_too() -> None:
    hand = hand_with()
    hand.board.stored["battery"] = kept(CHANGE_SOON, 0)
    hand.board.loaded_cell_mv = [2_550, 2_550]
    hand.boot()
    hand.run(61_000)
    motor.plug(hand)
    hand.board.loaded_cell_mv = [2_820, 2_820]
    hand.run(61_000)
    assert [step["what"] for step in hand.board.told("swap.step")] == ["unannounced"]


def test_who_gives_up_after_the_pack_was_out_leaves_an_unannounced_one() -> None:
    hand = registered(fresh())
    assert word(hand, "swap.cancel", role="staff") == "done"
    assert state(hand)["unannounced"] is True
    assert word(hand, "swap.begin", role="staff", gate="fresh") == "NOT_FRESH"


def test_the_staff_leave_the_desks_change_alone() -> None:
    hand = registered(fresh(SUSPECTED), "desk")
    for method in ("swap.cancel", "swap.close"):
        assert word(hand, method, role="staff") == "NOT_AUTHORISED"
    assert word(hand, "battery.replaced", role="staff", confirmed=True) == "NOT_AUTHORISED"


def test_a_suspected_door_is_locked_by_the_desk_in_its_change_alone() -> None:
    hand = fresh(SUSPECTED)
    motor.run(hand, "bolt.lock")
    assert hand.board.answers()[-1]["result"]["result"] == "INSUFFICIENT_BATTERY"
    registered(hand, "desk")
    both(hand)
    assert word(hand, "swap.close", role="desk") == "done"
    assert hand.unit.battery.level == GOOD


@pytest.mark.parametrize(("since_s", "ago_s", "expected"), [
    (10, 10, "done"), (10, 9, "NOT_REMOVED"), (86_399, 86_400, "done"),
    (86_400, 86_400, "NOT_REMOVED"),
])  # fmt: skip
def test_a_unit_takes_up_what_began_before_its_power_came(
    since_s: int, ago_s: int, expected: str
) -> None:
    hand = Hand()
    hand.run(since_s * 1_000)
    asked = {"role": "staff", "gate": "diagnosed", "ago_s": ago_s}
    assert word(hand, "swap.adopt", **asked) == expected
    if expected == "done":
        assert state(hand)["phase"] == "out"
        assert word(hand, "battery.replaced", role="staff", confirmed=True) == "done"


def test_a_reset_alone_is_no_absence() -> None:
    board = HandBoard()
    board.cause = port.RESET_WATCHDOG
    hand = Hand(board=board)
    assert word(hand, "swap.adopt", role="staff", gate="diagnosed", ago_s=9_999) == "NOT_REMOVED"


@pytest.mark.parametrize("asked", ["pressed", "started", "soon", "late", "failed"])
def test_the_button_opens_the_gate_where_the_unit_saw_a_pass(asked: str) -> None:
    hand = Hand()
    if asked == "failed":
        hand.board.loaded_cell_mv = [2_993, 2_993]
    if asked == "soon":
        hand.board.loaded_cell_mv = [2_550, 2_550]
    if asked == "started":
        hand.call("selftest.start", 3)
    else:
        hand.press()
    hand.run(31_000)
    if asked == "late":
        hand.run(30 * MINUTE)
    expected = "done" if asked in ("pressed", "soon") else "NO_DIAGNOSTIC"
    assert word(hand, "swap.begin", role="staff", gate="diagnosed") == expected


def test_no_change_begins_under_the_motor_or_a_diagnostic() -> None:
    hand = fresh()
    hand.call("bolt.unlock", 7)
    assert word(hand, "swap.begin", role="staff", gate="fresh") == "BUSY"
    hand.run(4_000)
    hand.press()
    assert word(hand, "swap.begin", role="staff", gate="fresh") == "BUSY"
