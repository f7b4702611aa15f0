"""A trace's channels as pulses and spans of time.

This file turns events into intervals; it knows no limit and judges nothing.
"""

from dataclasses import dataclass
from typing import Any

from lockjudge.limits import BOUNCE_MS
from lockjudge.trace import Event, Trace


@dataclass(frozen=True, slots=True)
class Span:
    """A channel had the value `v` from `on` until `off` (None: until it was last seen).

    `on_index` and `off_index` are places in the trace: at equal times the file's order counts.
    `on_seen` is false where the channel's first value was already `v`.
    """

    v: Any
    on: int
    on_index: int
    on_seen: bool
    off: int | None = None
    off_index: int | None = None

    def covers(self, index: int) -> bool:
        """Whether it was so when the event at `index` came."""
        return self.on_index < index and (self.off_index is None or self.off_index > index)


class Signals:
    """What a trace says of each channel."""

    def __init__(self, trace: Trace) -> None:
        self.events = trace.events
        self.until = trace.events[-1].t_ms if trace.events else 0
        """The last moment of which anything was seen, in ms."""

    def of(self, ch: str) -> list[tuple[int, Event]]:
        """The channel's events with their places in the trace."""
        return [(i, event) for i, event in enumerate(self.events) if event.ch == ch]

    def end(self) -> int | None:
        """When the recording ended as intended, in ms; None if it broke off."""
        ends = self.of("end")
        return ends[0][1].t_ms if ends else None

    def spans(self, ch: str) -> list[Span]:
        """The channel's values one after the other."""
        spans: list[Span] = []
        current: Span | None = None
        for index, event in self.of(ch):
            if current is not None and current.v == event.v:
                continue
            if current is not None:
                spans.append(_closed(current, event.t_ms, index))
            current = Span(event.v, event.t_ms, index, on_seen=current is not None)
        return [*spans, current] if current is not None else spans

    def pulses(self, ch: str) -> list[Span]:
        """The spans in which the channel was 1."""
        return [span for span in self.spans(ch) if span.v == 1]

    def known_at(self, ch: str, index: int) -> bool:
        """Whether the channel had been seen when the event at `index` came."""
        return any(span.on_index < index for span in self.spans(ch)[:1])


def _closed(span: Span, off: int, off_index: int) -> Span:
    return Span(span.v, span.on, span.on_index, span.on_seen, off, off_index)


@dataclass(frozen=True, slots=True)
class Press:
    """A press of the button: when its first edge came, and its place in the trace."""

    t_ms: int
    index: int


def presses(signals: Signals, u_ms: int) -> list[Press]:
    """The presses of the button, oldest first.

    Edges surely within BOUNCE_MS of the first one of a group are its chatter; a group that begins
    with a falling edge is a release. A button that was held from the start is no press: nobody saw
    it begin.
    """
    found: list[Press] = []
    group: int | None = None
    for span in signals.spans("button"):
        if not span.on_seen:
            continue
        # Two edges, each ± u, are ± 2u apart.
        if group is not None and span.on - group + 2 * u_ms <= BOUNCE_MS:
            continue
        group = span.on
        if span.v == 1:
            found.append(Press(span.on, span.on_index))
    return found
