"""A capture: signals of a foreign file on their way to a trace, whatever its format.

It reads no format itself (`vcd_in`, `csv_in`) and decides no meaning (`convert`).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from lockrig.errors import LockrigError
from lockrig.trace.files import refuse
from lockrig.trace.terminal import safe

Raw = int | float | str


@dataclass(frozen=True, slots=True)
class Change:
    """At `ms` (milliseconds on the file's clock) signal number `signal` took the value `raw`."""

    line: int
    ms: Fraction
    signal: int
    raw: Raw


@dataclass(frozen=True, slots=True)
class Origin:
    """What an exported trace said of itself: its header, and the trace time of the file's zero."""

    header: dict[str, Any]
    t0_ms: int


class Capture(ABC):
    """Signals by number, each with its names (best first), and their changes in order of time."""

    path: str
    kind: str
    names: list[tuple[str, ...]]
    origin: Origin | None = None
    # Known when the changes have been read to the end.
    end_ms: Fraction | None = None

    @abstractmethod
    def changes(self) -> Iterator[Change]:
        """The changes, from the file; LockrigError names the line that is wrong."""

    @abstractmethod
    def decode(self, channel: str, signal: int, raw: Raw) -> Any:
        """`raw` as a value of `channel`; ValueError says what was expected."""

    @abstractmethod
    def resolution_ms(self) -> Fraction:
        """How far apart two samples are; known when the changes have been read."""

    def wrong(self, line: int, what: str) -> LockrigError:
        """The error for a line of this file."""
        return refuse(f"{safe(self.path)}, line {line}: {safe(what)}")
