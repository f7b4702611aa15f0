"""A file that grows line by line: whatever ends the program, what was written is there, whole.

It never overwrites a file, and knows nothing of what its lines mean.
"""

import os

from lockrig.errors import Exit, LockrigError
from lockrig.trace.files import refuse, unwritable
from lockrig.trace.terminal import safe


class GrowingFile:
    """A new file at `path`; it goes again if nothing was ever added."""

    def __init__(self, path: str) -> None:
        self._path = path
        if path in ("", "-"):
            raise refuse(f"expected a file's name, got {path!r}; name one")
        try:
            # Exclusive: of two programs that want the same file one finds out at once.
            self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except OSError as error:
            raise unwritable(path, error) from None
        self._size = 0

    def add(self, line: str) -> None:
        """Write a line and its end: all of it, or (LockrigError) nothing of it."""
        data = line.encode() + b"\n"
        written = 0
        try:
            # Unbuffered: what is in no buffer of ours survives a kill.
            while written < len(data):
                written += os.write(self._fd, data[written:])
        except OSError as error:
            self._undo()
            reason = error.strerror or str(error)
            raise LockrigError(
                f"can't go on writing {safe(self._path)}: {reason}; what it holds until there is "
                "whole: make room, and start again with another file",
                Exit.FAILED,
            ) from None
        self._size += len(data)

    def _undo(self) -> None:
        """Take back a half line. A file that can't even be cut ends in it."""
        try:
            os.ftruncate(self._fd, self._size)
            os.lseek(self._fd, self._size, os.SEEK_SET)
        except OSError:
            return

    def close(self) -> None:
        """Be done, with the file on the disk."""
        try:
            os.fsync(self._fd)
        except OSError as error:
            raise LockrigError(f"{safe(self._path)} may be incomplete: {error.strerror}") from None
        finally:
            os.close(self._fd)
            if not self._size:
                os.unlink(self._path)
