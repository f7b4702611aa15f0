"""The list of hashes of an exported folder, as `sha256sum -c` reads it, and its check.

It proves that nothing was damaged on its way; whoever can write the files can write the list.
"""

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from lockrig.records.reading import MOST_TRACE_BYTES, read_ordinary
from lockrig.records.record import decode
from lockrig.records.sealed import DamagedRecordError
from lockrig.records.verify import DAMAGED, MISSING, VERDICT, Checked, Finding, judged_anew

NAME = "MANIFEST.sha256"
FOREIGN = "foreign"
_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9._-]{1,120})")


def manifest(files: Iterable[tuple[str, bytes]]) -> bytes:
    """The list of some files."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files)
    return "".join(lines).encode()


def check_export(folder: Path) -> Checked:
    """Check all that an exported folder holds; OSError."""
    checked = Checked()
    try:
        lines = read_ordinary(folder / NAME).decode("ascii").splitlines()
    except (DamagedRecordError, UnicodeDecodeError) as error:
        checked.findings.append(Finding(DAMAGED, NAME, str(error)))
        return checked
    listed: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        told = _LINE.fullmatch(line)
        if told is None:
            checked.findings.append(Finding(DAMAGED, NAME, f"line {number} is no hash and name"))
        else:
            listed[told[2]] = told[1]
    for name in sorted(set(os.listdir(folder)) - {NAME, *listed}):
        checked.findings.append(Finding(FOREIGN, name, f"it isn't in {NAME}"))
    for name, digest in listed.items():
        _check(folder, name, digest, checked)
    return checked


def _check(folder: Path, name: str, digest: str, checked: Checked) -> None:
    try:
        data = read_ordinary(folder / name, MOST_TRACE_BYTES)
    except FileNotFoundError:
        checked.findings.append(Finding(MISSING, name, f"it is in {NAME}"))
        return
    except DamagedRecordError as error:
        checked.findings.append(Finding(DAMAGED, name, str(error)))
        return
    if hashlib.sha256(data).hexdigest() != digest:
        checked.findings.append(Finding(DAMAGED, name, f"it hasn't the hash in {NAME}"))
    elif name.endswith(".trace.jsonl"):
        checked.traces += 1
    elif name.endswith(".json"):
        checked.records += 1
        _judge(folder, name, data, checked)


def _judge(folder: Path, name: str, data: bytes, checked: Checked) -> None:
    try:
        record = decode(data)
    except DamagedRecordError:
        return  # a battery change's, whose hash is right
    if record.kind != "judged":
        return
    try:
        trace = read_ordinary(folder / str(record.details.get("trace")), MOST_TRACE_BYTES)
    except (FileNotFoundError, DamagedRecordError) as error:
        why = "its trace is missing" if isinstance(error, FileNotFoundError) else str(error)
        checked.findings.append(Finding(MISSING, name, why))
        return
    if hashlib.sha256(trace).hexdigest() != record.details.get("trace_sha256"):
        text = "its trace isn't the one that was judged"
        checked.findings.append(Finding(DAMAGED, name, text))
        return
    checked.judged += 1
    wrong = judged_anew(record, trace)
    if wrong:
        checked.findings.append(Finding(VERDICT, name, wrong))
