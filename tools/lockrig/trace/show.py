"""A trace for the eye: its header, its waves, its events.

It shows what was recorded, and what wasn't; whether that is good enough is the judge's to say.
"""

import textwrap
from collections.abc import Iterator
from typing import Any

from lockjudge.trace import CHANNELS, Event, Trace
from lockrig.trace import draw
from lockrig.trace.channels import BITS, MOTOR, NUMBERS, STATES, UNITS, WATCHABLE
from lockrig.trace.scale import Scale
from lockrig.trace.terminal import safe, shown

_FACTS = ("target", "unit", "firmware", "seed", "clock")
_LABEL = 13


def press_ms(trace: Trace) -> tuple[int, str]:
    """The time of the first press (or a person's START), and in words what it is.

    Without either, the time of the trace's first event.
    """
    before: Any = None
    for event in trace.events:
        if event.ch == "button":
            if event.v == 1 and before == 0:
                return event.t_ms, "the press"
            before = event.v
        elif event.ch == "tap" and event.v == "start":
            return event.t_ms, "START"
    return (trace.events[0].t_ms if trace.events else 0), "the first event"


def seconds(ms: int) -> str:
    """Signed seconds, to the millisecond."""
    return f"{ms / 1000:+.3f}"


def show(trace: Trace, name: str, width: int, ink: draw.Ink, events: bool) -> Iterator[str]:
    """The lines to print, at most `width` columns wide but for names and texts from the file."""
    yield from _header(trace, name)
    if trace.events:
        yield ""
        yield from _waves(trace, max(width, 40), ink)
    yield ""
    yield from _missing(trace, max(width, 40))
    if events:
        yield ""
        yield from _events(trace)


def _header(trace: Trace, name: str) -> Iterator[str]:
    header = trace.header
    yield f"{safe(name)}: {shown(header['format'])}"
    u = header.get("t_uncertainty_ms")
    yield (
        f"observer: {shown(header.get('observer', 'not said'))}   uncertainty: "
        + ("not said" if u is None else f"{shown(u)} ms")
    )
    if facts := [f"{key}: {shown(header[key])}" for key in _FACTS if header.get(key) is not None]:
        yield "   ".join(facts)
    yield from (
        f"{safe(key)}: {shown(value)}"
        for key, value in header.items()
        if key not in (*_FACTS, "format", "observer", "t_uncertainty_ms")
    )


def _waves(trace: Trace, width: int, ink: draw.Ink) -> Iterator[str]:
    zero, what = press_ms(trace)
    start, end = trace.events[0].t_ms, trace.events[-1].t_ms
    scale = Scale(start, end, zero, width - _LABEL)
    yield (
        f"{len(trace.events)} events from {seconds(start - zero)} s to {seconds(end - zero)} s "
        f"of {what} (t_ms {zero})"
    )
    yield f"{'seconds':<{_LABEL}}{scale.ruler()}"
    changes: dict[str, list[tuple[int, Any]]] = {}
    for event in trace.events:
        changes.setdefault(event.ch, []).append((event.t_ms, event.v))
    for channel in CHANNELS:
        if channel in changes and channel != "end":
            yield f"{channel:<{_LABEL}}{_row(channel, changes[channel], scale, ink)}".rstrip()
    for channel in NUMBERS:
        known = [v for _, v in changes.get(channel, []) if v is not None]
        if known:
            unit = UNITS[channel]
            yield f"{channel}: {min(known)} to {max(known)} {unit}, the lowest of each column drawn"
            if None in (v for _, v in changes[channel]):
                yield f"{channel}: {ink.gap} no reading"
    yield from _legend(set(changes), scale, ink)


def _row(channel: str, changes: draw.Changes, scale: Scale, ink: draw.Ink) -> str:
    if channel in BITS:
        return draw.bits(changes, scale, ink)
    if channel == MOTOR:
        return draw.motor(changes, scale, ink)
    if channel in NUMBERS:
        return draw.levels(changes, scale, ink)
    if channel in STATES:
        return draw.words([(t, _printable(v, ink)) for t, v in changes], scale, ink)
    return draw.points(changes, scale, ink)


def _printable(word: str, ink: draw.Ink) -> str:
    return safe(word) if ink is not draw.ASCII else ascii(word)[1:-1]


def _legend(channels: set[str], scale: Scale, ink: draw.Ink) -> Iterator[str]:
    yield f"(a column: about {scale.column_s()} s)"
    if channels & set(BITS):
        yield ink.legend()
    if MOTOR in channels:
        yield f"motor: {ink.forward} forward  {ink.back} back  {ink.both} both  {ink.line} off"


def _missing(trace: Trace, width: int) -> Iterator[str]:
    """What wasn't seen, and where the reading ended."""
    watched = {event.ch for event in trace.events}
    silent = [channel for channel in WATCHABLE if channel not in watched]
    if silent:
        text = "not watched: " + ", ".join(silent)
        yield from textwrap.wrap(text, width, subsequent_indent="  ")
    start = trace.events[0].t_ms if trace.events else 0
    first: dict[str, Event] = {}
    for event in trace.events:
        first.setdefault(event.ch, event)
    for channel in WATCHABLE:
        if channel in first and first[channel].t_ms > start:
            late = seconds(first[channel].t_ms - start)
            yield f"not seen at first: {channel}, until {late} s after the trace's start"
    if "end" not in watched:
        yield "no end: it isn't known until when this was recorded"
    if trace.defect is not None:
        yield f"DEFECT in line {trace.defect.line}: {safe(trace.defect.reason)}"
        yield "  nothing from there on counts as seen"
    elif not silent and "end" in watched:
        yield "every channel was watched, to the end"


def _events(trace: Trace) -> Iterator[str]:
    zero, what = press_ms(trace)
    yield f"{'seconds':>12}  {'channel':<{_LABEL}} value   (from {what})"
    for event in trace.events:
        yield f"{seconds(event.t_ms - zero):>12}  {event.ch:<{_LABEL}} {shown(event.v)}".rstrip()
