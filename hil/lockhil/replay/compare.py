"""Whether a unit did in a replay what the trace shows: to the millisecond, or within a tolerance.

With a tolerance each channel is compared by itself, and what the unit measured may differ.
"""

import json
from collections.abc import Sequence
from typing import Any

from lockhil.replay.plan import STIMULI, Plan, uncertainty_ms
from lockhil.report.tracediff import AFTER, BEFORE, Row, first_difference, words
from lockhil.targets import Target
from lockjudge.trace import Event, Trace

# What a unit measures: on a real clock no two runs give the same figures.
_MEASURED = ("ms", "mas", "mohm", "temp_c")
_MEASURED_ENDS = ("_mv", "_ma", "_mohm")


def tolerance(trace: Trace, target: Target) -> int | None:
    """By how many ms times may differ; None: by nothing, and what was measured is the same too."""
    uncertain = uncertainty_ms(trace)
    if target.clock_kind == "virtual" and not uncertain:
        return None
    return target.tolerance_ms + uncertain


def differences(
    plan: Plan, trace: Trace, played: Sequence[Event], tolerance_ms: int | None
) -> tuple[Row, ...]:
    """The rows around the first disagreement, the trace's left; none if there is none.

    `played`: in the trace's time. `tolerance_ms`: see `tolerance`.
    """
    one = compared(plan, trace.events)
    other = compared(plan, played)
    if tolerance_ms is None:
        return first_difference(Trace({}, one), Trace({}, other))
    return _loosely(plan, one, other, tolerance_ms)


def compared(plan: Plan, events: Sequence[Event]) -> list[Event]:
    """The events of the channels to compare, within the time to compare."""
    return [
        event
        for event in events
        if event.ch in plan.channels
        and (event.t_ms <= plan.end_ms if plan.whole else event.t_ms < plan.end_ms)
    ]


def _loosely(
    plan: Plan, one: list[Event], other: list[Event], tolerance_ms: int
) -> tuple[Row, ...]:
    found: list[tuple[int, tuple[Row, ...]]] = []
    for ch in plan.channels:
        # What was done is the same by itself; only that it was done a little late isn't.
        if ch in STIMULI:
            continue
        a = [event for event in one if event.ch == ch]
        b = [event for event in other if event.ch == ch]
        rows = _channel(a, b, plan, tolerance_ms)
        if rows is not None:
            found.append(rows)
    return min(found, default=(0, ()), key=lambda rows: rows[0])[1]


def _channel(
    a: list[Event], b: list[Event], plan: Plan, tolerance_ms: int
) -> tuple[int, tuple[Row, ...]] | None:
    """When one channel first disagrees, and the rows around that."""
    length = max(len(a), len(b))
    agree = [_agree(a[n : n + 1], b[n : n + 1], plan, tolerance_ms) for n in range(length)]
    if all(agree):
        return None
    n = agree.index(False)
    rows = tuple(
        Row(_words(a, k), _words(b, k), not agree[k])
        for k in range(max(0, n - BEFORE), min(length, n + AFTER + 1))
    )
    return (a[n] if n < len(a) else b[n]).t_ms, rows


def _agree(a: list[Event], b: list[Event], plan: Plan, tolerance_ms: int) -> bool:
    if a and b:
        # At the start a channel shows how things were, which has no moment of its own.
        near = abs(a[0].t_ms - b[0].t_ms) <= tolerance_ms or a[0].t_ms == plan.start_ms
        return near and _loose(a[0]) == _loose(b[0])
    # What comes at the very end may fall on either side of it.
    return abs((a or b)[0].t_ms - plan.end_ms) <= tolerance_ms


def _loose(event: Event) -> Any:
    if event.ch != "tx":
        return event.v
    try:
        message = json.loads(event.v)
    except (ValueError, RecursionError):
        return event.v
    return _unmeasured(message)


def _unmeasured(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: "measured" if _measured(key) and inner is not None else _unmeasured(inner)
            for key, inner in value.items()
        }
    return value


def _measured(key: str) -> bool:
    return key in _MEASURED or key.endswith(_MEASURED_ENDS)


def _words(events: list[Event], n: int) -> str:
    return words(events[n] if n < len(events) else None)
