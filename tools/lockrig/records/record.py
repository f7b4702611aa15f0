"""One record: its fields, its JSON form with a checksum, and what counts as damaged.

Knows no files and no rules; `store` keeps records and `standing` draws conclusions from them.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

FORMAT = "lockrig-record/1"
KINDS = (
    "begun",  # START may have been tapped; nothing is known of what followed
    "withdrawn",  # given up before START: counts for nothing
    "judged",  # watched to the end, with a verdict and its trace
    "danger",  # bulging, hot, wet, smell or hiss
    "cleared",  # the service desk has seen to the unit
)
LABEL = re.compile(r"[A-Za-z0-9-]{3,32}")


class DamagedRecordError(ValueError):
    """A file in the place of a record is none, or isn't what was once written."""


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


def encode(record: Record) -> bytes:
    """The file of a record."""
    body = {**asdict(record), "at": stamp(record.at)}
    whole = {"format": FORMAT, "sha256": _digest(body), "record": body}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def decode(data: bytes) -> Record:
    """The record in `data`; DamagedRecordError says what is wrong."""
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        raise DamagedRecordError("no JSON") from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise DamagedRecordError(f"not of format {FORMAT}")
    body = whole.get("record")
    if not isinstance(body, dict) or whole.get("sha256") != _digest(body):
        raise DamagedRecordError("its checksum doesn't match")
    try:
        at = datetime.strptime(body["at"], "%Y-%m-%dT%H:%M:%S%z")
        record = Record(**{**body, "at": at})
    except (KeyError, TypeError, ValueError):
        raise DamagedRecordError("its fields aren't a record's") from None
    if record.kind not in KINDS or (record.kind == "judged") != (record.exit_code in (0, 3, 4)):
        raise DamagedRecordError("its fields contradict each other")
    return record


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
