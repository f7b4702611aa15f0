"""The proof of a new pack on a board in the hand: what proves it, who may, what comes between."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from lockunit import board as port
from lockunit.battery import CHANGE_NOW, G_BELOW, G_BROWN_OUT, GROUNDS, LEVELS, SUSPECTED
from lockunit.battery import G_DIAGNOSTIC as BY_TEST
from tests.lockunit.hand import Hand, HandBoard, answer, counted, hand_with, kept

HOUR = 3_600_000
PROOF_MS = 3_900


def close(hand: Hand, role: str = "staff", ident: int = 1) -> None:
    counted(hand, role)
    hand.line(
        f'{{"jsonrpc":"2.0","id":{ident},"method":"swap.close","params":{{"role":"{role}"}}}}'
    )


def closed(hand: Hand, role: str = "staff") -> dict[str, Any]:
    """The answer to a change that is closed now and has its time."""
    hand.board.sent.clear()
    close(hand, role)
    hand.run(4_000)
    result = answer(hand)
    assert result is not None
    return result


def suspected(ground: int = G_BELOW, **settings: int) -> Hand:
    """A unit that remembers a suspicion, and now has a good pack."""
    hand = hand_with(**settings)
    hand.board.stored["battery"] = kept(SUSPECTED, ground)
    hand.boot()
    return hand


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


@pytest.mark.parametrize("at_ms", [1, 299, 300, 3_899])
def test_plugged_in_midway_proves_nothing(at_ms: int) -> None:
    hand = suspected()
    close(hand, "desk")
    hand.run(at_ms)
    for source in (port.SUPPLY_EXTERNAL, port.SUPPLY_BATTERY):
        hand.board.source = source
        hand.event(port.EV_SUPPLY, source)
    hand.run(4_000)
    told = answer(hand)
    assert told is not None
    assert (told["result"], told["cause"]) == ("INSUFFICIENT_BATTERY", "supply")
    assert hand.unit.battery.suspected()


@pytest.mark.parametrize("at_ms", [1, 300, 3_899])
def test_a_press_breaks_the_proof_off(at_ms: int) -> None:
    """The button's diagnostic goes first, with the rest voltage from before both loads."""
    hand = Hand()
    close(hand)
    hand.run(at_ms)
    hand.press()
    assert answer(hand) == {"result": "BUSY", "level": "UNKNOWN", "ground": "none"}
    hand.run(100)
    assert (hand.board.green, hand.board.loaded) == (1, 1)
    hand.run(31_000)
    hand.call("selftest.last", 9)
    last = hand.board.answers()[-1]["result"]
    assert (last["outcome"], last["rest_mv"]) == ("passed", 6_000)
    assert closed(hand)["result"] == "done"


def test_a_press_that_starts_nothing_breaks_nothing_off() -> None:
    hand = Hand()
    hand.press()
    hand.run(10_000)
    close(hand)
    hand.run(1_000)
    hand.press()
    hand.run(3_000)
    told = answer(hand)
    assert told is not None
    assert told["result"] == "done"


@pytest.mark.parametrize("kind", ["door", "entrance"])
@pytest.mark.parametrize("at_ms", [0, 1, 3_899])
def test_somebody_who_has_to_get_in_waits_for_no_proof(kind: str, at_ms: int) -> None:
    hand = hand_with(kind=kind)
    close(hand)
    hand.run(at_ms)
    hand.call("bolt.unlock" if kind == "door" else "bolt.release", 2)
    assert (hand.board.direction, hand.board.loaded, hand.board.marks) == (-1, 0, 1)
    hand.run(500)
    hand.ends(port.END_UNLOCKED)
    told = answer(hand, 1), answer(hand, 2)
    assert told[0] is not None
    assert told[1] is not None
    assert (told[0]["result"], told[1]["result"]) == ("BUSY", "done")
    assert hand.board.told("bolt.moved")[0]["rest_mv"] == 6_000, "from before the proof's load"
    assert closed(hand)["result"] == "done", "it may be had again at once"


def test_to_lock_waits_for_the_proof() -> None:
    hand = hand_with(port.END_UNLOCKED)
    close(hand)
    hand.run(1_000)
    hand.call("bolt.lock", 2)
    assert answer(hand, 2) == {"result": "BUSY", "state": "UNLOCKED"}
    hand.run(2_900)
    assert answer(hand) is not None


def test_a_relock_waits_for_the_proof() -> None:
    hand = hand_with(port.END_UNLOCKED)
    hand.run(28_000)
    close(hand)
    hand.run(PROOF_MS - 1)
    assert hand.board.direction == 0
    hand.run(1)
    assert (hand.board.direction, hand.board.loaded) == (1, 0)


