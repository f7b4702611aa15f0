"""A handshake that is asked for inside a session: it is answered in the open, where a client that
has no key yet can read it.
"""

import base64

import pytest

from lockhil.session.credentials import Role
from lockhil.session.handshake import Handshake
from tests.lockunit.sealed import credential
from tests.lockunit.sealedhand import Client, coded, sealed_hand


@pytest.mark.parametrize("role", Role)
def test_a_handshake_begun_in_a_session_is_answered_in_the_open(role: Role) -> None:
    hand = sealed_hand()
    inside = Client(hand).enter()
    hand.line(inside.line("session.begin", 3, m1=coded(Handshake(credential(role)).m1)))
    (begun,) = inside.overhear()
    assert (begun["id"], begun["result"]["result"]) == (3, "done")
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
    assert hand.unit.session.role == Role.SERVICE
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
    assert inside.call("bolt.state")["state"] == "LOCKED"
