"""Readings out of a unit's own journal, as `lockrig journal --file` keeps it.

It takes what was read under load; whether the journal is genuine is `lockrig journal`'s to check.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lockhil.journal.kept import Kept, NotKeptError
from lockhil.journal.record import decode
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.overview.cells import warm_mv
from lockrig.trace.terminal import safe

if TYPE_CHECKING:
    from locksim.packs.load import PackKind


def journal_readings(path: Path, unit: str, kind: "PackKind") -> list[tuple[datetime, int]]:
    """When, and the weakest cell under load as at 20 C (mV); what has no date is left out.

    LockrigError (usage): it is no such file, or another unit's.
    """
    try:
        kept = Kept(path)
    except (NotKeptError, OSError) as error:
        why = getattr(error, "strerror", None) or str(error)
        told = _("{path} isn't a journal that can be read: {why}")
        raise LockrigError(told.format(path=safe(str(path)), why=safe(why)), Exit.USAGE) from None
    if not kept.begun or kept.unit.upper() != unit:
        told = _("expected the journal of {unit} in {path}, it is of {other}")
        other = safe(kept.unit) or "-"
        raise LockrigError(told.format(unit=unit, path=safe(str(path)), other=other), Exit.USAGE)
    found = []
    for slot in kept.slots:
        record = decode(slot.data)
        if record is None or record.utc_s is None or record.kind != "bolt":
            continue
        loaded, rest = record.fields.get("low_cell_mv"), record.fields.get("rest_mv")
        temp_c = record.fields.get("temp_c")
        if type(loaded) is int and type(rest) is int and type(temp_c) is int:
            at = datetime.fromtimestamp(record.utc_s, UTC)
            found.append((at, warm_mv(kind, rest, loaded, temp_c)))
    return found
