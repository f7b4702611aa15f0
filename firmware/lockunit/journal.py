"""The journal: what happened to the unit, in signed records that outlive a loss of power.

What a record says is its caller's, where it lies is `segments`'. Nothing in here raises: what the
storage refuses is counted and told, and the unit goes on. docs/journal.md says what it promises.
"""

import binascii
import struct

from lockunit import counter, journalkey, records
from lockunit.board import NOT_STORED, Board
from lockunit.crypto import hmac
from lockunit.often import Often
from lockunit.records import ACK, BODIES, LOST, MISSING, OVERWRITTEN, REFUSED, SEGMENT, STORAGE
from lockunit.segments import MOST_SEGMENTS, PER_SEGMENT, Segments

# What is named where a record couldn't be written.
_NAME = "journal"
# ENOKEY is on no board; EIO is.
_NO_KEY = 5

# How an acknowledgement ends.
DONE = "done"
FUTURE = "FUTURE"
REFUSED_BY_STORAGE = "STORAGE"


class Journal:
    """The records of one unit, the oldest to be read first."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.segments = Segments(board)
        # The next record's number, and up to which a reader has acknowledged.
        self.next = 1
        self.acked = 0
        # Up to here nothing is to stay: no record joins those in their segment.
        self.upto = 0
        # The newest acknowledgement, if nothing came between it and what it acknowledges.
        self._read = -1
        # Events that the storage refused, and that no record tells yet.
        self.refused = 0
        # Whether no record tells yet what was acknowledged: the counter does.
        self._ack_waits = False
        self._often = Often()
        # Up to here all that is gone was told as lost.
        self._told = 0
        # The newest segment: where it begins, and whether it takes one more.
        self._newest = 0
        self._open = False
        self._segment_key = b""
        # Whether a firmware wrote it that knows more than this one.
        self._foreign = False
        # Nobody knows what lies there before somebody looked, nor after a refusal.
        self._doubtful = True
        self._tag = bytes(records.TAG_BYTES)
        self._key = b""
        # Whether the key, and the counter, are stored as they should be.
        self._key_stored = self._counted = True
        self._key_id = b""
        self._record = bytearray(records.SIZE)

    def boot(self, now: int) -> None:
        """Take up what was stored, and write down what is missing of it."""
        self._key, wrong = journalkey.load(self.board)
        self._key_stored = not wrong
        self._key_id = journalkey.ident(self.board, self._key)
        self.retry(now)
        # Before there is a record it isn't missing.
        if wrong == "corrupt" or (wrong and self.next > 1):
            self.fault(now, "key", wrong)
        self._free()

    def _find(self) -> None:
        """Look at what is stored: the newest segments tell all that has to be known."""
        self.segments.torn = self.segments.damaged = 0
        self._open = False
        self.acked = max(self.acked, self.upto)
        # The newest may have been begun by half, or damaged where it begins.
        for first in self.segments.firsts()[-2:]:
            self._foreign = False
            places, more = self.segments.scan(first, self._take)
            if places:
                self._newest, self.next = first, first + places
                # One segment, one key.
                self._open = more and self._segment_key == self._key_id and first > self.upto

    def _take(self, record: bytes) -> None:
        """What a good record, found or just written, says of the journal itself."""
        self._tag = record[records.TAG_AT : records.CRC_AT]
        kind = record[records.BODY_AT - 1]
        if kind == SEGMENT:
            self._foreign = record[records.BODY_AT] != records.FORMAT
            if self._foreign:
                self.segments.refuse(records.head(record)[0], "expected another format")
            self._segment_key = record[records.KEY_ID_AT : records.KEY_ID_AT + 4]
        if self._foreign:
            # Nothing is written behind it, as behind another key's.
            self._segment_key = b""
        elif kind == SEGMENT:
            acked, told = records.body(record, SEGMENT)[3:]
            self.acked = max(self.acked, acked)
            self._told = max(self._told, told)
        elif kind == ACK:
            upto = records.body(record, ACK)[0]
            if upto >= self.acked:
                self.acked, self._ack_waits = upto, False
            if upto == records.head(record)[0] - 1:
                self._read = upto + 1
        elif kind == LOST:
            _, first, count = records.body(record, LOST)
            # From the oldest on: a hole further up hides nothing that is lost below it later.
            if 0 < first <= max(self.acked, self._told) + 1:
                self._told = max(self._told, first + count - 1)

    def _tell_missing(self, now: int) -> None:
        """Write down what should be there and isn't; no number is used twice for that."""
        used, acked = counter.fetch(self.board)
        if self.acked < acked < max(self.next, used):
            self.acked, self._ack_waits = acked, True
        if used < 0:
            self._append(now, STORAGE, records.fault("counter", "corrupt"))
            self._store_counter()
        elif self.next <= used - PER_SEGMENT:
            # The newest segments are gone.
            first, self.next, self._open = self.next, used, False
            self._append(now, LOST, struct.pack(BODIES[LOST], MISSING, first, used - first))
        if self._open:
            self._make_room(now)
        held = self.segments.firsts()
        before, gone = max(self.acked, self._told), held[0] - 1 if held else 0
        if gone > before:
            count = gone - before
            self._append(now, LOST, struct.pack(BODIES[LOST], MISSING, before + 1, count))

    def _store_counter(self) -> None:
        # Once a segment is often enough: within it the records tell.
        self._counted = counter.store(self.board, self._newest + PER_SEGMENT, self.acked)

    def first(self) -> int:
        """The oldest record's number; the next one's, if there is none."""
        return self.segments.oldest(self.next)

    def fault(self, now: int, thing: str, what: str) -> None:
        """Write down that something stored isn't as it should be."""
        self.add(now, STORAGE, records.fault(thing, what))

    def add(self, now: int, kind: int, body: bytes) -> None:
        """Write a record: it outlives a loss of power from now on, or is counted as refused."""
        if not self._try(now, kind, body):
            self.refused += 1

    def add_limited(self, now: int, kind: int, body: bytes) -> None:
        """The same for an event that anybody may cause: a flood of it pushes no record out.

        Beyond LIMIT in an hour they are counted, and one record tells how many there were.
        """
        if self._often.over(now):
            self.retry(now)
        if self._often.note(now, kind):
            self.add(now, kind, body)

    def _try(self, now: int, kind: int, body: bytes) -> bool:
        try:
            self._settle(now)
            if kind:
                self._append(now, kind, body)
            return True
        except OSError as error:
            self._doubtful = True
            # Nothing is corrupt, so there is nothing to keep aside.
            Board.refuse(self.board, _NAME, NOT_STORED + str(error.errno))
            return False

    def waits(self) -> bool:
        """Whether something isn't stored yet that should be."""
        stored = self._key_stored and self._counted
        return self.refused > 0 or self._ack_waits or self._often.counting() or not stored

    def retry(self, now: int) -> None:
        """Write down what was refused, if the storage takes it by now."""
        self._try(now, 0, b"")

    def _settle(self, now: int) -> None:
        """At first, and after a refusal: see what is there, and tell what is missing."""
        if self._doubtful:
            self._find()
            if not self._key_stored:
                self._store_key()
            self._tell_missing(now)
            self._doubtful = False
            if self.board.refused:
                self.board.accept(_NAME)
        if not self._counted:
            self._store_counter()
        if self.refused:
            self._append(now, LOST, struct.pack(BODIES[LOST], REFUSED, 0, self.refused))
            self.refused = 0
        if self._ack_waits:
            self._append(now, ACK, struct.pack(BODIES[ACK], self.acked))
        if self._often.over(now):
            self._often.tell(now, self._limited)

    def _limited(self, now: int, kind: int, more: int) -> None:
        self._append(now, records.LIMITED, struct.pack(BODIES[records.LIMITED], kind, more))

    def _store_key(self) -> None:
        """Nothing is written before it is there: what a lost key has signed nobody can check."""
        self._key_stored = self.board.store(journalkey.STORED_AS, journalkey.pack(self._key, False))
        if not self._key_stored:
            raise OSError(_NO_KEY)

    def _append(self, now: int, kind: int, body: bytes) -> None:
        if not self._open:
            self._begin(now)
        self._put(now, kind, body)

    def _begin(self, now: int) -> None:
        before, self._newest = self._newest, self.next
        chained = self._tag, self._key_id, self.acked, self._told
        try:
            self._put(now, SEGMENT, struct.pack(BODIES[SEGMENT], records.FORMAT, *chained))
        except OSError:
            # It isn't there, so the counter mustn't say that its numbers may be in use.
            self._newest = before
            raise
        self._store_counter()
        self._make_room(now)
        self._free()

    def _make_room(self, now: int) -> None:
        """Where there are too many segments the oldest goes, once that is told."""
        held = self.segments.firsts()
        if len(held) > MOST_SEGMENTS:
            gone = held[-MOST_SEGMENTS] - 1
            if gone > max(self.acked, self._told):
                # All of it again each time: the newest of these records is enough.
                count = gone - self.acked
                self._put(now, LOST, struct.pack(BODIES[LOST], OVERWRITTEN, self.acked + 1, count))
            for first in held[:-MOST_SEGMENTS]:
                self.segments.drop(first)

    def _put(self, now: int, kind: int, body: bytes) -> None:
        """One record into the newest segment. OSError: nobody knows how much of it is there."""
        record = self._record
        record[:] = bytes(records.SIZE)
        struct.pack_into(records.HEAD, record, 0, self.next, self.board.calendar(), now, kind)
        record[records.BODY_AT : records.BODY_AT + len(body)] = body
        signed = hmac(self.board, self._key, self._tag + record[: records.TAG_AT])
        record[records.TAG_AT : records.CRC_AT] = signed[: records.TAG_BYTES]
        crc = binascii.crc32(record[: records.CRC_AT])
        struct.pack_into("<I", record, records.CRC_AT, crc)
        written = bytes(record)
        self.segments.append(self._newest, written)
        self._take(written)
        self.next += 1
        self._open = self.next < self._newest + PER_SEGMENT

    def page(self, after: int, sealed: bool = False) -> "tuple[int, bytes]":
        """The records that follow number `after`, so many as fit an answer, and the first's."""
        return self.segments.page(after + 1, self.next, sealed)

    def acknowledge(self, now: int, upto: int) -> str:
        """The reader has everything up to `upto`: it need not be kept. DONE, or why not."""
        if upto >= self.next:
            return FUTURE
        if upto <= self.acked and not self._ack_waits:
            return DONE
        if upto <= self.acked or not self._try(now, ACK, struct.pack(BODIES[ACK], upto)):
            # That may be for want of the very room that it gives. A file system has room for so
            # little as the counter where it has none for a record: so it is known there first.
            self.acked, self._ack_waits = max(self.acked, upto), True
            self._store_counter()
            self._free()
            self.retry(now)
            if self._ack_waits and not self._counted:
                return REFUSED_BY_STORAGE
        self._free()
        return DONE

    def all_read(self) -> bool:
        """Whether a reader has acknowledged all that there was before it did."""
        return self.next - 1 in (self.acked, self._read)

    def clear(self, now: int, upto: int, kind: int, body: bytes) -> None:
        """Begin a segment with this record; all up to `upto`, which was read, goes."""
        self.upto = upto
        self.acked = max(self.acked, upto)
        self._open = False
        self.add(now, kind, body)

    def _free(self) -> None:
        """Remove the segments that were acknowledged as a whole; the newest stays."""
        try:
            held = self.segments.firsts()
            while len(held) > 1 and held[1] - 1 <= self.acked:
                self.segments.drop(held.pop(0))
        except OSError:
            pass  # they are in nobody's way; the next boot tries again
