"""What is said on one wire is answered there alone, and is nobody else's, before or after."""

import pytest

from lockunit import board as port
from tests.lockunit.sealedhand import Client, ask, with_connections


def test_what_was_asked_on_one_wire_is_answered_there_alone() -> None:
    hand = with_connections(2, sealed=False)
    hand.join(1)
    hand.join(2)
    hand.call("bolt.unlock", 5, wire=1)
    hand.call("bolt.lock", 6, wire=2)
    hand.ends(0)
    hand.run(300)
    hand.ends(port.END_UNLOCKED)
    ids = {
        wire: [line["id"] for line in hand.board.said(wire) if "id" in line] for wire in (0, 1, 2)
    }
    assert ids == {0: [], 1: [5], 2: [6]}
    results = [line["result"]["result"] for line in hand.board.said(1) if "id" in line]
    assert results == ["done"]
    assert [line["result"]["result"] for line in hand.board.said(2) if "id" in line] == ["BUSY"]
    for wire in (0, 1, 2):
        told = [line["method"] for line in hand.board.said(wire) if "method" in line]
        assert told == ["bolt.moved", "battery.level"], (
            "everybody hears of it on a development unit"
        )


@pytest.mark.parametrize("again", [False, True])
def test_the_end_of_a_move_is_told_to_nobody_who_came_after(again: bool) -> None:
    hand = with_connections(2, sealed=False)
    hand.join(1)
    hand.call("bolt.unlock", 5, wire=1)
    hand.leave(1)
    if again:
        hand.join(1)
    hand.ends(0)
    hand.run(300)
    hand.ends(port.END_UNLOCKED)
    assert [line for line in hand.board.said(1) if "id" in line] == []
    assert [line["method"] for line in hand.board.said(1)] == (
        ["bolt.moved", "battery.level"] if again else []
    )


def test_a_false_proof_is_refused_to_nobody_who_came_after() -> None:
    hand = with_connections(2)
    hand.join(1)
    client = Client(hand, wire=1)
    client.begin()
    ask(hand, "session.prove", wire=1, s=1, proof="AAAA")
    hand.leave(1)
    hand.join(1)
    hand.board.said(1).clear()
    hand.run(2_000)
    assert hand.board.said(1) == []


def test_half_a_line_is_not_the_next_ones() -> None:
    hand = with_connections(2, sealed=False)
    hand.join(1)
    hand.event(port.EV_RX, b'{"jsonrpc":"2.0","id":1,"method":"bolt.unl', 1)
    hand.leave(1)
    hand.join(1)
    hand.event(port.EV_RX, b'ock"}\n', 1)
    assert hand.board.direction == 0
    assert hand.board.said(1)[-1]["error"]["code"] == -32700


@pytest.mark.parametrize("told", [True, False])
def test_a_session_is_not_the_next_ones(told: bool) -> None:
    """Nor if the board failed to tell that somebody left before."""
    hand = with_connections(2)
    hand.join(1)
    carer = Client(hand, wire=1).enter()
    if told:
        hand.leave(1)
    hand.join(1)
    assert hand.unit.wires.links[1].session.role == 0
    hand.line(carer.line("bolt.unlock"), 1)
    assert hand.board.said(1)[-1]["error"]["code"] == -32002
    assert hand.board.direction == 0


def test_halves_on_two_wires_make_no_whole() -> None:
    hand = with_connections(2, sealed=False)
    hand.join(1)
    hand.join(2)
    hand.event(port.EV_RX, b'{"jsonrpc":"2.0","id":1,"method":"bolt.unl', 1)
    hand.event(port.EV_RX, b'ock"}\n', 2)
    assert hand.board.direction == 0
    hand.event(port.EV_RX, b'ock"}\n', 1)
    assert hand.board.direction == -1


def test_a_stranger_hears_nothing_unasked_and_little_if_he_asks() -> None:
    hand = with_connections(2)
    hand.join(1)
    hand.join(2)
    carer = Client(hand, wire=1).enter()
    assert carer.call("bolt.unlock", 5) is None
    hand.ends(0)
    hand.run(300)
    hand.ends(port.END_UNLOCKED)
    assert [line.get("method", "") for line in carer.listen()] == [
        "bolt.moved",
        "",
        "battery.level",
    ]
    assert hand.board.said(2) == hand.board.said(0) == []
    assert ask(hand, "unit.hello", wire=2)["sealed"] is True
    assert ask(hand, "battery.report", wire=2)["level"] == "GOOD"
    assert ask(hand, "bolt.state", wire=2) == (-32001, "carer")
    stolen = carer.line("bolt.state", 9)
    hand.line(stolen, 2)
    assert hand.board.said(2)[-1]["error"]["code"] == -32002
    hand.line(stolen, 1)
    assert carer.listen()[-1]["id"] == 9, "it touched nothing on the wire that it belongs to"
