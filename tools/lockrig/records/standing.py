"""What a unit's records allow next: a pure function of the records and the time.

SUSPECTED is final until the service desk has seen to the unit; INCONCLUSIVE may be repeated once
within 24 hours. Reads and writes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lockrig.records.record import Record

REPEAT_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a unit stands: `desk` says why only the service desk may act ("" if it may be tried).

    `desk` is "damaged" (`file` names it), "danger", "suspected" or "inconclusive"; `repeat` says
    that the next attempt is the one repetition.
    """

    desk: str = ""
    repeat: bool = False
    file: str = ""
    since: datetime | None = None


def inconclusive(record: Record) -> bool:
    """Whether it is an attempt that ended without a verdict that counts."""
    return record.kind == "begun" or (record.kind == "judged" and record.exit_code == 4)


def desk_reason(record: Record) -> str:
    """Why this one record leaves the unit to the service desk; "" if it doesn't."""
    if record.kind == "danger":
        return "danger"
    if inconclusive(record) and record.repeat:
        return "inconclusive"
    if record.kind == "judged" and record.exit_code == 3:
        return "inconclusive" if record.details.get("second_inconclusive") else "suspected"
    return ""


def standing(records: Iterable[Record], damaged: Iterable[str], now: datetime) -> Standing:
    """How the unit stands, by its records that weren't lifted and the names of damaged files."""
    for file in damaged:
        return Standing("damaged", file=file)
    records = list(records)
    for record in records:
        reason = desk_reason(record)
        if reason:
            return Standing(reason, since=record.at)
    # A record from the future means that a clock was set: then nobody knows how long ago it was.
    repeat = any(inconclusive(record) and now - record.at <= REPEAT_WITHIN for record in records)
    return Standing(repeat=repeat)
