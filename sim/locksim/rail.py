"""The unit's supply rail: when its electronics give up, why they start again, and what they forget.

It switches the unit, never decides what the unit does with that.
"""

from typing import TYPE_CHECKING

from locksim.plant import BROWN_OUT_MV, POWER_GOOD_MV
from locksim.timeline import Alarm

if TYPE_CHECKING:
    from locksim.world import World

BOOT_MS = 50


class Rail:
    """Power, brown-outs and resets of a world's unit."""

    def __init__(self, world: "World", ticks_start: int) -> None:
        self._world = world
        self.reset_cause = "power"
        # They outlive a reset, but not a loss of power.
        self.markers = 0
        self._ticks_at_boot = ticks_start
        self._undervoltage = Alarm(world.timeline, self._brown_out)
        self._restart = Alarm(world.timeline, self.boot)
        self._power_back = Alarm(world.timeline, self._power_returns)

    def watch(self) -> None:
        """Act on the voltage as it is now."""
        loop, mv = self._world.loop, self._rail_mv()
        if loop.running and mv < BROWN_OUT_MV:
            # Once the unit has returned: it may be what switched the load on.
            self._undervoltage.set(0)
        elif loop.stopped and mv > POWER_GOOD_MV and not self._restart.armed:
            self._restart.set(BOOT_MS)

    def boot(self) -> None:
        """Start the unit, if there is power for it."""
        self._restart.set(-1)
        if self._rail_mv() > POWER_GOOD_MV:
            ticks, self._ticks_at_boot = self._ticks_at_boot, 0
            self._world.boot(ticks)

    def reset(self, cause: str) -> None:
        """Reset the unit; a no-op while it is down."""
        if self._world.loop.running:
            if cause == "power":
                self.markers = 0
            self._go_down(cause)

    def cut(self, ms: int) -> None:
        """Take all power away, and give it back after `ms`."""
        self._world.plant.connected = False
        self._world.record("power", 0)
        self._world.outputs_fall()
        self._power_back.set(ms)

    def _power_returns(self) -> None:
        self._world.plant.connected = True
        self._world.record("power", 1)
        self._restart.set(-1)
        self.markers = 0
        self._go_down("power")

    def _brown_out(self) -> None:
        if self._world.loop.running and self._rail_mv() < BROWN_OUT_MV:
            self._go_down("brown-out")

    def _go_down(self, cause: str) -> None:
        self._world.happened("reset", cause)
        self.reset_cause = cause
        self._world.outputs_fall()

    def _rail_mv(self) -> int:
        return self._world.plant.rail_mv(self._world.now)
