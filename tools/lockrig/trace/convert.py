"""From a capture to a trace: which signal is which channel, whole milliseconds, uncertainty.

It reads no file format (`vcd_in`, `csv_in`), and doesn't judge what the trace shows.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

from lockjudge.trace import CHANNELS, FORMAT, BadEventError, Event, check_event
from lockrig.errors import LockrigError
from lockrig.trace.capture import Capture, Change
from lockrig.trace.channels import BITS, FROM_INSTRUMENT
from lockrig.trace.files import refuse
from lockrig.trace.terminal import safe


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the operator says of a capture.

    `signals`: a signal's name -> channel; `inverted`: channels that are active low; `t0_s`,
    `end_s`: seconds on the file's clock, of the trace's zero and of the recording's end.
    """

    signals: dict[str, str] = field(default_factory=dict)
    inverted: frozenset[str] = frozenset()
    uncertainty_ms: int | None = None
    power_source: str | None = None
    t0_s: Fraction | None = None
    end_s: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    """A trace out of a capture: header, events, and the names of the signals left out."""

    header: dict[str, Any]
    events: list[Event]
    ignored: list[str]
    silent: list[str]


def convert(capture: Capture, wishes: Wishes) -> Converted:
    """The trace in `capture`; LockrigError names the signal, channel or line that is wrong.

    Edges are rounded to the nearest millisecond. What an exported trace said of its observer and
    uncertainty is kept: an export doesn't turn a unit's own word into an instrument's.
    """
    channels = _map(capture, wishes)
    events, whole = _events(capture, channels, wishes)
    if not events:
        raise refuse(f"{safe(capture.path)} has no samples; export the capture again")
    header = _header(capture, wishes, _uncertainty(capture, wishes, whole))
    ignored = [name[0] for i, name in enumerate(capture.names) if i not in channels]
    silent = sorted(set(channels.values()) - {event.ch for event in events})
    return Converted(header, events, ignored, silent)


def _map(capture: Capture, wishes: Wishes) -> dict[int, str]:
    """Signal number -> channel."""
    known = tuple(CHANNELS) if capture.origin else FROM_INSTRUMENT
    channels: dict[int, str] = {}
    for name, channel in wishes.signals.items():
        if channel not in known:
            raise refuse(f"{safe(channel)} is no channel of a capture; use {', '.join(known)}")
        number = _find(capture, name)
        if number in channels or channel in channels.values():
            raise refuse(f"--map {safe(name)}={channel}: signal or channel is mapped twice")
        channels[number] = channel
    for channel in known:
        named = [i for i, names in enumerate(capture.names) if channel in names]
        if channel in channels.values() or not named or named[0] in channels:
            continue
        if len(named) > 1:
            raise refuse(f"{len(named)} signals are called {channel}; choose one with --map")
        channels[named[0]] = channel
    if not channels:
        names = ", ".join(safe(names[0]) for names in capture.names[:16]) or "none"
        raise refuse(f'no signal is mapped; use --map "NAME=button" ... (signals: {names})')
    _check_wishes(channels, wishes)
    return channels


def _find(capture: Capture, name: str) -> int:
    found = [i for i, names in enumerate(capture.names) if name in names]
    if len(found) == 1:
        return found[0]
    names = ", ".join(safe(names[-1 if found else 0]) for names in capture.names[:16])
    count = f"{len(found)} signals are" if found else "no signal is"
    raise refuse(f"{count} called {safe(name)}; choose one of: {names}")


def _check_wishes(channels: dict[int, str], wishes: Wishes) -> None:
    for channel in wishes.inverted:
        if channel not in channels.values() or channel not in BITS:
            raise refuse(f"--invert {safe(channel)}: no signal of 0 and 1 is mapped to it")
    if wishes.power_source and "power.source" in channels.values():
        raise refuse("the file tells power.source itself; leave out --power-source")


