"""The open beside a session: what comes there has no part in it, and a handshake that is asked for
inside one is answered in the open, where a client that has no key yet can read it.
"""

import base64

import pytest

from lockhil.session.credentials import Role
from lockhil.session.handshake import Handshake
from lockunit.methods import METHODS, OPEN
from tests.lockunit.sealed import credential
from tests.lockunit.sealedhand import PARAMS, REFUSED, Client, ask, coded, sealed_hand

CLOSED = [name for name, m in METHODS.items() if "door" in m.kinds and m.role != OPEN]


@pytest.mark.parametrize("name", CLOSED)
def test_what_comes_in_the_open_has_no_part_in_the_session_that_is_open(name: str) -> None:
    hand = sealed_hand()
    Client(hand, Role.SERVICE).enter()
    stored = dict(hand.board.stored)
    (code, _) = ask(hand, name, **PARAMS.get(name, {}))
    assert code == REFUSED
    assert hand.board.direction == 0
    assert hand.board.stored == stored


@pytest.mark.parametrize("role", Role)
def test_a_handshake_begun_in_a_session_is_answered_in_the_open(role: Role) -> None:
    hand = sealed_hand()
    inside = Client(hand).enter()
    hand.line(inside.line("session.begin", 3, m1=coded(Handshake(credential(role)).m1)))
    (begun,) = inside.overhear()
    assert (begun["id"], begun["result"]["result"]) == (3, "done")
    assert set(begun["result"]) == {"result", "m2"}
    # It goes on until the next one is proved.
    assert inside.call("bolt.state")["state"] == "LOCKED"


def test_a_proof_given_in_a_session_is_answered_in_the_open_and_takes_its_place() -> None:
    hand = sealed_hand()
    old, new = Client(hand).enter(), Client(hand, Role.SERVICE)
    hand.line(old.line("session.begin", 3, m1=coded(new.handshake.m1)))
    (begun,) = old.overhear()
    proof = new.handshake.answer(base64.b64decode(begun["result"]["m2"]))
    hand.line(old.line("session.prove", 4, s=new.handshake.number, proof=coded(proof)))
    (*_, proved) = new.overhear()
    assert (proved["id"], proved["result"]) == (4, {"result": "done"})
    assert hand.unit.wires.links[0].session.role == Role.SERVICE
    new.channel = new.handshake.channel()
    assert new.call("bolt.state")["state"] == "LOCKED"


def test_a_false_proof_given_in_a_session_is_refused_late_and_in_the_open() -> None:
    hand = sealed_hand()
    inside = Client(hand).enter()
    hand.line(inside.line("session.begin", 3, m1=coded(Handshake(credential()).m1)))
    assert len(inside.overhear()) == 1
    hand.line(inside.line("session.prove", 4, s=1, proof=coded(bytes(32))))
    assert inside.overhear() == []
    hand.run(250)
    (refused,) = inside.overhear()
    assert (refused["id"], refused["result"]) == (4, {"result": "NOT_PROVED"})
    hand.run(10_000)
    assert inside.overhear() == [], "once"
    # The next one waits its turn too: it isn't turned away for the one that was told.
    hand.line(inside.line("session.begin", 5, m1=coded(Handshake(credential()).m1)))
    assert len(inside.overhear()) == 1
    hand.line(inside.line("session.prove", 6, s=1, proof=coded(bytes(32))))
    assert inside.overhear() == []
    hand.run(500)
    (refused,) = inside.overhear()
    assert (refused["id"], refused["result"]) == (6, {"result": "NOT_PROVED"})
    assert inside.call("bolt.state")["state"] == "LOCKED"
