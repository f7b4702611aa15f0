"""The watch: a person's taps, from START until the recording is long enough, as a person's trace.

It writes down what was tapped and how well time was kept. It judges nothing, and what it holds is
never shown while the watch goes on: that would coach.
"""

from typing import Any

from lockjudge.limits import PERSON_WATCH_MS, TAP_BOUNCE_MS
from lockjudge.trace import FORMAT, Event, Trace

# A loop that stood still longer than this was stopped, or the computer slept: then nobody knows.
# A shorter pause (a busy computer) stamps taps late by as much, and counts as uncertainty.
STOPPED_MS = 1_000
KEYS = ("start", "green", "red", "undo")


class Watch:
    """Begun by START at `t_ms`, a time in ms that only ever counts on from somewhere.

    `turn` is to be called all the time, the oftener the surer; `tap` for each key of KEYS.
    """

    def __init__(self, t_ms: int, resolution_ms: int = 1) -> None:
        self.begun_ms = t_ms
        self.done = False
        self.events = [Event(0, "screen", "visible"), Event(0, "tap", "start")]
        self._resolution_ms = resolution_ms
        self._last_ms = t_ms
        self._worst_gap_ms = 0
        self._worst_off_ms = 0
        self._green = False
        self._last_green_key_ms: int | None = None
        self._undoable: list[int] = []

    def turn(self, t_ms: int) -> None:
        """It is `t_ms` now and the screen has been live since the last turn, if that isn't long."""
        gap = t_ms - self._last_ms
        if 0 <= gap <= STOPPED_MS:
            self._worst_gap_ms = max(self._worst_gap_ms, gap)
        else:
            self._hide(t_ms)
        self._last_ms = max(t_ms, self._last_ms)
        self.done = self.done or self._now >= PERSON_WATCH_MS

    def hidden(self, t_ms: int) -> None:
        """By `t_ms` something else may have been on the screen, or taps may have been lost."""
        if not self.done:
            self._hide(t_ms)
            self.turn(t_ms)

    def off(self, by_ms: int) -> None:
        """Times may be `by_ms` off besides: uncertainty, and beyond STOPPED_MS nobody knows."""
        if by_ms <= STOPPED_MS:
            self._worst_off_ms = max(self._worst_off_ms, by_ms)
        elif self._worst_off_ms <= STOPPED_MS:
            self._worst_off_ms = by_ms
            self.hidden(self._last_ms)

    def tap(self, key: str, t_ms: int) -> None:
        """The person tapped `key` (of KEYS) at `t_ms`; what comes after the watch doesn't count."""
        self.turn(t_ms)
        if self.done:
            return
        if key == "green":
            self._tap_green()
        elif key == "undo":
            self._undo()
        else:
            self._tap(key)

    def trace(self, header: dict[str, Any], answers: dict[str, Any], t_ms: int) -> Trace:
        """The trace, with the answers and its end at `t_ms`; `header` says target and unit."""
        end = max(t_ms, self._last_ms) - self.begun_ms
        whole = {
            "format": FORMAT,
            "observer": "person",
            "t_uncertainty_ms": self._uncertainty_ms,
            "clock": "real",
            **header,
        }
        last = [Event(end, "answers", dict(answers)), Event(end, "end", "complete")]
        return Trace(whole, [*self.events, *last])

    @property
    def _now(self) -> int:
        return self._last_ms - self.begun_ms

    @property
    def _uncertainty_ms(self) -> int:
        return self._resolution_ms + self._worst_gap_ms + self._worst_off_ms

    def _hide(self, t_ms: int) -> None:
        self._add("screen", "hidden")
        self._last_ms = max(t_ms, self._last_ms)
        self._add("screen", "visible")

    def _add(self, ch: str, v: object) -> None:
        self.events.append(Event(self._now, ch, v))

    def _tap(self, word: str) -> None:
        self._undoable.append(len(self.events))
        self._add("tap", word)

    def _tap_green(self) -> None:
        previous, self._last_green_key_ms = self._last_green_key_ms, self._now
        if previous is not None and self._now - previous <= TAP_BOUNCE_MS:
            # A finger's double tap, a held key, or a very short light: nobody can tell which.
            self._add("note", "green key twice")
            self._add("tap", "undo")
            return
        self._green = not self._green
        self._tap("green_on" if self._green else "green_off")

    def _undo(self) -> None:
        """Strike the last tap; that something was struck stays, and keeps the verdict from yes."""
        if self._undoable:
            index = self._undoable.pop()
            struck = self.events[index]
            if struck.v in ("green_on", "green_off"):
                self._green = struck.v == "green_off"
                self._last_green_key_ms = None
            self.events[index] = Event(struck.t_ms, "note", f"undone: {struck.v}")
        self._add("tap", "undo")
