"""One kept file in a line: which unit, when, what it says, or what is wrong with it.

It sums up; whether what it says can be believed today is `verify`'s.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from lockrig.records.folder import OPEN, RECEIPT, Found
from lockrig.records.reading import read_ordinary
from lockrig.records.record import Record, stamp, unstamp
from lockrig.records.sealed import DamagedRecordError, unseal
from lockrig.records.store import read_record

# The formats of a battery change's files; what writes them stands above the records.
SWAP_FORMAT, SWAP_OPEN_FORMAT = "lockrig-swap/1", "lockrig-swap-open/1"

DIAGNOSIS, SWAP = "diagnosis", "swap"
ALLOWED, SUSPECTED, INCONCLUSIVE, TWICE = "allowed", "suspected", "inconclusive", "twice"
UNFINISHED, DAMAGED, MISSING = "unfinished", "damaged", "missing"
_JUDGED = {0: ALLOWED, 3: SUSPECTED, 4: INCONCLUSIVE}
_KINDS = {"begun": UNFINISHED}
_RESULTS = ("done", "cancelled", "danger", "forgotten")
VERDICTS = (
    ALLOWED,
    SUSPECTED,
    INCONCLUSIVE,
    TWICE,
    UNFINISHED,
    "withdrawn",
    "danger",
    "cleared",
    "done",
    "cancelled",
    "forgotten",
    "open",
    DAMAGED,
    MISSING,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept file; `verdict` is one of VERDICTS, `problem` why it is damaged.

    `at` (UTC) is when it began, "" where nobody can say. `sha256` is of the file.
    """

    file: str
    id: str
    unit: str
    training: bool
    kind: str
    at: str = ""
    verdict: str = DAMAGED
    exit_code: int | None = None
    sha256: str = ""
    problem: str = ""


def load(found: Found) -> tuple[Record | dict[str, Any], bytes]:
    """What the file says, a record or a change's body, and its trace. DamagedRecordError,
    FileNotFoundError."""
    if found.what not in (RECEIPT, OPEN):
        return read_record(found.path, found.unit, training=found.training)
    opened = found.what == OPEN
    data = read_ordinary(found.path)
    form = SWAP_OPEN_FORMAT if opened else SWAP_FORMAT
    body = unseal(form, "change" if opened else "swap", data)
    times = body.get("times")
    if body.get("unit") != found.unit or (not opened and body.get("training") != found.training):
        raise DamagedRecordError("it is another unit's")
    try:
        whole = isinstance(times, dict) and all(unstamp(text) for text in times.values())
    except (TypeError, ValueError):
        whole = False
    if not whole or not (opened or (times and _receipt(body))):
        raise DamagedRecordError("its fields aren't a battery change's")
    return body, b""


def _receipt(body: dict[str, Any]) -> bool:
    """Whether the fields of a change that ended are of their kinds."""
    gate, runs, load_, case = (body.get(name) for name in ("gate", "runs", "load", "case"))
    gated = gate is None or (
        isinstance(gate, dict)
        and gate.get("kind") in ("fresh", "diagnosed", "desk")
        and isinstance(gate.get("evidence"), dict)
    )
    counted = runs if isinstance(runs, dict) else {}
    listed = counted.get("all")
    ran = isinstance(listed, list) and all(
        isinstance(run, dict) and isinstance(run.get("counted"), bool) for run in listed
    )
    return (
        gated
        and ran
        and isinstance(load_, dict)
        and isinstance(body.get("kind"), str)
        and (case is None or isinstance(case, str))
        and {"locks", "unlocks"} <= counted.keys()
        and body.get("result") in _RESULTS
    )


def identify(found: Found) -> str:
    """What the file is called by."""
    return f"open-{found.unit}" if found.what == OPEN else found.path.stem


def sum_up(found: Found) -> Entry:
    """The file in a line, damaged or not. FileNotFoundError: it has gone meanwhile."""
    kind = SWAP if found.what in (RECEIPT, OPEN) else DIAGNOSIS
    base = Entry(found.name, identify(found), found.unit, found.training, kind)
    try:
        digest = hashlib.sha256(read_ordinary(found.path)).hexdigest()
    except DamagedRecordError as error:
        return replace(base, problem=str(error), at=_from_name(found))
    try:
        body, _trace = load(found)
    except DamagedRecordError as error:
        return replace(base, problem=str(error), at=_from_name(found), sha256=digest)
    told = _of_record(body) if isinstance(body, Record) else _of_change(body, found.what)
    return replace(base, sha256=digest, **told)


def _of_record(record: Record) -> dict[str, Any]:
    verdict = record.kind
    if record.kind == "judged":
        second = record.exit_code == 3 and record.details.get("second_inconclusive") is True
        verdict = TWICE if second else _JUDGED[record.exit_code or 0]
    verdict = _KINDS.get(verdict, verdict)
    return {"at": stamp(record.at), "verdict": verdict, "exit_code": record.exit_code}


def _of_change(body: dict[str, Any], what: str) -> dict[str, Any]:
    verdict = "open" if what == OPEN else str(body["result"])
    times = [stamp(unstamp(text)) for text in body["times"].values()]
    return {"at": min(times, default=""), "verdict": verdict}


def _from_name(found: Found) -> str:
    """When it began, as the file's name has it."""
    name = found.path.name[:16]
    if found.what == OPEN:
        return ""
    return f"{name[:4]}-{name[4:6]}-{name[6:11]}:{name[11:13]}:{name[13:16]}"
