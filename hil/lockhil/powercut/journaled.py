"""What a unit's journal owes after a loss of power, seen from outside.

Its records as they are read over the link, their signatures, and what the unit had told: nothing
else counts.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

from lockhil.journal.check import Checker, Finding
from lockhil.journal.record import Record
from lockhil.powercut.scenario import Aftermath, Invariant, Said, notified
from lockunit.journalkey import KEY_BYTES
from lockunit.records import SIZE

# What signs the journals that are there before the unit is; others it makes itself.
KEY = bytes(range(KEY_BYTES))


def _places(first: int, data: bytes) -> dict[int, bytes]:
    return {first + n: data[SIZE * n : SIZE * n + SIZE] for n in range(len(data) // SIZE)}


def _before(after: Aftermath) -> dict[int, bytes]:
    """The records that were there before the unit was, by number."""
    found: dict[int, bytes] = {}
    for name, data in after.scenario.stored.items():
        if name.startswith("j") and data is not None:
            found |= _places(int(name[1:], 16), data)
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """What somebody outside makes of the journal."""

    records: tuple[Record, ...]
    findings: tuple[Finding, ...]
    verified: int


def _read(after: Aftermath) -> _Read:
    checker = Checker([KEY, *after.keys])
    taken = [checker.take(slot) for slot in after.slots]
    findings = checker.end(after.held) if after.held else ()
    return _Read(tuple(r for r in taken if r), findings, checker.verified)


def journal_whole(after: Aftermath) -> str:
    """No record damaged, none forged, none gone without a word; every signature is good."""
    found = _read(after)
    for finding in found.findings:
        return f"{finding.what}: {finding.first} to {finding.last}: {finding.text}"
    if found.verified != len(after.slots):
        return f"{len(after.slots)} records, {found.verified} good signatures"
    gone = [r.fields for r in found.records if r.kind == "lost" and r.fields["why"] == "missing"]
    return f"the unit itself misses records: {gone[0]}" if gone else ""


def _moved(params: Said) -> tuple[str, ...]:
    return params["by"], params.get("result", ""), params["state"]


def _level(params: Said) -> tuple[str, ...]:
    return params["level"], params["ground"], str(int(params["fresh"]))


def _done(params: Said) -> tuple[str, ...]:
    return params["outcome"], params["reason"]


# Notification -> the kind of its record, what of it is compared, and the record's fields for that.
_WRITTEN: dict[str, tuple[str, Callable[[Said], tuple[str, ...]], tuple[str, ...]]] = {
    "bolt.moved": ("bolt", _moved, ("by", "result", "state")),
    "battery.level": ("level", _level, ("level", "ground", "fresh")),
    "selftest.step": ("diagnostic", _done, ("outcome", "reason")),
}


def _still_there(
    told: list[tuple[str, ...]], written: list[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """The most of what was told that is written, from some event on to the last."""
    for at in range(len(told)):
        if written[: len(told) - at] == told[at:]:
            return told[at:]
    return []


def told_is_written(after: Aftermath) -> str:
    """Each event that was told has its record, in their order; and none has two."""
    last = max(_before(after), default=0)
    records = [record for record in _read(after).records if record.seq > last]
    # The first of them may have been read, acknowledged, and gone since.
    freed = after.held is not None and after.held.first > last + 1
    for method, (kind, wanted, fields) in _WRITTEN.items():
        told = [wanted(p) for p in notified(after.told, method) if p.get("step", "done") == "done"]
        later = notified(after.said, method)
        written = [tuple(str(r.fields[f]) for f in fields) for r in records if r.kind == kind]
        if freed:
            told = _still_there(told, written)
        if written[: len(told)] != told:
            return f"{method}: told was {told[-1]}, written is {written[-1:]}"
        # The last may have been written and not told any more.
        if len(written) > len(told) + len(later) + 1:
            return f"{method}: {len(told)} were told, {len(written)} are written"
    return ""


def no_number_twice(after: Aftermath) -> str:
    """A record that was there, or that somebody read before the cut, is the same as before."""
    known = _before(after)
    for one in after.told:
        result = one.get("result")
        if isinstance(result, dict) and "records" in result:
            known |= _places(result["at"], base64.b64decode(result["records"]))
    for slot in after.slots:
        if slot.seq in known and known[slot.seq] != slot.data:
            return f"number {slot.seq} was another record before"
    first = after.held.first if after.held else 0
    gone = [seq for seq in known if seq >= first and seq not in {s.seq for s in after.slots}]
    return f"number {gone[0]} was there before" if gone else ""


def acknowledged_stays(after: Aftermath) -> str:
    """What the unit took as acknowledged it still knows as that, and wasn't freed before."""
    if after.held is None:
        return ""
    answers = [one["result"] for one in after.told if isinstance(one.get("result"), dict)]
    taken = max((answer["acked"] for answer in answers if "acked" in answer), default=0)
    if after.held.acked < taken:
        return f"acknowledged was {taken}, known is {after.held.acked}"
    return ""


def overwritten_is_told(after: Aftermath) -> str:
    """One record tells how much was overwritten: neither less nor more than is gone."""
    if after.held is None or after.held.first == 1:
        return ""
    lost = [r.fields for r in _read(after).records if r.kind == "lost"]
    wanted = {"why": "overwritten", "from": 1, "count": after.held.first - 1}
    return "" if wanted in lost else f"1 to {after.held.first - 1} are gone, told is {lost}"


def key_is_named(after: Aftermath) -> str:
    """A record says that the key was corrupt: written then, or that it is kept aside, later."""
    faults = [r.fields["fault"] for r in _read(after).records if r.fields.get("thing") == "key"]
    return "" if faults else "no record says that the key was corrupt"


JOURNALED = (
    Invariant("PWR-1", "the journal is whole and signed", journal_whole),
    Invariant("PWR-1", "what was told is in the journal", told_is_written),
    Invariant("PWR-1", "no number is used twice", no_number_twice),
    Invariant("PWR-1", "an acknowledgement stands", acknowledged_stays),
)
