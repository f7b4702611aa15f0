"""Keeps the records of units in files: one folder a unit, one JSON file an attempt.

Everything is written beside and renamed, so that a cut leaves the old or the new. What the records
mean is `standing`'s business.
"""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from lockjudge.trace import Trace, format_trace
from lockrig.records.reading import MOST_TRACE_BYTES, read_ordinary
from lockrig.records.record import Record, decode, encode, stamp
from lockrig.records.sealed import DamagedRecordError
from lockrig.records.standing import Standing, standing

VARIABLE = "LOCKRIG_DATA"
# Room for a result, taken before START: a disk that fills up meanwhile must not lose a suspicion.
RESERVE_BYTES = 64 * 1024


class BusyError(Exception):
    """Somebody else is at this unit's records."""


def root(explicit: Path | None = None) -> Path:
    """The folder that holds all records."""
    if explicit is not None:
        return explicit
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    return user_data_path("lockrig", appauthor=False)


@contextlib.contextmanager
def open_unit(folder: Path, unit: str, *, training: bool) -> Iterator["UnitRecords"]:
    """The records of `unit` (a normal label), for us alone meanwhile; BusyError or OSError."""
    # The prefix keeps labels like CON or NUL apart from Windows' own names.
    folder = folder / ("training" if training else "units") / f"unit-{unit}"
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(unit) from None
    with lock:
        yield UnitRecords(folder, unit, training)


class UnitRecords:
    """The records of one unit; the caller holds its lock."""

    def __init__(self, folder: Path, unit: str, training: bool) -> None:
        self.folder = folder
        self.unit = unit
        self.training = training
        # What a kill left behind: half-written files that never became records.
        for stale in (*folder.glob("*.tmp"), *folder.glob("*.reserve")):
            stale.unlink()

    def standing(self, now: datetime) -> Standing:
        """How the unit stands; a file that can't be read as a record is never passed over."""
        return standing_in(self.folder, self.unit, now, training=self.training)

    def passed(self, name: str) -> bool:
        """Whether the attempt called `name` is on record, whole, and allowed a change."""
        try:
            record = self._read(self.folder / f"{name}.json")
        except DamagedRecordError:
            return False
        return record.kind == "judged" and record.exit_code == 0

    def begin(self, now: datetime, *, repeat: bool) -> "Attempt":
        """A new attempt, on disk before START may be tapped; OSError if it can't be."""
        name = f"{now.strftime('%Y%m%dT%H%M%SZ')}-{secrets.token_hex(4)}"
        record = Record(self.unit, self.training, "begun", now, repeat)
        reserve = self.folder / f"{name}.reserve"
        try:
            write_whole(reserve, secrets.token_bytes(RESERVE_BYTES))
            write_whole(self.folder / f"{name}.json", encode(record))
        except OSError:
            reserve.unlink(missing_ok=True)
            raise
        return Attempt(self.folder, name, record)

    def danger(self, now: datetime) -> None:
        """Record that the pack looked, felt, smelt or sounded dangerous."""
        self._add(Record(self.unit, self.training, "danger", now))

    def clear(self, case: str, now: datetime) -> None:
        """Record that the service desk has seen to the unit: lifts all that stands now."""
        lifts = {path.name: _sha256(path) for path in sorted(self.folder.glob("*.json"))}
        details = {"by": "service desk", "case": case, "lifts": lifts}
        self._add(Record(self.unit, self.training, "cleared", now, details=details))

    def _add(self, record: Record) -> None:
        name = f"{record.at.strftime('%Y%m%dT%H%M%SZ')}-{secrets.token_hex(4)}.json"
        write_whole(self.folder / name, encode(record))

    def _read(self, path: Path) -> Record:
        try:
            return read_record(path, self.unit, training=self.training)[0]
        except OSError as error:
            raise DamagedRecordError(error.strerror or str(error)) from None


