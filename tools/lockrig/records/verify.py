"""Is everything that was kept still what was kept? Checksums, traces, verdicts, and the index.

It looks and names; it repairs nothing and forgets nothing.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lockjudge.trace import NotATraceError, parse_trace
from lockjudge.verdict import judge
from lockrig.records.entry import UNFINISHED, Entry, load
from lockrig.records.folder import FOREIGN, HALF, LOCK, OPEN, RECORD, TRACE, Found, files
from lockrig.records.reading import read_ordinary
from lockrig.records.record import Record
from lockrig.records.sealed import DamagedRecordError

DAMAGED, MISSING, CHANGED, VERDICT, LEFT_OVER = (
    "damaged",
    "missing",
    "changed",
    "verdict",
    "half-written",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about `file`: `what` in a word, `text` why. What was only left over is no fault."""

    what: str
    file: str
    text: str

    @property
    def fault(self) -> bool:
        """Whether something is wrong, and not only left over from what was broken off."""
        return self.what != LEFT_OVER


@dataclass(slots=True)
class Checked:
    """What was looked at, and what was found."""

    records: int = 0
    traces: int = 0
    judged: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not any(finding.fault for finding in self.findings)


def verify(root: Path, indexed: list[Entry]) -> Checked:
    """Check all files of the folder `root`, and `indexed`, as the index had it; OSError."""
    checked = Checked()
    digests: dict[str, str] = {}
    lifts: list[tuple[str, dict[str, str]]] = []
    gates: list[tuple[str, str]] = []
    claimed, traces = set(), []
    for found in files(root):
        if found.what in (FOREIGN, HALF):
            checked.findings.append(_stranger(found))
        elif found.what == TRACE:
            traces.append(found)
        elif found.what != LOCK:
            for finding in _file(found, checked, digests):
                checked.findings.append(finding)
            body = _quietly(found)
            beside = str(Path(found.name).parent.as_posix())
            if isinstance(body, Record):
                lifts.append((beside, body.details.get("lifts") or {}))
                claimed.add(f"{beside}/{body.details.get('trace')}")
            elif body is not None and found.what != OPEN and isinstance(body.get("gate"), dict):
                gates.append((found.name, str(body["gate"].get("record") or "")))
    for trace in traces:
        checked.traces += 1
        if trace.name not in claimed and not _attempted(trace):
            text = "a trace that no record speaks of"
            checked.findings.append(Finding(FOREIGN, trace.name, text))
    checked.findings += _lifted(lifts, digests)
    checked.findings += _gates(gates, digests)
    checked.findings += _against(indexed, digests, checked.findings)
    return checked


def _stranger(found: Found) -> Finding:
    if found.what == HALF:
        return Finding(LEFT_OVER, found.name, "left over from an attempt that was broken off")
    return Finding(FOREIGN, found.name, "none of lockrig's records lies there")


def _attempted(trace: Found) -> bool:
    """Whether it is of an attempt that was killed between its trace and its verdict."""
    record = trace.path.with_name(trace.path.name.replace(".trace.jsonl", ".json"))
    body = _quietly(Found(trace.root, record, trace.unit, trace.training, RECORD))
    return isinstance(body, Record) and body.kind == "begun"


def _file(found: Found, checked: Checked, digests: dict[str, str]) -> Iterator[Finding]:
    checked.records += 1
    try:
        digests[found.name] = hashlib.sha256(read_ordinary(found.path)).hexdigest()
        body, trace = load(found)
    except DamagedRecordError as error:
        digests.setdefault(found.name, "")
        yield Finding(DAMAGED, found.name, str(error))
        return
    except FileNotFoundError:
        return
    if isinstance(body, Record) and body.kind == "judged":
        checked.judged += 1
        wrong = judged_anew(body, trace)
        if wrong:
            yield Finding(VERDICT, found.name, wrong)


def _quietly(found: Found) -> Record | dict[str, Any] | None:
    try:
        return load(found)[0]
    except (DamagedRecordError, FileNotFoundError):
        return None


def judged_anew(record: Record, data: bytes) -> str:
    """What the judge says otherwise today of the trace in `data`; "" if nothing.

    What the procedure doubted isn't in the trace: it is taken from the record, and can only make a
    verdict worse. The judge's wording may differ; outcome, states and figures may not.
    """
    kept = record.details.get("verdict")
    try:
        trace = parse_trace(data)
    except NotATraceError as error:
        return f"its trace is none: {error}"
    try:
        assert isinstance(kept, dict)
        noted = [str(doubt) for doubt in kept["doubts"]]
        alone = judge(trace)
        anew = judge(trace, [doubt for doubt in noted if doubt not in alone.doubts])
        then, now = _figures(kept), _figures(json.loads(json.dumps(anew.as_dict())))
    except (AssertionError, KeyError, TypeError):
        return "the verdict isn't in it"
    code = anew.exit_code
    if code == 4 and record.details.get("second_inconclusive") is True:
        code = 3
    if code != record.exit_code:
        return f"expected the exit code {code} for its trace, it says {record.exit_code}"
    if then[0] != now[0]:
        return f"expected {now[0]} for its trace, it says {then[0]}"
    return "" if then == now else "its conditions aren't those that its trace gives today"


def _figures(verdict: dict[str, Any]) -> tuple[object, ...]:
    """What of a verdict must be the same again."""
    rows = [
        (sequence["press_ms"], row["name"], row["state"], row["measured"], row["limit"])
        for sequence in verdict["sequences"]
        for row in sequence["conditions"]
    ]
    return (verdict["outcome"], verdict["exit_code"], rows)


def _lifted(lifts: list[tuple[str, dict[str, str]]], digests: dict[str, str]) -> Iterator[Finding]:
    """Files that the service desk's records name, and what became of them."""
    for folder, named in lifts:
        for name, digest in named.items():
            file = f"{folder}/{name}"
            if file not in digests:
                yield Finding(MISSING, file, "the service desk's record lifts it")
            elif digest and digests[file] != digest:
                yield Finding(CHANGED, file, "it isn't what the service desk's record lifted")


def _gates(gates: list[tuple[str, str]], digests: dict[str, str]) -> Iterator[Finding]:
    """Diagnoses that receipts name."""
    for receipt, record in gates:
        file = (Path(receipt).parent.parent / f"{record}.json").as_posix()
        if record and file not in digests:
            yield Finding(MISSING, file, f"{receipt} is grounded on it")


def _against(
    indexed: list[Entry], digests: dict[str, str], found: list[Finding]
) -> Iterator[Finding]:
    """What the index knows, and the files don't show."""
    named = {finding.file for finding in found}
    for entry in indexed:
        if entry.file in named or entry.id == identify_open(entry):
            continue
        if entry.file not in digests:
            yield Finding(MISSING, entry.file, "it was there when the index was made")
        elif entry.sha256 and digests[entry.file] != entry.sha256 and entry.verdict != UNFINISHED:
            yield Finding(CHANGED, entry.file, "it isn't what it was when the index was made")


def identify_open(entry: Entry) -> str:
    """What an open change of the entry's unit is called: it changes, and goes."""
    return f"open-{entry.unit}"
