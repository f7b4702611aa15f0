"""Reading a long journal over a slow line that breaks again and again: complete, and verified."""

import json
from collections import deque
from random import Random

import pytest

from lockhil.client import Link, LinkTimeoutError, RpcError
from lockhil.journal.check import Checker
from lockhil.journal.reader import NoJournalError, Slot, acknowledge, pages, read_page
from lockhil.targets.realclock import ContactLostError
from tests.lockunit.hand import Hand, HandBoard

LINES_MS = 90


class SlowLine:
    """A unit behind a line of 115,200 baud that loses what is on it when it breaks."""

    def __init__(self, hand: Hand, seed: int) -> None:
        self._hand = hand
        self._random = Random(seed)
        self.now_ms = 0
        self.breaks = 0
        self._coming: deque[bytes] = deque()
        self._left = self._random.randrange(1, 4)

    def write(self, data: bytes) -> None:
        before = len(self._hand.board.sent)
        self._hand.event(4, data)
        for line in self._hand.board.sent[before:]:
            self._coming.append(json.dumps(line).encode() + b"\n")

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        if not self._coming:
            self.now_ms += timeout_ms
            return None
        self._left -= 1
        if self._left == 0 and self.breaks < 100:
            self._left = self._random.randrange(1, 4)
            self.breaks += 1
            line = self._coming.popleft()
            self._coming.clear()
            if self._random.random() < 0.5:
                raise ContactLostError("the line broke")
            return self.now_ms, line[: self._random.randrange(len(line))]
        self.now_ms += LINES_MS
        return self.now_ms, self._coming.popleft()


def _unit(moves: int) -> tuple[Hand, bytes]:
    hand = Hand(board=HandBoard())
    for number in range(moves):
        hand.ends(number % 2 + 1)
    return hand, hand.unit.journal._key


@pytest.mark.parametrize("seed", range(3))
def test_interrupted_a_hundred_times_it_is_complete_and_verified(seed: int) -> None:
    hand, key = _unit(1_800)
    line = SlowLine(hand, seed)
    slots: dict[int, Slot] = {}
    after = 0
    while True:
        try:
            # Each time as a reader that was just started, who has what is in `slots`.
            for page in pages(Link(line, first_id=line.breaks * 1_000), after):
                for slot in page.slots:
                    assert slot.seq not in slots, "read twice"
                    slots[slot.seq] = slot
                    after = slot.seq
            break
        except (ContactLostError, LinkTimeoutError):
            continue
    assert line.breaks == 100
    checker = Checker([key])
    for seq in sorted(slots):
        assert checker.take(slots[seq]) is not None
    assert checker.end(page.held) == ()
    assert checker.verified == len(slots) == page.held.last > 1_800
    acknowledge(Link(line, first_id=10**6), page.held.last)
    assert read_page(Link(line, first_id=10**7), 0).held.first > 1_700


class Scripted:
    """A line on which these results come, one a request."""

    now_ms = 0

    def __init__(self, *results: object) -> None:
        self._results = list(results)
        self._coming: deque[bytes] = deque()

    def write(self, data: bytes) -> None:
        ident = json.loads(data)["id"]
        answer = {"jsonrpc": "2.0", "id": ident, "result": self._results.pop(0)}
        self._coming.append(json.dumps(answer).encode() + b"\n")

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        return (0, self._coming.popleft()) if self._coming else None


GOOD = {"at": 1, "first": 1, "last": 1, "acked": 0, "refused": 0, "records": ""}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"records": None},
        {"records": "AAAA"},
        {"records": "not base64"},
        {"last": "1"},
        {"last": True},
        {"at": 0, "records": "A" * 84 + "AA=="},
    ],
)
def test_what_is_no_page_is_named(wrong: dict[str, object]) -> None:
    told = {**GOOD, **wrong} if wrong else {"state": "LOCKED"}
    with pytest.raises(NoJournalError):
        read_page(Link(Scripted(told)), 0)


def test_an_acknowledgement_that_isnt_taken_is_an_error() -> None:
    with pytest.raises(RpcError, match="of 900"):
        acknowledge(Link(Scripted({"result": "FUTURE", "last": 1})), 900)
