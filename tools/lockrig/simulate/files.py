"""The files that a life is written into: report, rows, trace; each whole or not at all.

What stands in them their own modules make.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lockjudge.trace import Event, write_trace
from lockrig.errors import Exit, LockrigError
from lockrig.simulate.living import Lifetime
from lockrig.trace.terminal import safe


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files somebody asked for."""

    report: Path | None
    parquet: Path | None
    trace: Path | None

    def check(self) -> None:
        """Refuse before the life what can't be written after it. LockrigError (usage)."""
        if self.parquet is not None and find_spec("pyarrow") is None:
            raise LockrigError(
                "--parquet needs pyarrow, which isn't installed; "
                "install it with: pip install 'lockrig[simulate]'",
                Exit.USAGE,
            )
        paths = [path for path in (self.report, self.parquet, self.trace) if path is not None]
        for path in paths:
            _check(path)
        if len({path.resolve() for path in paths}) < len(paths):
            raise LockrigError("expected another file for each output, got one twice", Exit.USAGE)

    def write(self, lived: Lifetime) -> None:
        """Write them. LockrigError."""
        # Imported when needed: most runs want neither.
        if self.report is not None:
            from lockrig.simulate.report import render  # noqa: PLC0415

            page = render(lived.life)
            _write(self.report, lambda path: path.write_text(page, "utf-8", newline="\n"))
        if self.parquet is not None:
            from lockrig.simulate.parquet import write_rows  # noqa: PLC0415

            _write(self.parquet, lambda path: write_rows(lived.life, path))
        if self.trace is not None:
            _write(self.trace, lambda path: _write_trace(lived, path))

    def told(self) -> list[str]:
        """Where they are."""
        named = {"report": self.report, "rows": self.parquet, "trace": self.trace}
        return [f"{name}: {safe(str(path))}" for name, path in named.items() if path is not None]


def _write_trace(lived: Lifetime, path: Path) -> None:
    last = lived.events[-1].t_ms if lived.events else 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        write_trace(file, lived.header, [*lived.events, Event(last, "end", None)])


def _check(path: Path) -> None:
    try:
        if path.exists() and not path.is_file():
            raise LockrigError(
                f"expected a file to write, got {safe(str(path))}, which is none; name another",
                Exit.USAGE,
            )
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _unwritable(path, error, Exit.USAGE) from None


def _write(path: Path, make: Callable[[Path], object]) -> None:
    """Let `make` write the file beside its place, then rename it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        make(beside)
        beside.replace(path)
    except OSError as error:
        raise _unwritable(path, error, Exit.FAILED) from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError, code: Exit) -> LockrigError:
    reason = (error.strerror or str(error)).lower()
    return LockrigError(
        f"can't write {safe(str(path))}: {reason}; make room, or name another file", code
    )