def standing_in(folder: Path, unit: str, now: datetime, *, training: bool) -> Standing:
    """How the unit stands by the records in its folder; it changes nothing, and needs no lock."""
    digests = {path.name: _sha256(path) for path in sorted(folder.glob("*.json"))}
    records, damaged = {}, []
    for name in digests:
        try:
            records[name] = read_record(folder / name, unit, training=training)[0]
        except (DamagedRecordError, OSError) as error:
            why = getattr(error, "strerror", None) or str(error)
            damaged.append((name, f"{folder / name} ({why})"))
    lifted = {
        item
        for record in records.values()
        if record.kind == "cleared"
        for item in record.details["lifts"].items()
    }
    standing_ones = {name for name, digest in digests.items() if (name, digest) not in lifted}
    return standing(
        [record for name, record in records.items() if name in standing_ones],
        [text for name, text in damaged if name in standing_ones],
        now,
    )


def read_record(path: Path, unit: str, *, training: bool) -> tuple[Record, bytes]:
    """The record of `unit` at `path`, whole, and its trace's bytes (b"" if it has none).

    DamagedRecordError says what is wrong, FileNotFoundError that there is no such file.
    """
    record = decode(read_ordinary(path))
    if (record.unit, record.training) != (unit, training):
        raise DamagedRecordError("it is another unit's")
    if record.kind == "cleared" and not _lifts(record.details.get("lifts")):
        raise DamagedRecordError("it doesn't say what it lifts")
    if record.kind != "judged":
        return record, b""
    if record.details.get("trace") != f"{path.stem}.trace.jsonl":
        raise DamagedRecordError("its trace isn't the one that was judged")
    try:
        trace = read_ordinary(path.with_suffix(".trace.jsonl"), MOST_TRACE_BYTES)
    except (FileNotFoundError, DamagedRecordError):
        raise DamagedRecordError("its trace isn't the one that was judged") from None
    if hashlib.sha256(trace).hexdigest() != record.details.get("trace_sha256"):
        raise DamagedRecordError("its trace isn't the one that was judged")
    return record, trace


def _lifts(value: object) -> bool:
    """Whether it says which files it lifts, each with its digest."""
    return isinstance(value, dict) and all(isinstance(digest, str) for digest in value.values())


class Attempt:
    """An attempt that has begun: ends withdrawn or judged, or stays begun, which counts."""

    def __init__(self, folder: Path, name: str, record: Record) -> None:
        self.folder = folder
        self.name = name
        self.record = record

    @property
    def path(self) -> Path:
        """The record's file."""
        return self.folder / f"{self.name}.json"

    def withdraw(self) -> None:
        """Given up before START: counts for nothing."""
        self._replace(replace(self.record, kind="withdrawn"))

    def judged(self, trace: Trace, exit_code: int, now: datetime, **details: object) -> None:
        """Record a verdict and the trace it was drawn from; OSError leaves the attempt begun."""
        lines = "".join(f"{line}\n" for line in format_trace(trace.header, trace.events)).encode()
        file = self.folder / f"{self.name}.trace.jsonl"
        (self.folder / f"{self.name}.reserve").unlink(missing_ok=True)
        write_whole(file, lines)
        self._replace(
            replace(
                self.record,
                kind="judged",
                exit_code=exit_code,
                details={
                    "ended": stamp(now),
                    "trace": file.name,
                    "trace_sha256": hashlib.sha256(lines).hexdigest(),
                    **details,
                },
            )
        )

    def _replace(self, record: Record) -> None:
        (self.folder / f"{self.name}.reserve").unlink(missing_ok=True)
        write_whole(self.path, encode(record))
        self.record = record


def _sha256(path: Path) -> str:
    """The digest of a file, "" of one that can't be read."""
    try:
        return hashlib.sha256(read_ordinary(path)).hexdigest()
    except (OSError, DamagedRecordError):
        return ""


def write_whole(path: Path, data: bytes) -> None:
    """Write `path` whole or not at all, and on the disk when this returns."""
    beside = path.with_name(path.name + ".tmp")
    try:
        with beside.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # a rename is on the disk when its folder is
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
