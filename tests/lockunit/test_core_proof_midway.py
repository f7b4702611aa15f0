"""The proof of a new pack: what comes between, and what it comes between."""

from typing import Any

import pytest

from lockunit import board as port
from lockunit.battery import G_BROWN_OUT, GROUNDS, LEVELS
from lockunit.battery import G_DIAGNOSTIC as BY_TEST
from tests.lockunit.hand import Hand, answer, counted, hand_with
from tests.lockunit.proving import HOUR, PROOF_MS, close, closed, suspected


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
