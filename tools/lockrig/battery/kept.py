"""Where a battery change is kept: what is open, and the receipts of what ended.

A folder `swap` in the unit's records: `open.json`, and a file for each receipt. Whoever uses it
holds the unit's lock. What may be done with it is `procedure`'s business.
"""

import secrets
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from lockrig.battery.change import Change, Gate, Step
from lockrig.records.record import stamp, unstamp
from lockrig.records.sealed import DamagedRecordError, seal, unseal
from lockrig.records.store import UnitRecords, write_whole

OPEN_FORMAT = "lockrig-swap-open/1"
RECEIPT_FORMAT = "lockrig-swap/1"


def encode(change: Change) -> bytes:
    """The file of an open change."""
    body = {**asdict(change), "step": change.step.name}
    if change.gate is not None:
        body["gate"] = {**asdict(change.gate), "at": stamp(change.gate.at)}
    return seal(OPEN_FORMAT, "change", body)


def decode(data: bytes) -> Change:
    """The open change in `data`; DamagedRecordError says what is wrong."""
    body = unseal(OPEN_FORMAT, "change", data)
    try:
        gate = body["gate"]
        if gate is not None:
            gate = Gate(**{**gate, "at": unstamp(gate["at"])})
        change = Change(**{**body, "step": Step[body["step"]], "gate": gate})
        return replace(change, runs=tuple(change.runs))
    except (KeyError, TypeError, ValueError):
        raise DamagedRecordError("its fields aren't a change's") from None


class Kept:
    """The changes of one unit; OSError from whatever writes."""

    def __init__(self, records: UnitRecords) -> None:
        self._folder = records.folder / "swap"
        self._unit = records.unit
        self._file = self._folder / "open.json"
        self.receipt: Path | None = None
        # What a kill left behind: half-written files that never became anything.
        for stale in self._folder.glob("*.tmp"):
            stale.unlink()

    def load(self) -> Change | None:
        """The change that is open; DamagedRecordError names the file."""
        try:
            change = decode(self._file.read_bytes())
            if change.unit != self._unit:
                raise DamagedRecordError("it is another unit's")
        except FileNotFoundError:
            return None
        except (OSError, DamagedRecordError) as error:
            raise DamagedRecordError(f"{self._file} ({error})") from None
        return change

    def save(self, change: Change) -> None:
        """On disk when this returns."""
        self._folder.mkdir(exist_ok=True)
        write_whole(self._file, encode(change))

    def set_aside(self) -> None:
        """Make room for a new one where a damaged one lies; that one stays, under another name."""
        self._file.replace(self._file.with_name(f"damaged-{secrets.token_hex(4)}"))

    def finish(self, change: Change, document: dict[str, Any]) -> None:
        """Put the receipt on disk, and nothing is open any more.

        Killed in between, the next time writes the same file once more.
        """
        self._folder.mkdir(exist_ok=True)
        began = min(change.times.values()).translate(str.maketrans("", "", "-:"))
        file = self._folder / f"{began}-{change.ident}.json"
        write_whole(file, seal(RECEIPT_FORMAT, "swap", document))
        self.receipt = file
        self._file.unlink(missing_ok=True)
