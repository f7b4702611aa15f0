"""Files that nobody else reads: how they are written, and which are refused.

What is in them isn't looked at here.
"""

import os
import stat
from pathlib import Path

from lockrig.errors import Exit, LockrigError

MODE = 0o600


def read_private(path: Path) -> bytes:
    """The content; LockrigError where others may read it, or it can't be read."""
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            _refuse_shared(path, found)
            return file.read()
    except OSError as error:
        raise _cant("read", path, error) from None


def _refuse_shared(path: Path, found: os.stat_result) -> None:
    # Windows keeps other users out of a user's folders by itself.
    if os.name != "posix" or not stat.S_ISREG(found.st_mode):
        return
    if found.st_uid not in (os.getuid(), 0):
        raise LockrigError(f"{path} holds keys and belongs to another user: not taken")
    if found.st_mode & 0o077:
        raise LockrigError(
            f"{path} holds keys, and others may read or write it (mode "
            f"{stat.S_IMODE(found.st_mode):o}); if nobody did: chmod 600 {path}"
        )


def write_new(path: Path, data: bytes) -> None:
    """Write a file that isn't there yet; LockrigError. It is on the disk when this returns."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    except FileExistsError:
        raise LockrigError(
            f"expected a new file, {path} is there already: it may hold a key", Exit.USAGE
        ) from None
    except OSError as error:
        raise _cant("write", path, error) from None
    try:
        with os.fdopen(file, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _cant("write", path, error) from None


def replace_private(path: Path, data: bytes) -> None:
    """Replace a file whole or not at all, and on the disk when this returns; LockrigError."""
    beside = path.with_name(path.name + ".new")
    try:
        beside.unlink(missing_ok=True)  # what a kill left behind
        write_new(beside, data)
        beside.replace(path)
        if os.name == "posix":  # a rename is on the disk when its folder is
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    except OSError as error:
        raise _cant("write", path, error) from None


def _cant(what: str, path: Path, error: OSError) -> LockrigError:
    return LockrigError(f"can't {what} {path}: {error.strerror or error}", Exit.USAGE)
