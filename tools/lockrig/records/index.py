"""An index of all records in SQLite, so that thousands of them are listed at once.

The files are the truth: whatever is wrong with the index, it is made anew from them. It remembers
which files there were, so that one that is gone can be called missing.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, fields, replace
from pathlib import Path

from lockrig.records.entry import MISSING, Entry, sum_up
from lockrig.records.folder import OPEN, RECEIPT, RECORD, Found, files

NAME = "index.sqlite"
# Another number, and an index that somebody has is made anew.
VERSION = 1
_INDEXED = (RECORD, RECEIPT, OPEN)
_COLUMNS = [field.name for field in fields(Entry)]
_WAIT_S = 5
# SQLite takes less than its header for a new file.
_LEAST_BYTES = 100
_TABLE = f"""CREATE TABLE entries ({", ".join(_COLUMNS)}, looked TEXT, PRIMARY KEY (file))
WITHOUT ROWID"""
_PROBE = f"SELECT {', '.join(_COLUMNS)}, looked FROM entries LIMIT 1"  # noqa: S608
_INSERT = f"INSERT OR REPLACE INTO entries VALUES ({', '.join('?' * (len(_COLUMNS) + 1))})"  # noqa: S608


class _OldError(Exception):
    """An index of another version."""


class Index:
    """The index of the folder `root`; `remade` says why it had to be made anew, "" if it hadn't.

    Where the disk doesn't take one, or another process holds it for long, it is kept in memory.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._file = root / NAME
        self.remade = ""
        self._base = self._open()

    def close(self) -> None:
        """Let go of it."""
        self._base.close()

    def known(self) -> list[Entry]:
        """The entries as they were last seen, without a look at the files."""
        return [_entry(row) for row in self._base.execute("SELECT * FROM entries ORDER BY at, id")]

    def refresh(self) -> list[Entry]:
        """Look which files have changed, and give what there is, oldest first; OSError.

        A file that was there once and isn't any more has the verdict MISSING.
        """
        if not self._root.is_dir():
            return []
        try:
            self._refresh()
        except sqlite3.OperationalError:
            # Held by another process for too long, or the disk is full: the files are still there.
            self._base.close()
            self._base = _made(":memory:")
            self._refresh()
        except sqlite3.DatabaseError as error:
            self._base.close()
            self._base = self._anew(str(error))
            self._refresh()
        return self.known()

    def _refresh(self) -> None:
        with _changing(self._base):
            looked = dict(self._base.execute("SELECT file, looked FROM entries"))
            seen = set()
            for found in files(self._root):
                if found.what not in _INDEXED:
                    continue
                with contextlib.suppress(FileNotFoundError):
                    look = _look(found)
                    if looked.get(found.name) != look:
                        self._base.execute(_INSERT, (*astuple(sum_up(found)), look))
                    seen.add(found.name)
            for gone in set(looked) - seen:
                if gone.endswith("/open.json"):
                    # That one goes when a change ends; its receipt is there instead.
                    self._base.execute("DELETE FROM entries WHERE file = ?", (gone,))
                else:
                    told = "UPDATE entries SET looked = '', verdict = ? WHERE file = ?"
                    self._base.execute(told, (MISSING, gone))

    def _open(self) -> sqlite3.Connection:
        if not self._root.is_dir():
            return _made(":memory:")
        base = None
        size = self._file.stat().st_size if self._file.is_file() else 0
        try:
            base = _connect(self._file)
            version = base.execute("PRAGMA user_version").fetchone()[0]
            if 0 < size < _LEAST_BYTES:
                raise _OldError("it is no database")
            if version == 0:
                # New, or begun by somebody who is at it right now.
                return _made(self._file, base)
            if version != VERSION:
                raise _OldError(f"it is of version {version}, expected {VERSION}")
            base.execute(_PROBE).fetchone()
            return base
        except (sqlite3.DatabaseError, _OldError) as error:
            if base is not None:
                base.close()
            busy = isinstance(error, sqlite3.OperationalError) and "no such" not in str(error)
            return _made(":memory:") if busy else self._anew(str(error))

    def _anew(self, why: str) -> sqlite3.Connection:
        self.remade = why
        try:
            for end in ("", "-wal", "-shm"):
                Path(f"{self._file}{end}").unlink(missing_ok=True)
            return _made(self._file)
        except (OSError, sqlite3.Error):
            return _made(":memory:")


def forget(root: Path) -> None:
    """Remove the index; OSError. What was missing is then not known to be."""
    for end in ("", "-wal", "-shm"):
        Path(f"{root / NAME}{end}").unlink(missing_ok=True)


def _connect(where: Path | str) -> sqlite3.Connection:
    base = sqlite3.connect(where, timeout=_WAIT_S, isolation_level=None)
    base.row_factory = sqlite3.Row
    return base


def _made(where: Path | str, base: sqlite3.Connection | None = None) -> sqlite3.Connection:
    base = base or _connect(where)
    base.execute("PRAGMA journal_mode = WAL")
    with _changing(base):
        if base.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            base.execute("DROP TABLE IF EXISTS entries")
            base.execute(_TABLE)
            base.execute(f"PRAGMA user_version = {VERSION}")
    return base


@contextlib.contextmanager
def _changing(base: sqlite3.Connection) -> Iterator[None]:
    """All of it, or nothing; others read meanwhile and wait to write."""
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            base.execute("ROLLBACK")
        raise
    base.execute("COMMIT")


def _look(found: Found) -> str:
    """What changes with the file or its trace; FileNotFoundError."""
    told = os.lstat(found.path)
    look = f"{told.st_mtime_ns} {told.st_size} {told.st_ino}"
    with contextlib.suppress(OSError):
        trace = os.lstat(found.path.with_suffix(".trace.jsonl"))
        look += f" {trace.st_mtime_ns} {trace.st_size}"
    return look


def _entry(row: sqlite3.Row) -> Entry:
    values = {name: row[name] for name in _COLUMNS}
    return replace(Entry(**values), training=bool(row["training"]))
