"""A unit's life: coupled, moved, taken down; who it works for, and what it forgets."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockunit import board as port
from lockunit.battery import CHANGE_NOW
from lockunit.methods import METHODS
from tests.lockunit import motor
from tests.lockunit.hand import Hand, HandBoard, hand_with, kept
from tests.lockunit.journals import of

SERVICE = {"role": "service"}
CUSTOMER = "K-100200"


def ask(hand: Hand, method: str, **params: Any) -> dict[str, Any]:
    hand.board.sent.clear()
    hand.call(method, 1, **params)
    answer = hand.board.answers()[-1]
    found: dict[str, Any] = answer.get("result") or answer["error"]
    return found


def word(hand: Hand, method: str, **params: Any) -> str:
    return str(ask(hand, method, **params)["result"])


def read_all(hand: Hand) -> None:
    last = ask(hand, "journal.read")["last"]
    assert word(hand, "journal.ack", upto=last) == "done"


def coupled(**settings: int) -> Hand:
    hand = hand_with(**settings)
    assert word(hand, "unit.couple", customer=CUSTOMER, **SERVICE) == "done"
    return hand


def stored_bytes(hand: Hand) -> bytes:
    return b"".join(hand.board.stored.values())


def test_a_coupled_lock_knows_whose_it_is_after_a_reset() -> None:
    hand = coupled()
    assert ask(hand, "unit.hello")["life"] == "coupled"
    assert "customer" not in ask(hand, "unit.hello"), "hello is for strangers too"
    hand.boot()
    assert ask(hand, "unit.life", **SERVICE) == {"life": "coupled", "customer": CUSTOMER}
    assert of(hand, "life") == [{"state": "coupled"}]


def test_a_coupled_lock_is_coupled_once() -> None:
    hand = coupled()
    assert word(hand, "unit.couple", customer=CUSTOMER, **SERVICE) == "done"
    assert word(hand, "unit.couple", customer="K-2", **SERVICE) == "COUPLED"
    assert ask(hand, "unit.life", **SERVICE)["customer"] == CUSTOMER
    assert len(of(hand, "life")) == 1


@pytest.mark.parametrize("method", ["unit.move", "unit.dismount"])
def test_customer_and_movements_go_and_what_is_known_of_the_battery_stays(method: str) -> None:
    hand = coupled()
    hand.board.stored["battery"] = kept(CHANGE_NOW, 0)
    hand.boot()
    motor.run(hand, "bolt.unlock")
    hand.run(61_000)
    before = ask(hand, "battery.report")
    changes = ask(hand, "swap.state")
    assert word(hand, method, **SERVICE) == "UNREAD"
    read_all(hand)
    assert CUSTOMER.encode() in stored_bytes(hand)
    told = ask(hand, method, **SERVICE)
    assert told == {"result": "done", "life": "stock" if method == "unit.move" else "dismounted"}
    assert CUSTOMER.encode() not in stored_bytes(hand)
    assert of(hand, "bolt") == []
    assert [fields["state"] for fields in of(hand, "life")] == [told["life"]]
    assert ask(hand, "battery.report") == before
    assert ask(hand, "swap.state") == changes
    hand.boot()
    assert ask(hand, "battery.report")["level"] == "CHANGE_NOW"
    assert ask(hand, "unit.life", **SERVICE) == {"life": told["life"]}


@pytest.mark.parametrize("missing", ["ack", "one event"])
def test_nobodys_records_go_unread(missing: str) -> None:
    hand = coupled()
    if missing == "one event":
        read_all(hand)
        motor.run(hand, "bolt.unlock")
    assert word(hand, "unit.dismount", **SERVICE) == "UNREAD"
    assert ask(hand, "unit.hello")["life"] == "coupled"


@given(writes=st.integers(0, 6), then=st.sampled_from(["unit.move", "unit.dismount"]))
def test_wherever_the_storage_gives_way_nothing_unread_goes(writes: int, then: str) -> None:
    """The state is stored first; what is left of the journal goes at the next start."""
    hand = coupled()
    motor.run(hand, "bolt.unlock")
    read_all(hand)
    hand.board.refuses = writes
    told = word(hand, then, **SERVICE)
    hand.board.refuses = None
    state = ask(hand, "unit.hello")["life"]
    assert (told == "done") == (state != "coupled")
    hand.boot()
    assert ask(hand, "unit.hello")["life"] == state
    assert (of(hand, "bolt") == []) == (told == "done")
    motor.at(hand, 0)
    motor.at(hand, port.END_LOCKED)
    hand.boot()
    hand.boot()
    assert len(of(hand, "bolt")) == (1 if told == "done" else 2)


def test_moves_and_dismounts_only_what_is_mounted() -> None:
    hand = Hand()
    assert word(hand, "unit.move", **SERVICE) == "NOT_COUPLED"
    read_all(hand)
    assert word(hand, "unit.dismount", **SERVICE) == "done"
    assert word(hand, "unit.dismount", **SERVICE) == "done"
    assert word(hand, "unit.move", **SERVICE) == "NOT_COUPLED"
    assert word(hand, "unit.couple", customer=CUSTOMER, **SERVICE) == "done"


def dismounted() -> Hand:
    hand = coupled()
    read_all(hand)
    assert word(hand, "unit.dismount", **SERVICE) == "done"
    return hand


WORKS = ["bolt.lock", "bolt.unlock", "selftest.start", "swap.cancel", "swap.close"]


@pytest.mark.parametrize("method", WORKS)
def test_taken_down_it_works_for_the_service_alone(method: str) -> None:
    hand = dismounted()
    params = {"role": "staff"} if method.startswith("swap.") else {}
    assert ask(hand, method, **params) == {"result": "DISMOUNTED"}
    assert not {("load", 1), ("motor", 1), ("motor", -1)} & {*hand.board.out}
    if params:
        assert word(hand, method, role="desk") == "NOT_BEGUN"


def test_taken_down_it_still_tells_and_the_button_still_shows() -> None:
    hand = dismounted()
    for method in ("unit.hello", "bolt.state", "battery.report", "swap.state", "journal.read"):
        assert ask(hand, method).get("result") != "DISMOUNTED"
    hand.press()
    hand.run(31_000)
    assert ask(hand, "selftest.last")["outcome"] == "passed"


def test_the_table_names_what_a_dismounted_unit_refuses() -> None:
    refuses = {name for name, method in METHODS.items() if "DISMOUNTED" in method.results}
    tells = {"unit.hello", "unit.life", "bolt.state", "battery.report", "swap.state"}
    tells |= {"selftest.last", "journal.read", "journal.ack"}
    service = {"unit.couple", "unit.move", "unit.dismount", "epoch.bump", "clock.set"}
    service |= {"maintenance.enter", "clock.state"}
    service |= {name for name in METHODS if name.startswith("update.")}
    sessions = {"session.begin", "session.prove", "clock.token"}
    assert refuses == set(METHODS) - tells - service - sessions


def test_a_lock_that_hangs_on_no_door_does_not_lock_by_itself() -> None:
    hand = dismounted()
    motor.at(hand, 0)
    motor.at(hand, port.END_UNLOCKED)
    hand.run(3_600_000)
    assert hand.board.direction == 0
    hand.boot()
    hand.run(3_600_000)
    assert hand.board.direction == 0
    assert word(hand, "unit.couple", customer="K-3", **SERVICE) == "done"
    hand.run(30_000)
    assert hand.board.direction == 1, "mounted again it does"


def test_nothing_changes_hands_while_something_runs() -> None:
    hand = coupled()
    read_all(hand)
    hand.call("bolt.unlock", 5)
    assert word(hand, "unit.dismount", **SERVICE) == "BUSY"


@pytest.mark.parametrize("kind", ["entrance", "laundry"])
def test_a_street_lock_stays_up_and_is_nobodys_own(kind: str) -> None:
    hand = hand_with(kind=kind)
    assert ask(hand, "unit.dismount", **SERVICE)["code"] == -32601
    assert "many people's" in ask(hand, "unit.couple", customer="K-1", **SERVICE)["data"]
    assert word(hand, "unit.couple", **SERVICE) == "done"


@pytest.mark.parametrize("customer", ["", "a b", "x" * 25, "Å", "1;2", None])
def test_a_customers_id_is_checked(customer: str | None) -> None:
    hand = Hand()
    params = {} if customer is None else {"customer": customer}
    told = ask(hand, "unit.couple", **params, **SERVICE)
    assert told["data"] == "customer: expected 1 to 24 of A-Z, a-z, 0-9, - and _"


@pytest.mark.parametrize("role", ["staff", "desk", ""])
def test_the_service_alone_couples_moves_and_takes_down(role: str) -> None:
    hand = coupled()
    for method in ("unit.couple", "unit.move", "unit.dismount", "unit.life"):
        assert ask(hand, method, role=role)["data"] == "role: expected service"


@pytest.mark.parametrize("stored", [b"", b"\x01\x02", bytes(10), b"\xff" * 60])
def test_a_life_that_cannot_be_read_is_named_and_locks_nobody_out(stored: bytes) -> None:
    board = HandBoard()
    board.stored["life"] = stored
    hand = Hand(board=board)
    assert [name for name, _ in board.refused] == ["life"]
    motor.run(hand, "bolt.unlock")
    assert hand.board.answers()[-1]["result"]["result"] == "done"
