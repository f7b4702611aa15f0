"""Who may stay connected, and that nobody hears what isn't for him."""

import pytest

from lockhil.session.credentials import Role
from lockunit import board as port
from tests.lockunit.hand import Hand, HandBoard
from tests.lockunit.sealedhand import Client, ask, with_connections


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


def test_a_board_without_a_radio_is_as_it_was() -> None:
    board = HandBoard()
    board.connections = 0
    hand = Hand(board=board)
    assert len(hand.unit.wires.links) == 1
    hand.run(86_400_000)
    assert "air.stranger" not in [cause for _, cause in hand.wakes]
