"""Everything that is known here of every unit: what was seen, and what the records say.

It reads files; how a unit stands is `standing`'s to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from lockrig.overview.seen import CHANGE, LEVELS, Observation, number, recall
from lockrig.overview.standing import STALE_DAYS, Changed, Stand, stand
from lockrig.records.asked import entries
from lockrig.records.entry import DAMAGED, MISSING, Entry, load
from lockrig.records.folder import OPEN, RECEIPT, Found, files
from lockrig.records.record import unstamp
from lockrig.records.sealed import DamagedRecordError
from lockrig.records.store import standing_in


@dataclass(slots=True)
class Known:
    """What lies here: a `Stand` a unit, the records by unit, and what is damaged."""

    stands: list[Stand] = field(default_factory=list)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Records:
    """What the files of one unit add to what was seen of it."""

    observed: list[Observation] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    unreachable: datetime | None = None


def gather(
    root: Path,
    now: datetime,
    *,
    training: bool,
    stale_days: float = STALE_DAYS,
    only: str | None = None,
) -> Known:
    """All that is known of the units here, or of `only` one; LockrigError, OSError."""
    known = Known()
    seen, known.damaged = recall(root, training=training)
    observed: dict[str, list[Observation]] = {}
    for each in seen:
        observed.setdefault(each.unit, []).append(each)
    for entry in entries(root):
        if entry.training == training:
            known.entries.setdefault(entry.unit, []).append(entry)
    known.damaged += [
        f"{entry.file}: {entry.problem or 'it was there, and is gone'}"
        for each in known.entries.values()
        for entry in each
        if entry.verdict in (DAMAGED, MISSING)
    ]
    kept = _changes(found for found in files(root) if found.training == training)
    for unit in sorted({*observed, *known.entries}):
        if only not in (None, unit):
            continue
        added = kept.get(unit, _Records())
        folder = root / ("training" if training else "units") / f"unit-{unit}"
        mine = known.entries.get(unit, [])
        known.stands.append(
            stand(
                unit,
                sorted([*observed.get(unit, []), *added.observed], key=lambda each: each.at),
                added.changed,
                [unstamp(entry.at) for entry in mine if entry.verdict == "cleared"],
                records=standing_in(folder, unit, now, training=training),
                now=now,
                stale_days=stale_days,
                unreachable=added.unreachable,
            )
        )
    return known


def _changes(found: Iterable[Found]) -> dict[str, _Records]:
    """What battery changes tell, by unit; a damaged one is in the list of records already."""
    kept: dict[str, _Records] = {}
    for file in found:
        if file.what not in (RECEIPT, OPEN):
            continue
        try:
            body = load(file)[0]
        except (DamagedRecordError, OSError):
            continue
        assert isinstance(body, dict)
        mine = kept.setdefault(file.unit, _Records())
        times = {key: unstamp(text) for key, text in body["times"].items()}
        if file.what == OPEN:
            if body.get("unreachable") is True:
                mine.unreachable = min(times.values(), default=None)
            continue
        if "out" in times:
            done = body.get("result") == "done"
            desk = body.get("role") == "desk"
            at = times.get("ended", max(times.values()))
            mine.changed.append(Changed(at, new=done, desk=desk, ident=file.path.stem))
            if done:
                mine.observed.append(_proved(file.unit, at, body))
    return kept


def _proved(unit: str, at: datetime, body: dict[str, Any]) -> Observation:
    """What the unit said of its new pack at the end of a change."""
    load_ = body.get("load")
    told: dict[str, Any] = load_ if isinstance(load_, dict) else {}
    level = told.get("level")
    return Observation(
        at,
        unit,
        CHANGE,
        level=str(level) if level in LEVELS else "UNKNOWN",
        fresh=True,
        ground=str(told.get("ground") or ""),
        firmware=str(body.get("firmware") or ""),
        kind=str(body.get("kind") or ""),
        loaded_mv=number(told.get("last_loaded_mv")),
        rest_mv=number(told.get("last_rest_mv")),
        temp_c=number(told.get("temp_c")),
    )
