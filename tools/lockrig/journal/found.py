"""What was found in a journal, as one JSON document and as the last lines for the eye."""

from dataclasses import dataclass
from typing import Any

from lockhil.journal.kept import Kept
from lockhil.journal.visit import Visited
from lockrig.journal import wording


@dataclass(slots=True)
class Found:
    """All that a visit to the unit at `target` came to; `signed`: whether there was a key."""

    target: str
    done: Visited
    signed: bool
    kept: Kept | None = None

    @property
    def checked(self) -> int:
        """How many records were looked at: those of the file, or those that were read."""
        return len(self.done.read if self.kept is None else self.kept.slots)

    def document(self) -> dict[str, Any]:
        """For programs."""
        done = self.done
        return {
            "target": self.target,
            "first": done.held.first,
            "last": done.held.last,
            "refused": done.held.refused,
            "checked": self.checked,
            "verified": done.checker.verified if self.signed else None,
            "acknowledged": done.acked,
            "lost": [{"first": low, "last": high} for low, high in done.checker.lost],
            "findings": [
                {"what": f.what, "first": f.first, "last": f.last, "text": f.text}
                for f in done.findings
            ],
            "records": [wording.as_json(slot, record) for slot, record in done.read],
        }

    def summary(self, ack: bool) -> list[str]:
        """What was lost, what is wrong, what was read, and what was freed."""
        done = self.done
        told = [
            f"lost: records {low} to {high}, as the unit says" for low, high in done.checker.lost
        ]
        if done.held.refused:
            told.append(f"lost: {done.held.refused} events that the unit's storage refuses")
        told += [wording.finding(found) for found in done.findings]
        checked = (
            f"{done.checker.verified} of {self.checked} signatures are good"
            if self.signed
            else "no signature was checked: no --key"
        )
        first = done.held.first
        if self.kept is not None:
            first = self.kept.first
            told.append(f"{len(done.read)} of the records are new")
        told.append(f"records {first} to {done.held.last}; {checked}")
        if done.acked is not None:
            told.append(f"acknowledged up to {done.acked}")
        elif ack:
            told.append("nothing was acknowledged: what is wrong stays for whoever looks into it")
        return told
