"""One record: its fields, its JSON form with a checksum, and what counts as damaged.

Knows no files and no rules; `store` keeps records and `standing` draws conclusions from them.
"""

import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from lockrig.records.sealed import DamagedRecordError, seal, unseal

FORMAT = "lockrig-record/1"
KINDS = (
    "begun",  # START may have been tapped; nothing is known of what followed
    "withdrawn",  # given up before START: counts for nothing
    "judged",  # watched to the end, with a verdict and its trace
    "danger",  # bulging, hot, wet, smell or hiss
    "cleared",  # the service desk has seen to the unit
)
LABEL = re.compile(r"[A-Za-z0-9-]{3,32}")


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of an attempt that began `at` (UTC), or of a clearing.

    `repeat`: an inconclusive attempt within the last 24 h stood when this one began. `exit_code` is
    what the command ended with. `details`: verdict, trace and digest, or case and what it lifts.
    """

    unit: str
    training: bool
    kind: str
    at: datetime
    repeat: bool = False
    exit_code: int | None = None
    details: dict[str, Any] = field(default_factory=dict)


def normal_label(text: str) -> str | None:
    """The label as units are filed under it; None if `text` is no label."""
    text = text.strip()
    return text.upper() if LABEL.fullmatch(text) else None


def stamp(when: datetime) -> str:
    """`when` as it stands in records: UTC, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unstamp(text: str) -> datetime:
    """The time that `stamp` wrote; ValueError or TypeError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")


def encode(record: Record) -> bytes:
    """The file of a record."""
    return seal(FORMAT, "record", {**asdict(record), "at": stamp(record.at)})


def decode(data: bytes) -> Record:
    """The record in `data`; DamagedRecordError says what is wrong."""
    body = unseal(FORMAT, "record", data)
    try:
        record = Record(**{**body, "at": unstamp(body["at"])})
    except (KeyError, TypeError, ValueError):
        raise DamagedRecordError("its fields aren't a record's") from None
    typed = (record.unit, str), (record.training, bool), (record.kind, str), (record.repeat, bool)
    code = record.exit_code
    if (
        not all(isinstance(value, kind) for value, kind in typed)
        or not isinstance(record.details, dict)
        or not (code is None or (type(code) is int and code in (0, 3, 4)))
    ):
        raise DamagedRecordError("its fields aren't a record's")
    if record.kind not in KINDS or (record.kind == "judged") != (record.exit_code in (0, 3, 4)):
        raise DamagedRecordError("its fields contradict each other")
    return record
