"""A unit as the diagnosis in a battery change sees it: watched by a person, heard by the link.

What the unit says of itself can raise doubts here and never settle one.
"""

from collections.abc import Iterator

from lockhil.client import Link, LinkTimeoutError, RpcError
from lockrig.battery.unit import NoContactError, Unit
from lockrig.diagnose.reasons import NO_ANSWER
from lockrig.diagnose.simulated import doubts
from lockrig.targets import LOST

_GONE = (NoContactError, LinkTimeoutError, RpcError, OSError, *LOST)


class Watched:
    """A `diagnose.contact.Contact`; it is `t_ms` now. `heard`: the unit is in contact."""

    def __init__(self, unit: Unit, t_ms: int, *, heard: bool) -> None:
        self._unit = unit
        self._heard = heard
        self._link: Link | None = None
        self._origin_ms = 0
        self.turn(t_ms)

    @property
    def label(self) -> str:
        """It was typed before."""
        return ""

    def turn(self, t_ms: int) -> None:
        self._unit.turn(t_ms)
        if not self._heard:
            return
        try:
            if self._link is None:
                self._link = self._unit.link
                self._origin_ms = t_ms - self._link.now_ms
            # A line gets its time when it is read.
            _ = self._link.notifications
        except _GONE:
            return  # it won't answer at the end either

    def press(self) -> None:
        if self._unit.target is not None:
            self._unit.target.bench.press()

    def leds(self) -> tuple[int, int] | None:
        return None if self._unit.target is None else self._unit.target.bench.leds()

    def doubts(self, unit: str, start_ms: int | None) -> Iterator[str]:
        if not self._heard:
            return
        try:
            if self._link is None:
                yield NO_ANSWER
            else:
                yield from doubts(self._link, self._origin_ms, unit, start_ms)
        except _GONE:
            yield NO_ANSWER
