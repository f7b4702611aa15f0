"""Who may stay connected, and that nobody hears what isn't for him."""

import pytest

from lockhil.session.credentials import Role
from lockunit import board as port
from tests.lockunit.hand import Hand, HandBoard
from tests.lockunit.sealedhand import Client, ask, sealed_hand


def with_connections(count: int, *, sealed: bool = True) -> Hand:
    hand = sealed_hand() if sealed else Hand()
    hand.board.connections = count
    hand.settings.relock_ms = 0
    hand.boot()
    hand.board.sent.clear()
    return hand


def drops(hand: Hand, ms: int) -> list[tuple[int, int]]:
    """(ms from now, wire) of each connection that the unit ends in so many; they end at once."""
    found: list[tuple[int, int]] = []
    for passed in range(ms + 1):
        while hand.board.dropped:
            wire = hand.board.dropped.pop()
            found.append((passed, wire))
            hand.leave(wire)
        if passed < ms:
            hand.run(1)
    return found


def test_a_stranger_is_dropped_after_fifteen_seconds() -> None:
    hand = with_connections(2)
    hand.join(1)
    assert drops(hand, 20_000) == [(15_000, 1)]


def test_after_three_where_no_other_is_free() -> None:
    hand = with_connections(1)
    hand.join(1)
    assert drops(hand, 20_000) == [(3_000, 1)]


def test_who_came_first_goes_first_once_it_gets_crowded() -> None:
    hand = with_connections(2)
    hand.join(1)
    hand.run(1_000)
    hand.join(2)
    # With the first one gone there is room for the second.
    assert drops(hand, 20_000) == [(2_000, 1), (15_000, 2)]


def test_a_stranger_of_long_standing_goes_at_once() -> None:
    hand = with_connections(2)
    hand.join(2)
    hand.run(9_000)
    hand.join(1)
    assert drops(hand, 0) == [(0, 2)]


@pytest.mark.parametrize("count", [1, 2])
def test_who_proved_himself_stays_while_he_speaks(count: int) -> None:
    hand = with_connections(count)
    hand.join(1)
    hand.run(2_900)
    client = Client(hand, wire=1).enter()
    for _ in range(10):
        hand.run(59_000)
        assert client.call("bolt.state") is not None
    assert hand.board.dropped == []
    assert drops(hand, 70_000) == [(60_000, 1)], "one that idles out takes its connection with it"


def test_who_left_his_session_is_a_stranger_again() -> None:
    hand = with_connections(2)
    hand.join(1)
    client = Client(hand, wire=1).enter()
    hand.run(40_000)
    hand.line(client.line("bolt.state").replace('"n":0', '"n":5'), 1)
    assert drops(hand, 20_000) == [(15_000, 1)]


def test_a_session_that_got_too_old_may_be_begun_anew() -> None:
    hand = with_connections(2)
    hand.join(1)
    client = Client(hand, wire=1).enter()
    for _ in range(29):
        hand.run(30_000)
        client.call("bolt.state")
    hand.run(30_000)
    assert hand.unit.wires.links[1].session.role == 0
    hand.run(10_000)
    Client(hand, wire=1).enter()
    assert drops(hand, 30_000) == []


def test_whom_another_revoked_has_to_prove_himself_again() -> None:
    hand = with_connections(2)
    hand.join(1)
    hand.join(2)
    Client(hand, wire=1).enter()
    service = Client(hand, Role.SERVICE, wire=2).enter()
    hand.run(30_000)
    assert service.call("epoch.bump")["result"] == "done"
    assert drops(hand, 10_000) == [(3_000, 1)]


def test_nothing_that_a_stranger_says_keeps_him_there() -> None:
    hand = with_connections(2)
    hand.join(1)
    for number in range(14):
        client = Client(hand, wire=1)
        client.begin()
        ask(hand, "session.prove", wire=1, s=1, proof="AAAA")
        ask(hand, "unit.hello", number, wire=1)
        hand.run(1_000)
    assert drops(hand, 5_000) == [(1_000, 1)]


def test_a_development_unit_drops_nobody() -> None:
    hand = with_connections(1, sealed=False)
    hand.join(1)
    assert drops(hand, 120_000) == []


def test_whoever_is_dropped_is_deaf_and_dumb_at_once() -> None:
    hand = with_connections(1)
    hand.join(1)
    hand.run(3_000)
    assert hand.board.dropped == [1]
    hand.call("unit.hello", wire=1)
    hand.run(60_000)
    assert hand.board.dropped == [1], "once"
    assert hand.board.said(1) == []
    hand.leave(1)
    hand.join(1)
    assert ask(hand, "unit.hello", wire=1)["unit"] == "HAND-1"


@pytest.mark.parametrize("count", [1, 2])
def test_a_hundred_strangers_in_a_row_keep_no_carer_out(count: int) -> None:
    """Each comes as soon as there is room; the carer takes the first connection that he finds."""
    hand = with_connections(count)
    free = list(range(1, count + 1))
    waited = 0
    for number in range(100):
        hand.join(free.pop(0))
        if number % 10 == 9:
            while not free:
                hand.run(1)
                waited += 1
                for wire in hand.board.dropped:
                    hand.leave(wire)
                    free.append(wire)
                hand.board.dropped.clear()
            mine = free.pop(0)
            hand.join(mine)
            carer = Client(hand, wire=mine).enter()
            moved = "bolt.lock" if hand.board.ends == port.END_UNLOCKED else "bolt.unlock"
            carer.call(moved)
            hand.run(500)
            hand.ends(port.END_LOCKED if moved == "bolt.lock" else port.END_UNLOCKED)
            told = [line["result"]["result"] for line in carer.listen() if "id" in line]
            assert told == ["done"]
            hand.leave(mine)
            free.append(mine)
        while not free:
            hand.run(1)
            for wire in hand.board.dropped:
                hand.leave(wire)
                free.append(wire)
            hand.board.dropped.clear()
    assert waited <= 10 * 3_000


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


def test_a_board_without_a_radio_is_as_it_was() -> None:
    board = HandBoard()
    board.connections = 0
    hand = Hand(board=board)
    assert len(hand.unit.wires.links) == 1
    hand.run(86_400_000)
    assert "air.stranger" not in [cause for _, cause in hand.wakes]
