"""How values, limits and foreign text are put into words, the same for page and terminal.

It knows no layout and no markup; escaping for HTML is the template's.
"""

import re
import unicodedata
from typing import Protocol

_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
OUTCOME = {"passed": "passed", "failed": "FAILED", "not_run": "not run"}


class Limited(Protocol):
    """What has a name, a value, a unit and limits."""

    name: str
    value: int | float | None
    unit: str
    at_least: int | float | None
    at_most: int | float | None


def number(value: int | float) -> str:
    """The number with its thousands apart (12 000), a float to six digits."""
    shown = f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
    return shown.replace(",", "\u00a0").replace("-", "\u2212" if "e" not in shown else "-")


def quantity(value: int | float | None, unit: str) -> str:
    """The number with its unit, or `not measured`."""
    if value is None:
        return "not measured"
    return f"{number(value)}\u00a0{unit}" if unit else number(value)


def limit(m: Limited) -> str:
    """The limits in words: `at most 10 000 ms`."""
    if m.at_least is not None and m.at_most is not None:
        if m.at_least == m.at_most:
            return f"exactly {quantity(m.at_least, m.unit)}"
        return f"{number(m.at_least)} to {quantity(m.at_most, m.unit)}"
    if m.at_least is not None:
        return f"at least {quantity(m.at_least, m.unit)}"
    if m.at_most is not None:
        return f"at most {quantity(m.at_most, m.unit)}"
    return "no limit"


def beside(m: Limited) -> str:
    """Measured beside limit: `12 000 ms (limit: at most 10 000 ms)`."""
    return f"{quantity(m.value, m.unit)} (limit: {limit(m)})"


def measured(m: Limited) -> str:
    """The same with the name before it."""
    return f"{m.name}: {beside(m)}"


def seconds(t_ms: int | float) -> str:
    """A time of the trace in seconds, to the millisecond where it has any: `4.002 s`."""
    whole = f"{t_ms / 1000:,.3f}".rstrip("0").rstrip(".").replace(",", "\u00a0")
    return f"{whole}\u00a0s"


def printable(foreign: str, limit: int = 20_000) -> str:
    """Text from a unit or a test made safe to print: no control, bidi or half characters.

    Colour sequences go; whatever else can't be seen is written as its code; line ends stay.
    """
    foreign = _ANSI.sub("", foreign)
    if len(foreign) > limit:
        foreign = foreign[:limit] + f"\u2026 ({len(foreign) - limit} more characters)"
    return "".join(
        c if c in "\n\t" or c.isprintable() or unicodedata.category(c) == "Zs" else _code(c)
        for c in foreign
    )


def _code(c: str) -> str:
    return f"\\u{ord(c):04x}"


def one_line(foreign: str, limit: int = 300) -> str:
    """The same on one line."""
    return " ".join(printable(foreign, limit).split())
