"""The simulated unit that a battery change is practised on: hands, eyes and its own time.

A thin layer over the targets that carry their own world; what the unit does is decided there.
"""

from contextlib import nullcontext
from typing import Any

from lockhil.targets.base import Target
from lockrig.battery.unit import ASK_MS, NoContactError, Unit
from lockrig.i18n import _

# How long the unit is without power while the connector is apart.
APART_MS = 3_000
# A unit takes its first reading a minute after it started.
LIVED_MINUTES = 2


class TrainingUnit(Unit):
    """A unit whose pack is changed here; `silent`: it can't be reached before that."""

    def __init__(self, target: Target, new_pack: str, *, silent: bool) -> None:
        super().__init__(lambda: nullcontext(target.link))
        self._target = target
        self._new_pack = new_pack
        self._silent = silent
        self._origin_ms: int | None = None
        if target.clock_kind == "virtual":
            target.bench.clock.advance(minutes=LIVED_MINUTES)

    @property
    def target(self) -> Target:
        """The simulated target."""
        return self._target

    def call(self, method: str, timeout_ms: int = ASK_MS, **params: Any) -> dict[str, Any]:
        """See `Unit.call`."""
        if self._silent:
            raise NoContactError(_("it doesn't answer"))
        return super().call(method, timeout_ms, **params)

    def pause(self, ms: int) -> None:
        """Let the unit's time pass."""
        if self._target.clock_kind == "virtual":
            self._target.bench.clock.advance(ms=ms)
        else:
            super().pause(ms)

    def turn(self, t_ms: int) -> None:
        """It is `t_ms`, by the driver's clock: the unit's virtual time follows it."""
        if self._target.clock_kind != "virtual":
            return
        now_ms = self._target.bench.clock.now_ms
        if self._origin_ms is None:
            self._origin_ms = t_ms - now_ms
        behind = t_ms - self._origin_ms - now_ms
        if behind > 0:
            self._target.bench.clock.advance(ms=behind)

    def change_pack(self) -> None:
        """The old pack comes off the connector, the new one goes on."""
        self._target.bench.power_cut(APART_MS)
        self._target.bench.set_pack(self._new_pack)
        self._silent = False
