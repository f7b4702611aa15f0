"""Where the journal's records lie: in segments, each a run of records that follow each other.

A segment's name is its first record's number, so a record's place tells its number whatever has
become of it. What records say isn't known here.
"""

from lockunit import records
from lockunit.board import Board
from lockunit.records import SIZE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PER_SEGMENT = 64
MOST_SEGMENTS = 32
# Records in an answer, and in a sealed one: as base64 they fit a line of 1,024 bytes.
PAGE = 9
SEALED_PAGE = 7
_PREFIX = "j"
# What is called so the journal itself writes down.
_OF_JOURNAL = ".journal"
# Sequence numbers stay small integers on 32 bits; a name beyond is nobody's.
_BEYOND = 1 << 30
# Records that a scan reads at a time.
_PIECE = 16


def name_of(first: int) -> str:
    """What the segment that begins with this number is called."""
    return _PREFIX + "%08x" % first


class Segments:
    """The segments of one unit. Everything here may raise OSError."""

    def __init__(self, board: Board) -> None:
        self.board = board
        # What the last scans found: bytes of a torn record, and records that aren't whole.
        self.torn = 0
        self.damaged = 0

    def firsts(self) -> "list[int]":
        """The first number of each segment, oldest first."""
        found = []
        for name in self.board.names(_PREFIX):
            try:
                first = int(name[1:], 16)
            except ValueError:
                continue
            if 0 < first < _BEYOND and name == name_of(first):
                found.append(first)
        return sorted(found)

    def found(self) -> "list[int]":
        """The same; none where the folder can't be looked at."""
        try:
            return self.firsts()
        except OSError:
            return []

    def oldest(self, end: int) -> int:
        """The first number of all, `end` if there is none."""
        held = self.found()
        return held[0] if held else end

    def refuse(self, first: int, why: str) -> None:
        """Name a segment as one that isn't as it should be. It stays where it is."""
        self.board.refuse(name_of(first) + _OF_JOURNAL, why)

    def append(self, first: int, record: bytes) -> None:
        """Add a record to a segment; it is there once this returns."""
        self.board.append(name_of(first), record)

    def drop(self, first: int) -> None:
        """Remove a segment."""
        self.board.remove(name_of(first))

    def scan(self, first: int, take: "Callable[[bytes], None]") -> "tuple[int, bool]":
        """Hand each good record to `take`; how many places are used, and whether one may follow.

        A tear at the end is cut off: it was never whole, so nobody was told of it.
        """
        name = name_of(first)
        places, sound, rest = 0, True, 0
        while places < PER_SEGMENT:
            try:
                piece = self.board.read(name, places * SIZE, _PIECE * SIZE)
            except OSError:
                # Nobody knows what is there: its numbers aren't used again.
                self.damaged += 1
                self.refuse(first, "it can't be read")
                return PER_SEGMENT, False
            for at in range(0, len(piece) - SIZE + 1, SIZE):
                record = piece[at : at + SIZE]
                sound = records.whole(record) and records.head(record)[0] == first + places
                if sound:
                    take(record)
                else:
                    self.damaged += 1
                    self.refuse(first, "expected whole records")
                places += 1
            rest = len(piece) % SIZE
            if len(piece) < _PIECE * SIZE:
                break
        if rest:
            self.torn = rest
            self.board.write(name, self.board.read(name, 0, places * SIZE))
        if places == 0:
            self.drop(first)
        # Behind one that isn't whole nothing is written: it stays as it is, for whoever looks.
        return places, sound and places < PER_SEGMENT

    def page(self, at: int, end: int, sealed: bool = False) -> "tuple[int, bytes]":
        """Records from number `at` on, or from the next that there is, below `end`; no more than
        an answer holds, all of one segment."""
        held = self.found()
        for place, first in enumerate(held):
            until = held[place + 1] if place + 1 < len(held) else end
            at = max(at, first)
            if at < until:
                count = min(SEALED_PAGE if sealed else PAGE, until - at) * SIZE
                try:
                    data = self.board.read(name_of(first), (at - first) * SIZE, count)
                except OSError:
                    continue  # what can't be read is missing, and no more than that
                if len(data) >= SIZE:
                    return at, data[: len(data) // SIZE * SIZE]
        return end, b""
