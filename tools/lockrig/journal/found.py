"""What was found in a journal, as one JSON document and as the last lines for the eye."""

from dataclasses import dataclass
from typing import Any

from lockhil.journal.check import Checker, Finding
from lockhil.journal.reader import Held, Slot
from lockhil.journal.record import Record
from lockrig.journal import wording

Places = list[tuple[Slot, Record | None]]


@dataclass(slots=True)
class Found:
    """All that was read of the unit at `target`; `acked`: up to where it was acknowledged."""

    target: str
    held: Held
    read: Places
    checker: Checker
    findings: tuple[Finding, ...]
    signed: bool
    acked: int | None = None

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {
            "target": self.target,
            "first": self.held.first,
            "last": self.held.last,
            "refused": self.held.refused,
            "verified": self.checker.verified if self.signed else None,
            "acknowledged": self.acked,
            "lost": [{"first": low, "last": high} for low, high in self.checker.lost],
            "findings": [
                {"what": f.what, "first": f.first, "last": f.last, "text": f.text}
                for f in self.findings
            ],
            "records": [wording.as_json(slot, record) for slot, record in self.read],
        }

    def summary(self, ack: bool) -> list[str]:
        """What was lost, what is wrong, what was read, and what was freed."""
        told = [
            f"lost: records {low} to {high}, as the unit says" for low, high in self.checker.lost
        ]
        if self.held.refused:
            told.append(f"lost: {self.held.refused} events that the unit's storage refuses")
        told += [wording.finding(found) for found in self.findings]
        checked = (
            f"{self.checker.verified} of {len(self.read)} signatures are good"
            if self.signed
            else "no signature was checked: no --key"
        )
        told.append(f"records {self.held.first} to {self.held.last}; {checked}")
        if self.acked is not None:
            told.append(f"acknowledged up to {self.acked}")
        elif ack:
            told.append("nothing was acknowledged: what is wrong stays for whoever looks into it")
        return told
