"""The slot that isn't in use, as an update fills it: emptied, filled in order, and verified.

Each call does a small piece of it. What comes here is wanted by whoever signed the manifest's hash:
that, and what is told of it, is `updating`'s.
"""

import binascii

from lockunit.board import Board
from lockunit.manifest import STORED_AS, Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from lockunit.slot import Slot

CLEARING, MANIFEST, FILES, VERIFYING = "clearing", "manifest", "files", "verifying"

# How a piece of work ends; "" while it goes on. After the first three the filling goes on.
DONE, DIFFERENT, WRONG_PLACE, WRONG_DATA = "done", "DIFFERENT", "WRONG_PLACE", "WRONG_DATA"
WRONG_MANIFEST, NOT_VERIFIED = "WRONG_MANIFEST", "NOT_VERIFIED"
_PIECE = 1_024


class _Reading:
    """A file that is read a piece at a time, and held against its line of the manifest."""

    def __init__(
        self, slot: "Slot", lines: Lines, read: "Callable[[str, int, int], bytes]"
    ) -> None:
        self._lines = lines
        self._hash = slot.hash()
        self._read = read
        self._at = 0

    def piece(self) -> bytes:
        """The next one; b"" at the end, or where it gets longer than it should be. OSError."""
        data = self._read(self._lines.path, self._at, _PIECE)
        self._hash.update(data)
        self._at += len(data)
        return data if self._at <= self._lines.size else b""

    def good(self) -> bool:
        """Whether what was read to its end is the file; to be asked once."""
        return self._at == self._lines.size and self._hash.digest() == self._lines.digest


class Filling:
    """One slot's, with what a manifest of this hash and of `size` bytes says.

    `phase`: what goes on; `file`, `at`: which byte is expected next, of file 0, the manifest, or of
    one of its `files`, from 1 on. OSError from all of it: the flash gives or takes something not.
    """

    def __init__(self, board: Board, slot: "Slot", manifest: bytes, size: int) -> None:
        self.phase = CLEARING
        self.manifest = manifest
        self.file = self.at = self.files = 0
        self._board = board
        self._slot = slot
        self._size = size
        # The line of the file that is expected, or verified; None: the manifest isn't there yet.
        self._lines: Lines | None = None
        self._reading: _Reading | None = None
        # What was done last: said again, for want of an answer, it is done.
        self._last = -1, 0, 0

    def write(self, file: int, at: int, data: bytes) -> str:
        """Take a piece of a file: how that ended, "" if `go_on` says so later."""
        piece = file, at, binascii.crc32(data)
        if piece == self._last:
            return DONE
        if file != self.file or at != self.at:
            return WRONG_PLACE
        lines = self._lines
        size = lines.size if lines else self._size
        if not data or at + len(data) > size:
            return WRONG_DATA
        if lines is None:
            self._board.append(STORED_AS, data)
        else:
            if at == 0:
                self._slot.open(lines.path)
            self._slot.write(data)
        self._last = piece
        self.at += len(data)
        if self.at < size:
            return DONE
        if lines is None:
            self._lines = self._walk()
            return ""
        self._next(lines)
        return DONE

    def keep(self, file: int) -> str:
        """Take a file from the slot in use, if it is the same there: as `write`, or DIFFERENT."""
        if (file, 0, -1) == self._last:
            return DONE
        lines = self._lines
        if file != self.file or self.at or lines is None or not lines.size:
            return WRONG_PLACE
        self._slot.open(lines.path)
        self._reading = _Reading(self._slot, lines, self._slot.used)
        return ""

    def finish(self) -> str:
        """Verify all that is there: "", or WRONG_PLACE: something isn't there yet."""
        if self._lines is None or self._lines.size:
            return WRONG_PLACE
        self.phase = VERIFYING
        self._lines = self._walk()
        return ""

    def go_on(self) -> str:
        """Do the next piece of what goes on: how it ended, "" if it goes on."""
        if self.phase == CLEARING:
            return self._clear()
        lines = self._lines
        assert lines is not None
        if self.phase == MANIFEST:
            try:
                return self._check(lines)
            except ValueError:
                return WRONG_MANIFEST
        return self._copy(lines) if self.phase == FILES else self._verify(lines)

    def end(self) -> None:
        """Let go of all files; what lies in the slot stays there, and is no trial."""
        try:
            self._slot.close()
            self._board.remove(STORED_AS)
        except OSError:
            pass  # the next start sweeps it

    def _walk(self) -> Lines:
        return Lines(self._board, self._slot.hash())

    def _clear(self) -> str:
        if self._slot.clear():
            return ""
        for name in self._board.names(STORED_AS):
            self._board.remove(name)
        self.phase = MANIFEST
        return DONE

    def _check(self, lines: Lines) -> str:
        """Look at all of the manifest before any of it counts."""
        if lines.next():
            return ""
        if not lines.whole(self._size, self.manifest):
            return WRONG_MANIFEST
        self.files = lines.number
        self.phase = FILES
        self._lines = self._walk()
        self._next(self._lines)
        return DONE

    def _next(self, lines: Lines) -> None:
        """The file is there: the next one is expected; behind the last of size 0."""
        self._slot.close()
        lines.next()
        self.file += 1
        self.at = 0

    def _copy(self, lines: Lines) -> str:
        reading = self._reading
        assert reading is not None
        try:
            data = reading.piece()
        except OSError:
            data = b""  # there is none, or it can't be read: it isn't the same then
        if data:
            self._slot.write(data)
            return ""
        self._reading = None
        if not reading.good():
            return DIFFERENT
        self._last = self.file, 0, -1
        self._next(lines)
        return DONE

    def _verify(self, lines: Lines) -> str:
        """Read it all from the flash, the manifest too: whatever came, this lies there."""
        reading = self._reading
        if reading is None:
            if lines.next():
                self._reading = _Reading(self._slot, lines, self._slot.read)
                return ""
            whole = lines.whole(self._size, self.manifest) and self._slot.count() == lines.number
            return DONE if whole else NOT_VERIFIED
        if reading.piece():
            return ""
        self._reading = None
        return "" if reading.good() else NOT_VERIFIED
