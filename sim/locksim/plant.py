"""The lock's hardware as one whole: supply, test load, motor and bolt, each acting on the others.

It has no firmware and no clock: it is told the time, and says when it next changes by itself.
"""

from locksim import motor as motors
from locksim.bolt import Bolt
from locksim.circuit import Point, working_point
from locksim.motor import Motor
from locksim.pack import Pack

USB_MV = 5000
USB_MOHM = 200
# What the electronics take while nothing else is on; too little to move the voltage.
IDLE_UA = 40


class Plant:
    """Pack, supply (`battery`, `external` or `unknown`: fed by the pack, but nobody can tell),
    load, motor and bolt."""

    def __init__(self, pack: Pack, bolt: Bolt, now: int = 0, *, supply: str = "battery") -> None:
        self.pack = pack
        self.bolt = bolt
        self.motor = Motor()
        self.supply = supply
        self.load = False
        self.connected = True
        self.motor_ma = 0
        self._point = Point(pack.ocv_mv, 0, 0)
        self._counted_to = now
        self._drawn_nas = 0

    @property
    def on_pack(self) -> bool:
        """Whether the pack feeds the unit."""
        return self.connected and self.supply != "external"

    @property
    def rail_mv(self) -> int:
        """The voltage that the unit gets."""
        return self._point.mv if self.connected else 0

    @property
    def pack_ma(self) -> int:
        """The current that the pack gives."""
        return self._point.ma if self.on_pack else 0

    @property
    def pack_mv(self) -> int:
        """The pack's voltage: the sum of its cells'."""
        return sum(cell.mv(self.pack_ma) for cell in self.pack.cells)

    def charge_mas(self, now: int) -> int:
        """The charge that the pack has given so far, in mAs."""
        self._count(now)
        return self._drawn_nas // 1_000_000

    def _count(self, now: int) -> None:
        idle_ua = IDLE_UA if self.on_pack else 0
        self._drawn_nas += (self.pack_ma * 1000 + idle_ua) * (now - self._counted_to)
        self._counted_to = now

    def settle(self, now: int) -> None:
        """Work out currents, voltages and speed as they are from `now` on."""
        self._count(now)
        self.bolt.settle(now)
        # The motor's 1 locks; the bolt counts from locked.
        way = -self.motor.direction
        state = self.motor.state(now, held=self.bolt.held(now, way))
        point = self._solve(state)
        self._point = point
        self.motor_ma = motors.RUNNING_MA if state == motors.RUNNING else point.shunt_ma
        running = state == motors.RUNNING
        self.bolt.push(now, way, motors.bolt_speed(point.mv) if running else 0)

    def _solve(self, motor_state: str) -> Point:
        external = self.supply == "external"
        return working_point(
            USB_MV if external else self.pack.ocv_mv,
            USB_MOHM if external else self.pack.r_mohm,
            fixed_ma=motors.RUNNING_MA if motor_state == motors.RUNNING else 0,
            shunt_mohm=motors.WINDING_MOHM if motor_state in (motors.INRUSH, motors.STALLED) else 0,
            load=self.load,
        )

    def next_ms(self, now: int) -> int:
        """Milliseconds until something here changes by itself; -1: never."""
        waits = (self.motor.next_ms(now), self.bolt.next_ms(now))
        return min((wait for wait in waits if wait >= 0), default=-1)
