"""Whether a journal is whole and genuine: checksums, numbers without a gap, chained signatures.

It says what is wrong by number. What was cut off at the newest end leaves no trace in a journal:
only who kept the last record sees that, by `follows`.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lockhil.journal.reader import Held, Page, Slot
from lockhil.journal.record import Record, decode
from lockunit.records import CRC_AT, SIZE, TAG_AT, TAG_BYTES

DAMAGED = "damaged"
MISPLACED = "misplaced"
FORGED = "forged"
UNCHAINED = "unchained"
UNKNOWN_KEY = "unknown_key"
MISSING = "missing"
CUT_OFF = "cut_off"
CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with the records `first` to `last`."""

    what: str
    first: int
    last: int
    text: str


def key_id(key: bytes) -> str:
    """What a key is called in records."""
    return hmac.digest(key, b"lockrig journal key", "sha256")[:4].hex()


def sign(key: bytes, before: bytes, data: bytes) -> bytes:
    """The signature of a record that follows one with the signature `before`."""
    return hmac.digest(key, before + data[:TAG_AT], hashlib.sha256)[:TAG_BYTES]


class Checker:
    """Takes the places of a journal in their order; `findings` is what was wrong so far.

    Without keys the signatures aren't looked at.
    """

    def __init__(self, keys: Sequence[bytes] = ()) -> None:
        self._keys = {key_id(key): key for key in keys}
        self._signed = bool(keys)
        self._key_id = ""
        self._before: bytes | None = None
        self._next: int | None = None
        self._gaps: list[tuple[int, int]] = []
        self._lost: list[tuple[int, int]] = []
        self._acked = 0
        self._first = 0
        self.findings: list[Finding] = []
        self.verified = 0

    def take(self, slot: Slot) -> Record | None:
        """The record at this place, if it is one; what is wrong with it becomes a finding."""
        if self._next is None:
            self._first = slot.seq
        elif slot.seq > self._next:
            self._gaps.append((self._next, slot.seq - 1))
            self._before = None
        self._next = slot.seq + 1
        record = decode(slot.data)
        if record is None:
            self._found(DAMAGED, slot.seq, "its checksum is wrong")
        elif record.seq != slot.seq:
            self._found(MISPLACED, slot.seq, f"it says that it is number {record.seq}")
        elif not self._signed or self._genuine(record, slot.data):
            # Only then does what it says of others count.
            self._understand(record)
        self._before = slot.data[TAG_AT:CRC_AT] if len(slot.data) == SIZE else None
        return record

    def follows(self, last: Slot, page: Page) -> bool:
        """Whether a unit that gives `page` still has the journal of which `last` was taken last.

        `page`: what follows the number before `last`.
        """
        if page.held.last < last.seq:
            text = "they were read before, and the unit has them no more"
            self.findings.append(Finding(CUT_OFF, page.held.last + 1, last.seq, text))
            return False
        again = page.slots[0] if page.slots else last
        if again.seq == last.seq and again.data != last.data:
            self._found(CHANGED, last.seq, "the unit has another record there than was read before")
            return False
        return True

    def _understand(self, record: Record) -> None:
        told = record.fields
        if record.kind == "lost" and told["from"]:
            last = told["from"] + told["count"] - 1
            self._lost.append((told["from"], last))
            if told["why"] == MISSING:
                text = f"the unit found them gone: it says so in record {record.seq}"
                for gone in _without((told["from"], last), self._held()):
                    self.findings.append(Finding(MISSING, *gone, text))
        elif record.kind == "acknowledged":
            self._acked = max(self._acked, told["upto"])
        elif record.kind == "segment":
            self._acked = max(self._acked, told["acked"])
            if told["told"] > told["acked"]:
                self._lost.append((told["acked"] + 1, told["told"]))

    def _held(self) -> list[tuple[int, int]]:
        """The numbers that were taken so far."""
        if self._next is None:
            return []
        return _without((self._first, self._next - 1), self._gaps)

    def _genuine(self, record: Record, data: bytes) -> bool:
        before = self._before
        if record.kind == "segment":
            self._key_id = record.fields["key_id"]
            chained = bytes.fromhex(record.fields["before"])
            if before is not None and before != chained and not self._damaged(record.seq - 1):
                self._found(UNCHAINED, record.seq, "its segment doesn't follow the one before")
            before = chained
        if before is None:
            self._found(UNCHAINED, record.seq, "the record that it is bound to isn't there")
            return False
        # All of them: the record that names the key may be damaged.
        for key in self._keys.values():
            if hmac.compare_digest(sign(key, before, data), record.tag):
                self.verified += 1
                return True
        if self._key_id in self._keys:
            self._found(FORGED, record.seq, "its signature is wrong")
        else:
            name = self._key_id or "unknown"
            self._found(UNKNOWN_KEY, record.seq, f"it is signed with another key: {name}")
        return False

    def _damaged(self, seq: int) -> bool:
        return any(f.what == DAMAGED and f.first <= seq <= f.last for f in self.findings)

    def _found(self, what: str, seq: int, text: str) -> None:
        last = self.findings[-1] if self.findings else None
        if last and (last.what, last.text, last.last) == (what, text, seq - 1):
            self.findings[-1] = Finding(what, last.first, seq, text)
        else:
            self.findings.append(Finding(what, seq, seq, text))

    def end(self, held: Held, begun: int | None = None) -> tuple[Finding, ...]:
        """All that is wrong, once everything that the unit holds was taken, or all of it since.

        `begun`: the number that a file begins with, which goes on from visit to visit.
        """
        acked = max(self._acked, held.acked if not self._signed else 0)
        gaps = list(self._gaps)
        if self._next is None:
            gaps.append((held.first if begun is None else begun, held.last))
        else:
            if begun is None and self._first == held.first:
                begun = held.first
            if begun is not None:
                # What was acknowledged before anybody kept it here is nobody's loss.
                gaps += _without((1, begun - 1), [(1, acked)])
                gaps.append((begun, self._first - 1))
            gaps.append((self._next, held.last))
        for gap in gaps:
            for gone in _without(gap, self._lost):
                self._missing(gone, acked)
        return tuple(sorted(self.findings, key=lambda finding: finding.first))

    def _missing(self, gone: tuple[int, int], acked: int) -> None:
        for first, last in _without(gone, [(1, acked)]):
            self.findings.append(Finding(MISSING, first, last, "nothing tells where they went"))
        for first, last in _without(gone, [(acked + 1, gone[1])]):
            text = "they were acknowledged, and aren't here: were they read into another file?"
            self.findings.append(Finding(MISSING, first, last, text))

    @property
    def lost(self) -> tuple[tuple[int, int], ...]:
        """Numbers that the unit itself tells as lost."""
        return tuple(sorted(set(self._lost)))


def _without(span: tuple[int, int], holes: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a span of numbers, both ends included, without others."""
    left = [span] if span[0] <= span[1] else []
    for low, high in holes:
        pieces = [((a, min(b, low - 1)), (max(a, high + 1), b)) for a, b in left]
        left = [piece for pair in pieces for piece in pair if piece[0] <= piece[1]]
        left = sorted(set(left))
    return left