@pytest.mark.parametrize("at_ms", [1, 299, 300, 301, 3_899])
def test_how_long_the_proof_goes_on(at_ms: int) -> None:
    hand = Hand()
    assert hand.unit.proof.load_left(hand.ticks) == 0
    close(hand)
    hand.run(at_ms)
    assert hand.unit.proof.load_left(hand.ticks) == PROOF_MS - at_ms


def test_a_hand_turns_the_bolt_meanwhile() -> None:
    hand = Hand()
    close(hand)
    hand.ends(0)
    hand.ends(port.END_UNLOCKED)
    assert hand.board.told("bolt.moved") == [{"state": "UNLOCKED", "by": "hand"}]


def _diagnostic(hand: Hand) -> None:
    hand.press()


def _run(hand: Hand) -> None:
    hand.call("bolt.unlock", 8)


@pytest.mark.parametrize(("begin", "ms"), [(_diagnostic, 0), (_diagnostic, 8_400), (_run, 100)])
def test_busy_while_something_else_goes_on(begin: Any, ms: int) -> None:
    """Also in a diagnostic's dark seconds: it is judged as a whole."""
    hand = Hand()
    begin(hand)
    hand.run(ms)
    loaded = hand.board.loaded
    close(hand)
    assert answer(hand) == {"result": "BUSY", "level": LEVELS[hand.unit.battery.told()],
                            "ground": "none"}  # fmt: skip
    assert hand.board.loaded == loaded


def test_it_takes_the_pack_from_a_sample() -> None:
    hand = Hand()
    hand.run(60_100)
    assert hand.board.loaded == 1
    close(hand)
    hand.run(PROOF_MS - 1)
    assert hand.board.loaded == 1
    hand.run(1)
    assert hand.board.loaded == 0
    told = answer(hand)
    assert told is not None
    assert told["result"] == "done"


def test_a_sample_waits_for_the_proof() -> None:
    hand = Hand()
    hand.run(59_000)
    close(hand)
    hand.run(PROOF_MS)
    assert hand.board.out.count(("load", 1)) == 1
    hand.run(HOUR)
    assert hand.board.out.count(("load", 1)) == 2


def test_two_at_once_and_one_a_half_minute() -> None:
    """Of the field's failures: the poller that drains the lock in days."""
    hand = Hand()
    counted(hand)
    both = '{"jsonrpc":"2.0","id":%d,"method":"swap.close","params":{"role":"staff"}}\n'
    hand.event(port.EV_RX, ((both % 1) + (both % 2)).encode())
    second = answer(hand, 2)
    assert second is not None
    assert second["result"] == "BUSY"
    hand.run(PROOF_MS)
    first = answer(hand, 1)
    assert first is not None
    assert first["result"] == "done"
    for ident in range(3, 263):
        close(hand, ident=ident)
        hand.run(100)
    assert hand.board.out.count(("load", 1)) == 1
    hand.run(100)
    close(hand, ident=300)
    assert hand.board.loaded == 1


def test_what_is_refused_at_once_is_answered_in_its_place() -> None:
    hand = suspected()
    each = '{"jsonrpc":"2.0","id":%d,"method":"%s"%s}\n'
    lines = (each % (1, "swap.close", ',"params":{"role":"staff"}')) + (
        each % (2, "bolt.state", "")
    )
    hand.event(port.EV_RX, lines.encode())
    assert [line["id"] for line in hand.board.answers()] == [1, 2]


@pytest.mark.parametrize("ident", ["", '"id":null,'])
def test_a_notification_gets_no_answer_and_null_gets_its_own(ident: str) -> None:
    hand = Hand()
    counted(hand)
    hand.line(f'{{"jsonrpc":"2.0",{ident}"method":"swap.close","params":{{"role":"staff"}}}}')
    hand.run(PROOF_MS)
    assert hand.unit.battery.level == 1
    assert [line["id"] for line in hand.board.answers()] == ([None] if ident else [])
    hand.line('{"jsonrpc":"2.0","method":"swap.close","params":{"role":"owner"}}')
    assert len(hand.board.answers()) == (1 if ident else 0)


