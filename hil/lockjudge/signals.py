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
        self.until = trace.events[-1].t_ms if trace.events else 0
        """The last moment of which anything was seen, in ms."""
        self._events: dict[str, list[tuple[int, Event]]] = {}
        for index, event in enumerate(trace.events):
            self._events.setdefault(event.ch, []).append((index, event))
        self._spans = {ch: _spans(events) for ch, events in self._events.items()}

    def of(self, ch: str) -> list[tuple[int, Event]]:
        """The channel's events with their places in the trace."""
        return self._events.get(ch, [])

    def end(self) -> int | None:
        """When the recording ended as intended, in ms; None if it broke off."""
        ends = self.of("end")
        return ends[0][1].t_ms if ends else None

    def spans(self, ch: str) -> list[Span]:
        """The channel's values one after the other."""
        return self._spans.get(ch, [])

    def pulses(self, ch: str) -> list[Span]:
        """The spans in which the channel was 1."""
        return [span for span in self.spans(ch) if span.v == 1]

    def known_at(self, ch: str, press: "Press") -> bool:
        """Whether the channel had been seen when `press` came; the file's order says so."""
        return any(span.on_index < press.index for span in self.spans(ch)[:1])


def _spans(events: list[tuple[int, Event]]) -> list[Span]:
    spans: list[Span] = []
    current: Span | None = None
    for index, event in events:
        if current is not None and current.v == event.v:
            continue
        if current is not None:
            spans.append(_closed(current, event.t_ms, index))
        current = Span(event.v, event.t_ms, index, on_seen=current is not None)
    return [*spans, current] if current is not None else spans


def _closed(span: Span, off: int, off_index: int) -> Span:
    return Span(span.v, span.on, span.on_index, span.on_seen, off, off_index)


@dataclass(frozen=True, slots=True)
class Press:
    """A press of the button: when its first edge came, and its place in the trace."""

    t_ms: int
    index: int


def presses(signals: Signals, u_ms: int) -> list[Press]:
    """The presses of the button, oldest first.

    Edges within BOUNCE_MS of the first one of a group are its chatter; a group that begins with a
    falling edge is a release, and in it an edge up is chatter only if it falls again within it. A
    button that was held from the start is no press: nobody saw it begin. With an uncertainty, an
    edge up that isn't surely chatter is a press of its own, and the groups stay as recorded: so a
    larger one finds more presses, never fewer.
    """
    found: list[Press] = []
    group: Span | None = None
    for span in signals.spans("button"):
        if not span.on_seen:
            continue
        if group is None or span.on - group.on > BOUNCE_MS:
            group = span
        if span.v == 1 and (span is group or not _chatters(span, group, u_ms)):
            found.append(Press(span.on, span.on_index))
    return found


def _chatters(up: Span, group: Span, u_ms: int) -> bool:
    """Whether the button's being `up` again is surely the chatter of the edge that began `group`.

    Two edges, each ± u, are ± 2u apart.
    """
    last = up.on if group.v == 1 else up.off
    return last is not None and last - group.on + 2 * u_ms <= BOUNCE_MS
