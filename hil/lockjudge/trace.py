"""Traces: what an observer saw of a unit, as JSON lines in order of time.

This file reads, checks and writes them; it draws no conclusion from them (`verdict` does).

A trace is a header line `{"format": "lockrig-trace/1", ...}`, then events
`{"t_ms": int, "ch": str, "v": ...}` with `t_ms` never decreasing, and last an `end`. A channel that
is never mentioned was not watched; before a channel's first event nothing was seen of it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

FORMAT = "lockrig-trace/1"
OBSERVERS = ("instrument", "person", "unit")
TAPS = ("start", "green_on", "green_off", "red", "undo")
# Far beyond any recording, and safe in every program that reads JSON numbers as doubles.
T_MAX_MS = 2**53


class NotATraceError(ValueError):
    """The file is no trace at all: its first line is no header of this format."""


class BadEventError(ValueError):
    """A line is no event of this format, or stands in the wrong place."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was seen: at `t_ms` milliseconds channel `ch` took the value `v`."""

    t_ms: int
    ch: str
    v: Any


@dataclass(frozen=True, slots=True)
class Defect:
    """Why nothing after `line` (counted from 1) was taken as seen."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A header, the events that could be read, and the defect, if any, that ended the reading."""

    header: dict[str, Any]
    events: list[Event] = field(default_factory=list)
    defect: Defect | None = None


def _integer(*allowed: int) -> Callable[[Any], bool]:
    # bool is an int to Python, but `true` in a trace is somebody's mistake.
    return lambda v: type(v) is int and (not allowed or v in allowed)


def _word(*allowed: str) -> Callable[[Any], bool]:
    return lambda v: isinstance(v, str) and (not allowed or v in allowed)


# Channel -> (what its value may be, in words; the check).
CHANNELS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "button": ("0 or 1", _integer(0, 1)),
    "led.green": ("0 or 1", _integer(0, 1)),
    "led.red": ("0 or 1", _integer(0, 1)),
    "motor": ("-1, 0 or 1", _integer(-1, 0, 1)),
    "load": ("0 or 1", _integer(0, 1)),
    "bolt": ("a word", _word()),
    "door": ("a word", _word()),
    "battery.mv": ("an integer or null", lambda v: v is None or type(v) is int),
    "battery.ma": ("an integer or null", lambda v: v is None or type(v) is int),
    "power": ("0 or 1", _integer(0, 1)),
    "power.source": (
        "battery, external or unknown",
        _word("battery", "external", "unknown"),
    ),
    "reset": ("a word", _word()),
    "rx": ("a line of text", _word()),
    "tx": ("a line of text", _word()),
    "tap": ("one of " + ", ".join(TAPS), _word(*TAPS)),
    "screen": ("visible or hidden", _word("visible", "hidden")),
    "answers": ("an object", lambda v: isinstance(v, dict)),
    "note": ("anything", lambda _: True),
    "end": ("anything", lambda _: True),
}


def check_header(header: object) -> dict[str, Any]:
    """The header itself, if it is one of this format; else NotATraceError says what came."""
    if not isinstance(header, dict):
        raise NotATraceError(f"expected a header object with format {FORMAT!r}")
    if header.get("format") != FORMAT:
        raise NotATraceError(f"expected format {FORMAT!r}, got {header.get('format')!r:.60}")
    return header


def check_event(raw: object, previous: Event | None) -> Event:
    """The event in `raw` as it may follow `previous`; else BadEventError says what is wrong."""
    if not isinstance(raw, dict):
        raise BadEventError("expected an object with t_ms, ch and v")
    missing = [key for key in ("t_ms", "ch", "v") if key not in raw]
    if missing:
        raise BadEventError(f"{', '.join(missing)} missing")
    t_ms, ch, v = raw["t_ms"], raw["ch"], raw["v"]
    if type(t_ms) is not int or abs(t_ms) > T_MAX_MS:
        raise BadEventError(f"t_ms must be an integer of milliseconds, got {t_ms!r:.60}")
    if not isinstance(ch, str) or ch not in CHANNELS:
        # A misspelt `reset` must not pass for a trace without one.
        raise BadEventError(f"unknown channel {ch!r:.60}")
    wanted, good = CHANNELS[ch]
    if not good(v):
        raise BadEventError(f"{ch} must be {wanted}, got {v!r:.60}")
    if previous is not None and t_ms < previous.t_ms:
        raise BadEventError(f"t_ms {t_ms} comes after {previous.t_ms}")
    if previous is not None and previous.ch == "end":
        raise BadEventError("an event after the end")
    return Event(t_ms, ch, v)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


def _parse(line: bytes) -> Any:
    """The JSON value of one line, strictly; ValueError says what is wrong."""
    try:
        return json.loads(
            line.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parse_trace(data: bytes) -> Trace:
    """The trace in `data`; NotATraceError if its first line is no header.

    A line that is broken or out of order ends the reading: what follows counts as not seen.
    """
    lines = data.removeprefix(b"\xef\xbb\xbf").rstrip().split(b"\n")
    try:
        header = check_header(_parse(lines[0]))
    except NotATraceError:
        raise
    except ValueError as error:
        raise NotATraceError(f"the first line is no JSON header: {error}") from None
    events: list[Event] = []
    for number, line in enumerate(lines[1:], start=2):
        try:
            events.append(check_event(_parse(line), events[-1] if events else None))
        except ValueError as error:
            return Trace(header, events, Defect(number, str(error)))
    return Trace(header, events)


def read_trace(path: Path) -> Trace:
    """The trace in the file at `path`; NotATraceError or OSError."""
    return parse_trace(path.read_bytes())


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def format_trace(header: dict[str, Any], events: Iterable[Event]) -> Iterator[str]:
    """The lines, without line ends, of a trace; refuses what `parse_trace` wouldn't take."""
    yield _dump(check_header(header))
    previous: Event | None = None
    for event in events:
        previous = check_event({"t_ms": event.t_ms, "ch": event.ch, "v": event.v}, previous)
        yield _dump({"t_ms": event.t_ms, "ch": event.ch, "v": event.v})


def write_trace(out: TextIO, header: dict[str, Any], events: Iterable[Event]) -> None:
    """Write a whole trace to `out`."""
    for line in format_trace(header, events):
        out.write(line + "\n")
