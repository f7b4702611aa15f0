"""A unit's own account as a trace: its lines, and what they say of resets and the bolt.

The observer is the unit itself, so that no verdict can come of it. Doors and supplies are told
when asked for and not when they change: as channels they would look watched.
"""

from collections.abc import Iterator
from typing import Any

from lockhil.client import Line
from lockhil.contact import Contact
from lockjudge.trace import FORMAT, Event, format_trace
from lockrig.monitor.wording import parsed

# What a unit may send, twice; the rest of what is longer is no unit's, and isn't kept.
_LONGEST = 2_048


def header_of(contact: Contact, hello: dict[str, Any], began_utc: str | None) -> dict[str, Any]:
    """The header; `began_utc` is the calendar's time of `t_ms` 0, where there is one."""
    header: dict[str, Any] = {
        "format": FORMAT,
        "observer": "unit",
        "t_uncertainty_ms": contact.tolerance_ms,
        "target": contact.name,
        "unit": hello["unit"],
        "firmware": hello["firmware"],
        "clock": contact.clock_kind,
    }
    return header if began_utc is None else header | {"began_utc": began_utc}


class Account:
    """Makes the trace, line by line, in order of time."""

    def __init__(self, header: dict[str, Any]) -> None:
        self._header = header
        self._t_ms: int | None = None
        self._bolt: str | None = None

    def header(self) -> str:
        """The trace's first line."""
        return next(format_trace(self._header, []))

    def of(self, line: Line) -> Iterator[str]:
        """The trace's lines for one line of the link."""
        text = line.data.decode("utf-8", "backslashreplace")
        if len(text) > _LONGEST:
            text = f"{text[:_LONGEST]} ... and {len(text) - _LONGEST} characters more"
        yield self._event(line.t_ms, "tx" if line.from_unit else "rx", text)
        if line.from_unit and (message := parsed(line.data)) is not None:
            yield from self._told(line.t_ms, message)

    def _told(self, t_ms: int, message: dict[str, Any]) -> Iterator[str]:
        told = message.get("params") if "method" in message else message.get("result")
        if not isinstance(told, dict):
            return
        if message.get("method") == "unit.boot" and isinstance(told.get("reset"), str):
            yield self._event(t_ms, "reset", told["reset"])
        # A command's answer comes with its bolt.moved: one of the two is news.
        bolt = told.get("bolt", told.get("state"))
        if isinstance(bolt, str) and bolt != self._bolt:
            self._bolt = bolt
            yield self._event(t_ms, "bolt", bolt)

    def note(self, t_ms: int, what: str) -> str:
        """A line that says in free text what happened to the recording itself."""
        return self._event(t_ms, "note", what)

    def end(self, t_ms: int) -> str:
        """The last line: the unit was listened to until then."""
        return self._event(t_ms, "end", None)

    def _event(self, t_ms: int, ch: str, v: Any) -> str:
        # A port's bytes may be read later than something else was written.
        self._t_ms = t_ms if self._t_ms is None else max(t_ms, self._t_ms)
        _, line = format_trace(self._header, [Event(self._t_ms, ch, v)])
        return line
