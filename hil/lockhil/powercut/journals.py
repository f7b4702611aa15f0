"""Histories of the journal: segments that turn, are freed or overwritten; a tear, a bad key.

What a journal owes after a cut, these and all others, stands in `journaled`.
"""

import hashlib
import struct
from functools import partial

from lockhil.journal.reader import acknowledge, pages
from lockhil.powercut.journaled import KEY, key_is_named, overwritten_is_told
from lockhil.powercut.scenario import Invariant, Scenario
from lockhil.targets import Target
from lockunit import journalkey
from lockunit.board import Board
from lockunit.journal import Journal
from lockunit.records import BODIES, BOLT
from lockunit.segments import MOST_SEGMENTS, PER_SEGMENT, name_of

_KEY_AS = journalkey.STORED_AS
_TORN_BYTES = 40


class _Shelf(Board):
    """Where a journal is made before the unit gets it: what a unit's core stores, and no more."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {_KEY_AS: journalkey.pack(KEY, True)}

    def fetch(self, name: str) -> bytes | None:
        return self.stored.get(name)

    def write(self, name: str, data: bytes) -> None:
        self.stored[name] = bytes(data)

    def append(self, name: str, data: bytes) -> None:
        self.stored[name] = self.stored.get(name, b"") + data

    def read(self, name: str, at: int, count: int) -> bytes:
        return self.stored[name][at : at + count]

    def remove(self, name: str) -> None:
        del self.stored[name]

    def names(self, prefix: str) -> list[str]:
        return [name for name in self.stored if name.startswith(prefix)]

    def calendar(self) -> int:
        return 0

    def sha256(self, data: bytes) -> bytes:
        return hashlib.sha256(data).digest()


def journal_of(*segments: int) -> dict[str, bytes]:
    """What is stored of a journal whose segments hold so many records each."""
    shelf = _Shelf()
    made = Journal(shelf)
    made.boot(0)
    for length in segments:
        made._open = False  # a segment ends early where the key changed
        for _ in range(length - 1):
            made.add(0, BOLT, struct.pack(BODIES[BOLT], *[0] * 12))
    return shelf.stored


def _hand(unit: Target, times: int) -> None:
    """So many moves of the bolt by hand: each is an event that is told, and a record."""
    unit.bench.clock.advance(seconds=1)
    for number in range(times):
        unit.bench.thumb_turn("locked" if number % 2 else "unlocked")
        unit.bench.clock.advance(seconds=1)


def _acknowledges(unit: Target) -> None:
    """A reader takes what there is, and acknowledges it, twice over, in between moves."""
    _hand(unit, 1)
    read = [slot.seq for page in pages(unit.link) for slot in page.slots]
    acknowledge(unit.link, read[-1])
    acknowledge(unit.link, read[-1])
    _hand(unit, 1)


# The boot's record is the last but one of its segment.
_TURNS = journal_of(2, PER_SEGMENT - 2)
_FULL = journal_of(*[2] * (MOST_SEGMENTS - 1), PER_SEGMENT - 1)
_SOME = journal_of(3, 3, 3)
_TORN = journal_of(3, 5)
_TORN[name_of(4)] += bytes(range(_TORN_BYTES))
_BAD_KEY = {**_SOME, _KEY_AS: b"\x01\x00" + KEY}

SCENARIOS = (
    Scenario(
        "journal turn",
        "records appended over the end of a segment",
        partial(_hand, times=2),
        stored=_TURNS,
    ),
    Scenario(
        "journal acknowledged",
        "a reader acknowledges segments, which are freed",
        _acknowledges,
        stored=_SOME,
    ),
    Scenario(
        "journal full",
        "the oldest segment goes, and a record says so",
        partial(_hand, times=2),
        stored=_FULL,
        invariants=(Invariant("PWR-2", "what is overwritten is told", overwritten_is_told),),
    ),
    Scenario(
        "journal torn",
        "the newest record was torn by an earlier loss of power",
        partial(_hand, times=1),
        stored=_TORN,
    ),
    Scenario(
        "journal key",
        "the key is corrupt: another takes its place",
        partial(_hand, times=1),
        stored=_BAD_KEY,
        refused=(_KEY_AS,),
        invariants=(Invariant("PWR-2", "a corrupt key is written down", key_is_named),),
    ),
)