def _events(capture: Capture, channels: dict[int, str], wishes: Wishes) -> tuple[list[Event], bool]:
    """The events, and whether every time was whole milliseconds before rounding."""
    t0_ms = _t0_ms(capture, wishes)
    events: list[Event] = []
    whole = True
    for change in capture.changes():
        if change.signal not in channels:
            continue
        channel = channels[change.signal]
        ms = change.ms - t0_ms
        whole = whole and ms.denominator == 1
        if not events and wishes.power_source:
            events.append(Event(round(ms), "power.source", wishes.power_source))
        value = _decode(capture, channel, change)
        if channel in wishes.inverted:
            value = 1 - value
        raw = {"t_ms": round(ms), "ch": channel, "v": value}
        try:
            events.append(check_event(raw, events[-1] if events else None))
        except BadEventError as error:
            raise capture.wrong(change.line, str(error)) from None
    if events and not capture.origin:
        events.append(_end(capture, wishes, t0_ms))
    elif wishes.end_s is not None and capture.origin:
        raise refuse("an exported trace knows its end itself; leave out --end")
    return events, whole


def _t0_ms(capture: Capture, wishes: Wishes) -> Fraction:
    if wishes.t0_s is not None:
        return wishes.t0_s * 1000
    return Fraction(-capture.origin.t0_ms if capture.origin else 0)


def _decode(capture: Capture, channel: str, change: Change) -> Any:
    try:
        return capture.decode(channel, change.signal, change.raw)
    except (ValueError, RecursionError) as error:
        raise _unreadable(capture, change, channel, error) from None


def _unreadable(capture: Capture, change: Change, channel: str, error: Exception) -> LockrigError:
    names = capture.names[change.signal]
    who = channel if channel in names else f"{channel} ({names[0]})"
    return capture.wrong(change.line, f"{who}: {error}")


def _end(capture: Capture, wishes: Wishes, t0_ms: Fraction) -> Event:
    assert capture.end_ms is not None
    end_ms = capture.end_ms
    if wishes.end_s is not None:
        if wishes.end_s * 1000 < end_ms:
            raise refuse(f"--end lies before the last sample at {float(end_ms / 1000):.6f} s")
        end_ms = wishes.end_s * 1000
    # Never later than it was: rounded down, but not before the last event that it closes.
    last = round(capture.end_ms - t0_ms)
    return Event(max(last, int((end_ms - t0_ms) // 1)), "end", None)


def _uncertainty(capture: Capture, wishes: Wishes, whole: bool) -> int | None:
    """Of a time since the press: two roundings of half a millisecond, and a sample period."""
    if capture.origin:
        own = capture.origin.header.get("t_uncertainty_ms")
        if wishes.uncertainty_ms is None:
            return None
        return max(wishes.uncertainty_ms, own) if type(own) is int else wishes.uncertainty_ms
    rounding = 0 if whole else 1
    if wishes.uncertainty_ms is None:
        return max(1, ceil(rounding + capture.resolution_ms()))
    if wishes.uncertainty_ms < rounding:
        raise refuse("the times are no whole milliseconds: --uncertainty-ms must be at least 1")
    return wishes.uncertainty_ms


def _header(capture: Capture, wishes: Wishes, uncertainty_ms: int | None) -> dict[str, Any]:
    wished = _wished(wishes)
    source = {"file": Path(capture.path).name, "format": capture.kind, **wished}
    if capture.origin:
        said = {} if uncertainty_ms is None else {"t_uncertainty_ms": uncertainty_ms}
        return capture.origin.header | said | ({"source": source} if wished else {})
    return {
        "format": FORMAT,
        "observer": "instrument",
        "t_uncertainty_ms": uncertainty_ms,
        "clock": "real",
        "source": source,
    }


def _wished(wishes: Wishes) -> dict[str, Any]:
    """What the operator said, for the header: it isn't what the instrument saw."""
    stated = {
        "power_source": wishes.power_source,
        "uncertainty_ms": wishes.uncertainty_ms,
        "end_s": None if wishes.end_s is None else float(wishes.end_s),
    }
    wished = {
        "map": wishes.signals,
        "inverted": sorted(wishes.inverted),
        "t0_s": None if wishes.t0_s is None else float(wishes.t0_s),
        "stated": {key: value for key, value in stated.items() if value is not None},
    }
    return {key: value for key, value in wished.items() if value or value == 0}
