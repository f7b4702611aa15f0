"""Lines of the link in words: who said what, with units.

It words whatever comes, known or not, and judges none of it.
"""

import json
from typing import Any

from lockhil.client import Line
from lockrig.trace.terminal import safe, shown

# What a key ends in -> the unit of its number.
UNITS = {"mv": "mV", "ma": "mA", "mohm": "mohm", "mas": "mAs", "ms": "ms", "s": "s", "c": "C"}
_NAMES = {"mas": "charge", "mohm": "pack", "ms": "took"}
# Questions that are still open; somebody who never gets answers must not fill the memory.
_OPEN = 100


def seconds(t_ms: int) -> str:
    """A time as it stands before each line."""
    return f"{t_ms / 1000:>10.3f}"


def raw(line: Line) -> str:
    """The line as it passed."""
    return f"{seconds(line.t_ms)}  {'tx' if line.from_unit else 'rx'}  {text(line.data)}"


def text(data: bytes) -> str:
    """Bytes for the eye."""
    return safe(data.decode("utf-8", "backslashreplace"))


class Wording:
    """Words lines in their order: an answer is named by what was asked."""

    def __init__(self) -> None:
        self._asked: dict[Any, str] = {}

    def line(self, line: Line) -> str | None:
        """One readable line; None for what needs none: questions, and lines without anything."""
        message = parsed(line.data)
        if not line.from_unit:
            self._note(message)
            return None
        if message is not None:
            what, values = self._worded(message)
        elif line.data.strip():
            what, values = "text", text(line.data)
        else:
            return None
        return f"{seconds(line.t_ms)}  {safe(what):<15} {values}".rstrip()

    def _note(self, message: dict[str, Any] | None) -> None:
        if message is None or not isinstance(message.get("id"), int | str):
            return
        if len(self._asked) >= _OPEN:
            self._asked.pop(next(iter(self._asked)))
        self._asked[message["id"]] = str(message.get("method"))

    def _worded(self, message: dict[str, Any]) -> tuple[str, str]:
        method, params = message.get("method"), message.get("params", {})
        if isinstance(method, str):
            return method, values_of(params)
        ident = message.get("id")
        asked = self._asked.pop(ident, None) if isinstance(ident, int | str) else None
        if "error" in message:
            return "error", f"{asked + ': ' if asked else ''}{_error(message['error'])}"
        if "result" in message:
            return asked or "answer", values_of(message["result"])
        return "text", shown(message)


def parsed(data: bytes) -> dict[str, Any] | None:
    """The JSON object in a line, if it is one."""
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def values_of(params: Any) -> str:
    """Names, values and units: `state LOCKED, took 1012 ms`."""
    if not isinstance(params, dict):
        return shown(params)
    return ", ".join(_value(key, value) for key, value in params.items() if value not in ("", []))


def _value(key: str, value: Any) -> str:
    name, _, suffix = key.rpartition("_")
    if suffix not in UNITS:
        return f"{safe(key)} {_shown(value)}"
    name = safe(name.replace("_", " ")) or _NAMES.get(suffix, "")
    if value is None:
        return f"{name or suffix} not known"
    return f"{name} {_shown(value)} {UNITS[suffix]}".lstrip()


def _shown(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else shown(value)


def _error(error: Any) -> str:
    if not isinstance(error, dict):
        return shown(error)
    data = f": {shown(error['data'])}" if "data" in error else ""
    return f"{shown(error.get('message'))} ({shown(error.get('code'))}){data}"
