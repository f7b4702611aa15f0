"""The lock's hardware as one whole: supply, test load, motor and bolt, each acting on the others.

It has no firmware and no clock: it is told the time, and says when it next changes by itself.
"""

from locksim import motor as motors
from locksim.bolt import Bolt
from locksim.circuit import Point, working_point
from locksim.motor import Motor
from locksim.packs.source import Source

USB_MV = 5000
USB_MOHM = 200
# What the electronics take while nothing else is on, and the radio when it advertises once a
# second: together what a unit at rest takes.
ELECTRONICS_UA = 25
ADVERTS_UA = 15
IDLE_UA = ELECTRONICS_UA + ADVERTS_UA
# The unit gives up below the one, and starts above the other: the crossings that matter.
BROWN_OUT_MV = 2800
POWER_GOOD_MV = 3000
# Below the one no electronics draw anything; it takes the other to make them draw again.
STARVED_MV = 600
FED_MV = 1000
# How far ahead a crossing is looked for, under a load and without one.
_LOADED_AHEAD_MS = 20_000
_IDLE_AHEAD_MS = 24 * 3_600_000


class Plant:
    """Pack, supply (`battery`, `external` or `unknown`: fed by the pack, but nobody can tell),
    load, motor and bolt."""

    def __init__(
        self,
        pack: Source,
        bolt: Bolt,
        now: int = 0,
        *,
        supply: str = "battery",
        temperature_c: float = 20,
    ) -> None:
        self.pack = pack
        self.bolt = bolt
        self.motor = Motor()
        self.supply = supply
        self.load = False
        self.connected = True
        self.motor_ma = 0
        self.idle_ua = ELECTRONICS_UA
        self.adverts_ua = 0
        self.temperature_c = temperature_c
        self._point = Point(pack.thevenin(now)[0], 0, 0)
        self._counted_to = now
        self._drawn_nas = self._standby_nas = 0
        self._starved = False

    @property
    def on_pack(self) -> bool:
        """Whether the pack feeds the unit."""
        return self.connected and self.supply != "external"

    def rail_mv(self, now: int) -> int:
        """The voltage that the unit gets."""
        if not self.connected:
            return 0
        return self.pack_mv(now) if self.on_pack and self.pack.changes else self._point.mv

    @property
    def pack_ma(self) -> int:
        """The current that the pack gives."""
        return self._point.ma if self.on_pack else 0

    def pack_mv(self, now: int) -> int:
        """The pack's voltage: the sum of its cells'."""
        return sum(self.pack.cell_mv(cell, now) for cell in range(self.pack.size))

    @property
    def _standby_ua(self) -> int:
        return self.idle_ua + self.adverts_ua if self.on_pack and not self._starved else 0

    def charge_mas(self, now: int) -> int:
        """The charge that the pack has given so far, in mAs."""
        self._count(now)
        return self._drawn_nas // 1_000_000

    def standby_mas(self, now: int) -> float:
        """The part of it that electronics and adverts took by themselves, in mAs."""
        self._count(now)
        return self._standby_nas / 1_000_000

    def _count(self, now: int) -> None:
        took = now - self._counted_to
        self._drawn_nas += (self.pack_ma * 1000 + self._standby_ua) * took
        self._standby_nas += self._standby_ua * took
        self._counted_to = now

    def settle(self, now: int) -> None:
        """Work out currents, voltages and speed as they are from `now` on."""
        self._count(now)
        self.bolt.settle(now)
        # The motor's 1 locks; the bolt counts from locked.
        way = -self.motor.direction
        state = self.motor.state(now, held=self.bolt.held(now, way))
        point = self._solve(now, state)
        self._point = point
        if self.pack.changes:
            self._starved = self.pack_mv(now) < (FED_MV if self._starved else STARVED_MV)
        self.pack.carry(now, self.pack_ma, self._standby_ua, self.temperature_c)
        self.motor_ma = (
            motors.running_ma(self.temperature_c) if state == motors.RUNNING else point.shunt_ma
        )
        running = state == motors.RUNNING
        self.bolt.push(now, way, motors.bolt_speed(point.mv) if running else 0)

    def _solve(self, now: int, motor_state: str) -> Point:
        self.pack.settle(now)
        while True:
            external = self.supply == "external"
            mv, mohm = (USB_MV, USB_MOHM) if external else self.pack.thevenin(now)
            point = working_point(
                mv,
                mohm,
                fixed_ma=motors.running_ma(self.temperature_c)
                if motor_state == motors.RUNNING
                else 0,
                shunt_mohm=motors.WINDING_MOHM
                if motor_state in (motors.INRUSH, motors.STALLED)
                else 0,
                load=self.load,
            )
            # Each diode that conducts moves the point: at most once for each.
            if external or not self.connected or not self.pack.bypasses(now, point.ma):
                return point

    def next_ms(self, now: int) -> int:
        """Milliseconds until something here changes by itself; -1: never."""
        waits = (self.motor.next_ms(now), self.bolt.next_ms(now), self._crossing_ms(now))
        return min((wait for wait in waits if wait >= 0), default=-1)

    def _crossing_ms(self, now: int) -> int:
        """Milliseconds until the unit's voltage may have crossed a level that matters."""
        if not (self.pack.changes and self.on_pack):
            return -1
        ahead = _LOADED_AHEAD_MS if self.pack_ma else _IDLE_AHEAD_MS
        side = self._side(now)
        if self._side(now + ahead) == side:
            return ahead
        # Under one current the voltage goes one way, so halving finds the first millisecond.
        before, after = now, now + ahead
        while after - before > 1:
            middle = (before + after) // 2
            if self._side(middle) == side:
                before = middle
            else:
                after = middle
        return after - now

    def _side(self, now: int) -> tuple[bool, bool, bool]:
        mv = self.rail_mv(now)
        starved = mv < (FED_MV if self._starved else STARVED_MV)
        return mv < BROWN_OUT_MV, mv > POWER_GOOD_MV, starved
