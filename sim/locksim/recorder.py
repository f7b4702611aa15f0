"""The instrument: writes down what can be seen of a unit, as it changes, into a trace.

It sees wires and the bolt, never the firmware's mind; it judges nothing.
"""

from typing import Any

from lockjudge.trace import FORMAT, Event, Trace

# Channels whose value lasts until the next; the others are moments.
LASTING = (
    "button",
    "led.green",
    "led.red",
    "motor",
    "load",
    "bolt",
    "door",
    "battery.mv",
    "battery.ma",
    "power",
    "power.source",
)
# A line on the link is written down up to here: somebody may send a megabyte.
LINE_MAX = 2048


class Recorder:
    """The events of one world so far, in order."""

    def __init__(self, **header: Any) -> None:
        self.header = {"format": FORMAT, "observer": "instrument", "t_uncertainty_ms": 0, **header}
        self.events: list[Event] = []
        self.shown: dict[str, Any] = {}
        self._rx = _Line()

    def level(self, t_ms: int, ch: str, v: Any) -> None:
        """Channel `ch` has the value `v`; written down if it is another one than before."""
        if ch not in self.shown or self.shown[ch] != v:
            self.shown[ch] = v
            self.events.append(Event(t_ms, ch, v))

    def moment(self, t_ms: int, ch: str, v: Any) -> None:
        """Something happened on `ch`."""
        self.events.append(Event(t_ms, ch, v))

    def received(self, t_ms: int, data: bytes) -> None:
        """Bytes came in on the unit's link; whole lines are written down."""
        *ends, rest = data.split(b"\n")
        for part in ends:
            self._rx.add(part)
            self.moment(t_ms, "rx", self._rx.text())
            self._rx = _Line()
        self._rx.add(rest)

    def sent(self, t_ms: int, line: bytes) -> None:
        """The unit sent a line."""
        whole = _Line()
        whole.add(line)
        self.moment(t_ms, "tx", whole.text())

    def forget(self, t_ms: int) -> list[Event]:
        """Begin anew at `t_ms` with what channels show; what is forgotten."""
        forgotten = self.events
        self.events = [Event(t_ms, ch, self.shown[ch]) for ch in LASTING if ch in self.shown]
        return forgotten

    def trace(self, t_ms: int, since: int = 0) -> Trace:
        """The trace until `t_ms`; `since`: without the first so many events, but with what their
        channels then showed."""
        shown = {event.ch: event.v for event in self.events[:since]}
        start = self.events[since - 1].t_ms if since else t_ms
        first = [Event(start, ch, shown[ch]) for ch in LASTING if ch in shown]
        end = Event(t_ms, "end", None)
        return Trace(dict(self.header), [*first, *self.events[since:], end])


class _Line:
    """The beginning of one line, and how long it is."""

    def __init__(self) -> None:
        self._kept = b""
        self._length = 0

    def add(self, data: bytes) -> None:
        self._kept += data[: LINE_MAX - len(self._kept)]
        self._length += len(data)

    def text(self) -> str:
        text = self._kept.decode("utf-8", "backslashreplace")
        more = self._length - len(self._kept)
        return f"{text} ... and {more} bytes more" if more else text
