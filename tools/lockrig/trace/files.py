"""Files as these commands read and write them: read whole, written whole or not at all.

It judges no contents beyond "is this a trace"; what stands in a trace is `lockjudge`'s to say.
"""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from lockjudge.trace import NotATraceError, Trace, parse_trace
from lockrig.errors import Exit, LockrigError
from lockrig.trace.terminal import safe

# Years of a unit's life fit in; an endless device must not fill the memory.
MAX_TRACE_BYTES = 256 * 2**20

_ADVICE = {
    FileExistsError: "it exists; name another file",
    FileNotFoundError: "there is no such file; check the path",
    IsADirectoryError: "it is a folder; name a file in it",
    NotADirectoryError: "a part of the path is no folder; check the path",
    PermissionError: "no permission; ask for access, or work on a copy",
}


def refuse(message: str) -> LockrigError:
    """The error for a file of the wrong kind or a wrong wish: one line, exit code 2."""
    return LockrigError(message, Exit.USAGE)


def _why(error: OSError) -> str:
    return _ADVICE.get(type(error), f"{error.strerror or error}; check the path")


def unreadable(path: str, error: OSError) -> LockrigError:
    """The error for a file that can't be read, with what to do about it."""
    return refuse(f"can't read {safe(path)}: {_why(error)}")


def unwritable(path: str, error: OSError) -> LockrigError:
    """The error for a file that can't be written, with what to do about it."""
    return refuse(f"can't write {safe(path)}: {_why(error)}")


def read_bytes(path: str) -> bytes:
    """All bytes of the file (`-` is standard input); LockrigError if that can't be done."""
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MAX_TRACE_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(MAX_TRACE_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error) from None
    if len(data) > MAX_TRACE_BYTES:
        raise refuse(f"{safe(path)} is larger than {MAX_TRACE_BYTES >> 20} MiB; cut the trace up")
    return data


def as_trace(path: str, data: bytes) -> Trace:
    """The trace in `data`, which came from `path`; LockrigError if it is none."""
    try:
        return parse_trace(data)
    except NotATraceError as error:
        raise refuse(
            f"{safe(path)} is no trace: {safe(str(error))}; "
            "name a trace (`lockrig trace import` makes one of a VCD or CSV file)"
        ) from None


def load_trace(path: str) -> Trace:
    """The trace in the file at `path` (`-` is standard input); LockrigError if there is none."""
    return as_trace(path, read_bytes(path))


@contextmanager
def reading(path: str) -> Iterator[BinaryIO]:
    """The file (`-` is standard input) for reading bytes; LockrigError if it can't be read."""
    if path == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(path).open("rb") as file:
            yield file
    except OSError as error:
        raise unreadable(path, error) from None


def _check_target(path: Path, source: str, force: bool) -> None:
    if not path.exists():
        return
    if not stat.S_ISREG(path.stat().st_mode):
        raise refuse(f"can't write {safe(str(path))}: it is no ordinary file; name another")
    if source != "-" and path.samefile(source):
        raise refuse(f"{safe(str(path))} is the file to read; name another to write")
    if not force:
        raise refuse(f"{safe(str(path))} exists; name another file, or overwrite with --force")


@contextmanager
def writing(out: str, source: str, force: bool) -> Iterator[TextIO]:
    """A text file that appears at `out` when the block ends well, and else leaves nothing.

    `source` is the file that is being read: it is never overwritten. An existing file is
    overwritten with `force` only. LockrigError if it can't be written.
    """
    path = Path(out)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part") if path.name else path
    try:
        _check_target(path, source, force)
        try:
            with beside.open("x", encoding="utf-8", newline="\n") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(out, error) from None
    except UnicodeEncodeError:
        raise refuse(f"can't write {safe(out)}: a text in it is no Unicode; correct it") from None
