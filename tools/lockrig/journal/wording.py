"""A journal in words, a line a record, and as JSON; what is wrong with it, in one line each."""

import datetime
from typing import Any

from lockhil.journal.check import Finding
from lockhil.journal.reader import Slot
from lockhil.journal.record import Record
from lockrig.trace.terminal import safe

# What a segment says to a checker says nothing to people.
_SILENT = {"format", "before", "told"}


def when(record: Record) -> str:
    """The calendar's time, or the unit's own since its start where nobody set the calendar."""
    if record.utc_s is None:
        return f"+{record.ticks_ms // 1000}.{record.ticks_ms % 1000:03d} s"
    moment = datetime.datetime.fromtimestamp(record.utc_s, datetime.UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%SZ")


def line(slot: Slot, record: Record | None) -> str:
    """One place of a journal for the eye."""
    if record is None:
        return f"{slot.seq:8}  {'?':>20}  damaged       {slot.data[:16].hex()} ..."
    told = [
        f"{name}={value}"
        for name, value in record.fields.items()
        if name not in _SILENT and value not in (None, "")
    ]
    return safe(f"{slot.seq:8}  {when(record):>20}  {record.kind:12}  {' '.join(told)}")


def as_json(slot: Slot, record: Record | None) -> dict[str, Any]:
    """One place of a journal for programs."""
    if record is None:
        return {"seq": slot.seq, "kind": "damaged", "bytes": slot.data.hex()}
    return {
        "seq": slot.seq,
        "utc_s": record.utc_s,
        "ticks_ms": record.ticks_ms,
        "kind": record.kind,
        **{name: value for name, value in record.fields.items() if name not in _SILENT},
    }


def finding(found: Finding) -> str:
    """What is wrong, for the eye."""
    span = f"record {found.first}"
    if found.last > found.first:
        span = f"records {found.first} to {found.last}"
    return f"{found.what.replace('_', ' ')}: {span}: {found.text}"