@pytest.mark.parametrize("cause", range(4))
@pytest.mark.parametrize("at_ms", [0, 1, 3_899])
def test_a_reset_midway_lifts_nothing_and_leaves_no_load(cause: int, at_ms: int) -> None:
    hand = suspected(BY_TEST)
    close(hand, "desk")
    hand.run(at_ms)
    hand.board.cause = cause
    hand.board.out.clear()
    hand.boot()
    hand.run(HOUR)
    assert hand.board.out[:2] == [("leds", (0, 0)), ("load", 0)]
    assert ("load", 1) not in hand.board.out
    assert GROUNDS[hand.unit.battery.ground] == "diagnostic", "the first ground stays"


@pytest.mark.parametrize(("cause", "suspects"), [(0, True), (1, True), (2, False), (3, False)])
def test_a_brown_out_under_the_proof_is_a_suspicion(cause: int, suspects: bool) -> None:
    hand = Hand()
    close(hand)
    hand.run(1_000)
    hand.board.cause = cause
    hand.boot()
    assert hand.unit.battery.suspected() == suspects
    assert hand.unit.battery.ground == (G_BROWN_OUT if suspects else 0)


PACKS = {
    "good": ([3_000, 3_000], [2_820, 2_820]),
    "soon": ([3_000, 3_000], [2_820, 2_540]),
    "discharged": ([3_000, 3_000], [2_820, 2_100]),
    "reversed": ([3_000, 3_000], [2_820, 0]),
    "high": ([3_000, 3_800], [2_820, 3_700]),
    "no load": ([3_000, 3_000], [3_000, 3_000]),
    "unread": ([port.FAILED] * 2, [port.FAILED] * 2),
}
EVENTS = ("pack", "celsius", "supply", "taps", "press", "unlock", "close", "reset", "time", "adc")


@given(data=st.data(), ground=st.integers(1, 5))
def test_a_suspicion_is_left_by_the_desk_and_a_good_pack_under_load_alone(
    data: DataObject, ground: int
) -> None:
    hand = suspected(ground, sag_cold=300, sag_cool=160, sag_hot=70)
    board: HandBoard = hand.board
    # Whatever happens between the desk's word and its 3.9 s spoils the proof.
    proof_since, role = -1, ""
    for event in data.draw(st.lists(st.sampled_from(EVENTS), max_size=25)):
        before = hand.unit.battery.level
        if event == "time":
            hand.run(data.draw(st.sampled_from([40, 300, 3_900, 4_000, 31_000, 7 * HOUR])))
        elif event == "close":
            asked = data.draw(st.sampled_from(["staff", "desk"]))
            idle = not hand.unit.proof.loading()
            close(hand, asked)
            if idle and hand.unit.proof.loading():
                proof_since, role = hand.now, asked
        else:
            _happen(hand, event, data)
        if event not in ("time", "close", "celsius"):
            proof_since = -1 if event in ("supply", "press", "unlock", "reset") else proof_since
        if before == SUSPECTED and hand.unit.battery.level != SUSPECTED:
            assert event == "time"
            assert role == "desk"
            assert proof_since >= 0
            assert hand.now - proof_since >= PROOF_MS
            assert (board.cell_mv, board.loaded_cell_mv) == PACKS["good"]
            assert (board.taps, board.source) == (True, port.SUPPLY_BATTERY)
            hand.board.stored["battery"] = kept(SUSPECTED, ground)
            hand.boot()


def _happen(hand: Hand, event: str, data: DataObject) -> None:
    board = hand.board
    if event in ("pack", "adc"):
        name = "unread" if event == "adc" else data.draw(st.sampled_from(list(PACKS)))
        board.cell_mv, board.loaded_cell_mv = PACKS[name]
    elif event == "celsius":
        board.celsius = data.draw(st.sampled_from([-20, 0, 10, 20, 40, port.FAILED]))
    elif event == "supply":
        board.source = data.draw(st.integers(0, 2))
        hand.event(port.EV_SUPPLY, board.source)
    elif event == "taps":
        board.taps = data.draw(st.booleans())
    elif event == "press":
        hand.press()
    elif event == "unlock":
        board.ends = port.END_LOCKED
        hand.call("bolt.unlock", 5)
    elif event == "reset":
        board.cause = data.draw(st.integers(0, 3))
        board.marks = data.draw(st.sampled_from([board.marks, 0]))
        hand.boot()


def test_the_level_of_an_old_pack_is_no_worse_than_the_new_ones() -> None:
    hand = Hand()
    hand.board.stored["battery"] = kept(CHANGE_NOW, 0)
    hand.boot()
    told = closed(hand)
    assert (told["result"], told["level"]) == ("done", "GOOD")
    hand.call("battery.report", 7)
    assert hand.board.answers()[-1]["result"]["fresh"] is True
