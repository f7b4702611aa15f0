"""A verdict in words and tables, and as JSON.

It words what `lockjudge.verdict` decided, and decides nothing.
"""

import hashlib
import json
import shutil
import textwrap
from collections.abc import Iterator
from typing import Any

from lockjudge.trace import Trace
from lockjudge.tristate import Condition
from lockjudge.verdict import Verdict
from lockrig import config
from lockrig.errors import LockrigError
from lockrig.trace.terminal import safe, shown

_STATES = {"holds": "holds", "violated": "VIOLATED", "unknown": "unknown"}
_SUSPECTED = 3
# Columns for a reason that has figures beside it.
_REASON = 22


def as_json(verdict: Verdict, trace: Trace, path: str, data: bytes) -> str:
    """One JSON document; `data` are the bytes that were judged."""
    u = trace.header.get("t_uncertainty_ms")
    observer = trace.header.get("observer")
    told = verdict.as_dict()
    document: dict[str, Any] = {
        "verdict": told.pop("outcome"),
        "exit_code": verdict.exit_code,
        "file": path,
        "sha256": hashlib.sha256(data).hexdigest(),
        "observer": observer if isinstance(observer, str) else None,
        "t_uncertainty_ms": u if type(u) is int else None,
        "defect": None
        if trace.defect is None
        else {"line": trace.defect.line, "reason": trace.defect.reason},
    }
    # Without ensure_ascii a name in another alphabet could fail on an old terminal.
    return json.dumps(document | told, indent=2)


def as_text(verdict: Verdict, trace: Trace, path: str) -> str:
    """The verdict first, then why."""
    width = max(shutil.get_terminal_size().columns - 1, 60)
    return "\n".join(_lines(verdict, trace, path, width))


def _lines(verdict: Verdict, trace: Trace, path: str, width: int) -> Iterator[str]:
    yield from textwrap.wrap(_in_words(verdict), width)
    if verdict.exit_code != 0:
        yield from _service_desk(verdict.exit_code == _SUSPECTED)
    u = trace.header.get("t_uncertainty_ms")
    yield ""
    yield f"file: {safe(path)}"
    yield (
        f"observer: {shown(trace.header.get('observer', 'not said'))}   "
        f"uncertainty: {'not said' if u is None else shown(u) + ' ms'}"
    )
    for number, sequence in enumerate(verdict.sequences, start=1):
        yield ""
        yield f"Sequence {number}, press at {sequence.press_ms} ms"
        yield f"  {'state':<9} {'condition':<15} {'why':<{_REASON}} measured  limit"
        for condition in sequence.conditions:
            yield from _row(condition, width)
    if trace.defect is not None:
        yield ""
        text = f"Defect in line {trace.defect.line}: {safe(trace.defect.reason)}"
        yield from textwrap.wrap(text, width, subsequent_indent="  ")
    if verdict.doubts:
        yield ""
        yield "Doubts:"
        for doubt in verdict.doubts:
            yield from textwrap.wrap(
                safe(doubt), width, initial_indent="  - ", subsequent_indent="    "
            )
    yield ""
    yield "Not certified; the care provider's own routine prevails."


def _in_words(verdict: Verdict) -> str:
    if verdict.exit_code == 0:
        return (
            "PASSED. The battery is not fully discharged: it may be changed as usual, "
            "in this unit, within 30 minutes of the test."
        )
    if verdict.exit_code == _SUSPECTED:
        return (
            "DO NOT OPEN / ÖPPNA INTE. The battery may be fully discharged: do not open the unit, "
            "contact the service desk."
        )
    return (
        "DO NOT OPEN / ÖPPNA INTE. Inconclusive: too little was seen, so do not open the unit. "
        "The test may be repeated once within 24 hours; then it is the service desk's."
    )


def _service_desk(suspected: bool) -> Iterator[str]:
    """How to reach the service desk; a broken configuration hides no verdict."""
    try:
        desk = config.load().service_desk
    except LockrigError as error:
        yield f"(service desk: {safe(str(error))})"
        return
    if desk is not None:
        yield f"Service desk: {safe(desk.phone)}, {safe(desk.email)}"
    elif suspected:
        yield "(whom to call isn't configured; see [service_desk] in lockrig.toml)"


def _row(condition: Condition, width: int) -> Iterator[str]:
    """A condition on one line; measured and limit go below a reason that is too long."""
    state = _STATES.get(condition.state, condition.state)
    reason = safe(condition.reason)
    measured = "" if condition.measured is None else f"{condition.measured} {condition.unit}"
    limit = f"{condition.limit} {condition.unit}".rstrip() if condition.limit else ""
    figures = f"{measured:>9}  {limit}".rstrip()
    head = f"  {state:<9} {condition.name:<15} "
    below = " " * len(head)
    if figures and len(reason) <= _REASON and len(head) + _REASON + len(figures) <= width:
        yield f"{head}{reason:<{_REASON}}{figures}"
        return
    yield from textwrap.wrap(head + reason, width, subsequent_indent=below, drop_whitespace=True)
    if figures:
        yield below + figures.strip()
