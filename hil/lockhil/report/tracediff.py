"""Where two traces first part, shown with what came before and after.

It compares event by event and to the millisecond; notes are free text and are left out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from lockjudge.trace import Event, Trace

BEFORE, AFTER = 4, 3


@dataclass(frozen=True, slots=True)
class Row:
    """The events at one place of both traces, in words; an end is an empty string's place."""

    a: str
    b: str
    differs: bool


def first_difference(a: Trace, b: Trace) -> tuple[Row, ...]:
    """The rows around the first event that differs; none if the traces show the same.

    Events of one instant may stand in any order where their channels differ.
    """
    one, other = _comparable(a), _comparable(b)
    length = max(len(one), len(other))
    first = next((n for n in range(length) if _at(one, n) != _at(other, n)), None)
    if first is None:
        if a.defect == b.defect:
            return ()
        return (Row(_wholeness(a), _wholeness(b), True),)
    return tuple(
        Row(_words(_at(one, n)), _words(_at(other, n)), _at(one, n) != _at(other, n))
        for n in range(max(0, first - BEFORE), min(length, first + AFTER + 1))
    )


def _wholeness(trace: Trace) -> str:
    return "(whole)" if trace.defect is None else f"broken: {trace.defect.reason}"


Key = tuple[int, str, str]


def _comparable(trace: Trace) -> list[Key]:
    events = [_key(event) for event in trace.events if event.ch != "note"]
    # Stable: on one channel the order of an instant's events is kept.
    return sorted(events, key=lambda key: key[:2])


def _key(event: Event) -> Key:
    # JSON keeps 1 and true apart, which Python's == does not.
    value = "" if event.ch == "end" else json.dumps(event.v, sort_keys=True, ensure_ascii=False)
    return event.t_ms, event.ch, value


def _at(events: Sequence[Key], n: int) -> Key | None:
    return events[n] if n < len(events) else None


def words(event: Event | None) -> str:
    """An event in words; None is the trace's end."""
    return _words(None if event is None else _key(event))


def _words(key: Key | None) -> str:
    if key is None:
        return "(nothing more)"
    t_ms, ch, value = key
    # A line is JSON itself: quoting it once more makes it hard to read.
    line = json.loads(value) if ch in ("rx", "tx") else ""
    return f"{t_ms} ms {ch} {line if line and line.isprintable() else value}".rstrip()
