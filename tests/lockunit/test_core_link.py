"""The link on a board in the hand: framing, errors, ids, and who the unit says it is."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockunit import VERSION
from lockunit import board as port
from lockunit.access import Access
from lockunit.link import LONGEST_LINE, Link
from lockunit.session import Session
from tests.lockunit.hand import Hand, HandBoard

HELLO = '{"jsonrpc":"2.0","id":1,"method":"unit.hello"}'


WHICH_ID = "id: an integer, or at most 64 characters"
WHICH_METHOD = "jsonrpc 2.0 and a method"
BY_NAME = "params by name"
Error = tuple[object, int, str, str]


def broken(ident: object, detail: str) -> Error:
    return ident, -32700, "Parse error", detail


def invalid(ident: object, detail: str) -> Error:
    return ident, -32600, "Invalid Request", detail


def absent(ident: object, detail: str) -> Error:
    return ident, -32601, "Method not found", detail


def params(ident: object, detail: str) -> Error:
    return ident, -32602, "Invalid params", detail


def link_on(board: HandBoard) -> Link:
    return Link(Session(Access(board, 0)))


def _error(hand: Hand, line: str) -> Error:
    hand.board.sent.clear()
    hand.line(line)
    (answer,) = hand.board.sent
    assert answer["jsonrpc"] == "2.0"
    error = answer["error"]
    return answer["id"], error["code"], error["message"], error["data"]


def test_hello() -> None:
    hand = Hand()
    hand.line(HELLO)
    assert hand.board.answers() == [
        {
            "jsonrpc": "2.0",
            "id": 1,
            "result": {
                "unit": "HAND-1",
                "kind": "door",
                "firmware": VERSION,
                "trial": False,
                "sealed": False,
                "development": True,
                "life": "stock",
                "refused": [],
            },
        }
    ]


def test_the_firmware_says_which_release_it_is() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)


DOORS = {"closed": port.DOOR_CLOSED, "open": port.DOOR_OPEN, "unknown": port.DOOR_UNKNOWN}


@pytest.mark.parametrize("word", DOORS)
def test_bolt_state_tells_the_door(word: str) -> None:
    hand = Hand()
    hand.door(DOORS[word])
    hand.call("bolt.state")
    assert hand.board.answers()[-1]["result"] == {"state": "LOCKED", "door": word}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{", broken(None, "expected \"")),
        ("5", invalid(None, "one object a line")),
        ("[]", invalid(None, "one object a line")),
        ('{"jsonrpc":"2.0","id":{},"method":"x"}', invalid(None, WHICH_ID)),
        ('{"jsonrpc":"2.0","id":true,"method":"x"}', invalid(None, WHICH_ID)),
        ('{"id":3,"method":"x"}', invalid(3, WHICH_METHOD)),
        ('{"jsonrpc":"2.0","id":"a"}', invalid("a", WHICH_METHOD)),
        ('{"jsonrpc":"2.0","method":1}', invalid(None, WHICH_METHOD)),
        ('{"jsonrpc":"2.0","id":3,"method":"x","params":3}', invalid(3, BY_NAME)),
        ('{"jsonrpc":"2.0","method":"x","params":3}', invalid(None, BY_NAME)),
        ('{"jsonrpc":"2.0","id":3,"method":"x","params":[]}', params(3, BY_NAME)),
        ('{"jsonrpc":"2.0","id":3,"method":"nothing"}', absent(3, "nothing")),
        ('{"jsonrpc":"2.0","id":3,"method":"' + "x" * 50 + '"}', absent(3, "x" * 40)),
        ('{"jsonrpc":"2.0","id":3,"method":"unit.hello","params":{"a":1}}',
         params(3, "unknown: a")),
    ],
)  # fmt: skip
def test_errors(line: str, expected: Error) -> None:
    assert _error(Hand(), line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "  \r",
        '{"jsonrpc":"2.0","method":"unit.hello"}',
        '{"jsonrpc":"2.0","method":"nothing"}',
        '{"jsonrpc":"2.0","method":"unit.hello","params":{"a":1}}',
        '{"jsonrpc":"2.0","method":"unit.hello","params":[]}',
    ],
)
def test_no_answer_is_owed(line: str) -> None:
    hand = Hand()
    hand.board.sent.clear()
    hand.line(line)
    assert hand.board.sent == []


def test_a_notification_is_carried_out() -> None:
    hand = Hand()
    hand.line('{"jsonrpc":"2.0","method":"bolt.unlock"}')
    hand.ends(port.END_UNLOCKED)
    assert hand.board.told("bolt.moved")[0]["result"] == "done"
    assert hand.board.answers() == []


@pytest.mark.parametrize("ident", [None, 0, -1, 10**14, "", "x" * 64, 'q"\\å'])
def test_ids_come_back(ident: object) -> None:
    hand = Hand()
    hand.line(json.dumps({"jsonrpc": "2.0", "id": ident, "method": "unit.hello"}))
    assert hand.board.answers()[-1]["id"] == ident


def test_the_longest_id() -> None:
    line = '{"jsonrpc":"2.0","id":"%s","method":"unit.hello"}' % ("x" * 65)
    assert _error(Hand(), line)[1] == -32600


@given(
    st.lists(st.binary(max_size=1_100).map(lambda b: b.replace(b"\n", b" ")), max_size=5), st.data()
)
def test_any_pieces_give_the_same_lines(lines: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    link = link_on(HandBoard())
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        found += link.receive(7, whole[start:end])
    assert found == [line if len(line) <= LONGEST_LINE == 1_024 else None for line in lines]


def test_answers_come_in_the_order_of_their_lines() -> None:
    hand = Hand()
    hand.board.sent.clear()
    hand.event(port.EV_RX, b"\n".join([HELLO.encode(), b"x" * 2_000, HELLO.encode(), b""]))
    assert ["error" in line for line in hand.board.sent] == [False, True, False]
    assert hand.board.sent[1]["error"]["data"] == "a line is at most 1024 bytes"


@pytest.mark.parametrize("first", [0, 600, 1_024])
def test_the_longest_line(first: int) -> None:
    """Whole or in two pieces, at the start of what came in or behind another line."""
    link, line = link_on(HandBoard()), b"x" * 1_024
    assert link.receive(0, line[:first]) == []
    assert link.receive(0, line[first:] + b"\n" + line + b"\n") == [line, line]


@pytest.mark.parametrize("first", [0, 600, 1_024, 1_025])
def test_a_line_that_is_too_long_is_refused_once_and_alone(first: int) -> None:
    link, line = link_on(HandBoard()), b"x" * 1_025
    assert link.receive(0, line[:first]) + link.receive(0, line[first:]) == [None]
    assert link.receive(0, line) == [], "it is still the same line"
    assert link.receive(0, b"\nnext\n") == [b"next"]


@pytest.mark.parametrize(("pause_ms", "joined"), [(5_000, True), (5_001, False)])
def test_half_a_line_goes_stale(pause_ms: int, joined: bool) -> None:
    link = link_on(HandBoard())
    assert link.receive(0, b"half") == []
    assert link.receive(pause_ms, b"rest\n") == ([b"halfrest"] if joined else [b"rest"])


@pytest.mark.parametrize(("pause_ms", "lost"), [(5_000, True), (5_001, False)])
def test_a_line_too_long_goes_stale_too(pause_ms: int, lost: bool) -> None:
    """Whoever comes next isn't swallowed with the rest of somebody's noise."""
    link = link_on(HandBoard())
    assert link.receive(0, b"x" * 1_025) == [None]
    assert link.receive(pause_ms, b"next\n") == ([] if lost else [b"next"])


@pytest.mark.parametrize(("pause_ms", "answers"), [(0, True), (5_000, True), (5_001, False)])
def test_a_request_may_come_in_pieces(pause_ms: int, answers: bool) -> None:
    hand = Hand()
    hand.event(port.EV_RX, HELLO[:20].encode())
    hand.run(pause_ms)
    hand.event(port.EV_RX, HELLO[20:].encode() + b"\n")
    (answer,) = hand.board.answers()
    assert ("result" in answer) == answers


def test_a_slow_line_isnt_stale_while_it_comes() -> None:
    link = link_on(HandBoard())
    for number in range(5):
        assert link.receive(number * 4_000, b"x") == []
    assert link.receive(20_000, b"\n") == [b"xxxxx"]
