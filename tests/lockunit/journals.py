"""Journals for tests: on storage that can be torn, refused, damaged; and read as from outside."""

import base64
import errno
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from lockhil.journal.check import Checker, Finding
from lockhil.journal.reader import Held, Slot
from lockhil.journal.record import Record, decode
from lockunit import journal, segments
from lockunit.journal import Journal
from lockunit.records import BODIES, BOLT, SIZE
from tests.lockunit.hand import Hand, HandBoard


class Cut(BaseException):
    """The power went: nobody in the unit may catch it."""


class TornBoard(HandBoard):
    """Its power goes in write number `cut_in` from now (0: the next); `kept` bytes of it stay.

    `full`: no block is free until something is removed, but what is small is replaced in place.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cut_in: int | None = None
        self.kept = 0
        self.full = False
        self.keys: list[bytes] = []

    def random(self, count: int) -> bytes:
        self.keys.append(super().random(count))
        return self.keys[-1]

    def _cut(self) -> bool:
        if self.cut_in is None:
            return False
        self.cut_in -= 1
        return self.cut_in < 0

    def append(self, name: str, data: bytes) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "no block")
        if self._cut():
            if self.kept:
                super().append(name, data[: self.kept])
            raise Cut
        super().append(name, data)

    def write(self, name: str, data: bytes) -> None:
        self._all_or_nothing(lambda: HandBoard.write(self, name, data))

    def remove(self, name: str) -> None:
        self._all_or_nothing(lambda: HandBoard.remove(self, name))
        self.full = False

    def _all_or_nothing(self, do: Callable[[], None]) -> None:
        cut = self._cut()
        if not cut or self.kept >= SIZE // 2:
            do()
        if cut:
            raise Cut


@dataclass
class Read:
    """What somebody outside finds in a journal."""

    held: Held
    records: dict[int, Record] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    lost: tuple[tuple[int, int], ...] = ()
    verified: int = 0

    def events(self) -> dict[int, int]:
        """The numbers given to `add_event`, by the records' own."""
        return {
            seq: record.fields["mas"] + (record.fields["mohm"] << 15)
            for seq, record in self.records.items()
            if record.kind == "bolt"
        }


def held(of: Journal) -> Held:
    return Held(of.first(), of.next - 1, of.acked, of.refused)


def read(of: Journal, board: TornBoard) -> Read:
    """All of it, page by page, checked with all keys that there were."""
    checker, found = Checker(board.keys), Read(held(of))
    after = 0
    while True:
        at, page = of.page(after)
        if not page:
            break
        assert at > after, "it goes round and round"
        assert len(page) <= segments.PAGE * SIZE
        assert len(page) % SIZE == 0
        for place in range(0, len(page), SIZE):
            after = at + place // SIZE
            record = checker.take(Slot(after, page[place : place + SIZE]))
            if record is not None:
                found.records[after] = record
    found.findings = checker.end(found.held)
    found.lost, found.verified = checker.lost, checker.verified
    return found


def boot(board: TornBoard) -> Journal:
    made = Journal(board)
    made.boot(0)
    return made


def add_event(to: Journal, number: int, now: int = 0) -> None:
    """Write a record that this number can be found in again."""
    numbers = [0] * 10 + [number >> 15, number & 0x7FFF, 0]
    to.add(now, BOLT, struct.pack(BODIES[BOLT], *numbers[:5], *numbers[6:]))


@contextmanager
def small(per_segment: int = 4, most: int = 3) -> Iterator[None]:
    """Few and short segments: every boundary is near."""
    with (
        mock.patch.object(journal, "PER_SEGMENT", per_segment),
        mock.patch.object(journal, "MOST_SEGMENTS", most),
        mock.patch.object(segments, "PER_SEGMENT", per_segment),
        mock.patch.object(segments, "PAGE", 3),
        mock.patch.object(segments, "_PIECE", 3),
    ):
        yield


def written(hand: Hand, after: int = 0) -> list[Record]:
    """The records, as the link gives them."""
    found: list[Record] = []
    while True:
        hand.call("journal.read", 7, after=after)
        told = hand.board.answers()[-1]["result"]
        data = base64.b64decode(told["records"])
        if not data:
            return found
        assert told["at"] == max(after + 1, told["first"])
        for place in range(0, len(data), SIZE):
            record = decode(data[place : place + SIZE])
            assert record is not None
            found.append(record)
        after = found[-1].seq


def of(hand: Hand, kind: str) -> list[dict[str, Any]]:
    """What its records of this kind say."""
    return [record.fields for record in written(hand) if record.kind == kind]
