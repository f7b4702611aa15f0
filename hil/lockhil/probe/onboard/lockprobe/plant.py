"""What hangs on the unit's wires, as a model: pack, test load, motor and bolt. Integers only.

It lives here because the unit looks within milliseconds, and a host is too far away for that. Its
figures and forms are `locksim.plant`'s with a fixed pack, and a test holds the two together; it has
no pins and no clock.
"""

from locksim import motor as motors
from locksim.bolt import Bolt

USB_MV = 5000
USB_MOHM = 200
LOAD_MA = 600
LOAD_ON_MOHM = 500


def working_point(
    open_mv: int, mohm: int, fixed_ma: int, shunt_mohm: int, load: bool
) -> "tuple[int, int, int]":
    """The supply's voltage (mV) and current (mA), and the shunt's share; see `locksim.circuit`."""
    point = _loaded(open_mv, mohm, fixed_ma + (LOAD_MA if load else 0), shunt_mohm)
    if not load or point[0] * 1000 >= LOAD_MA * LOAD_ON_MOHM:
        return point
    both = LOAD_ON_MOHM * shunt_mohm // (LOAD_ON_MOHM + shunt_mohm) if shunt_mohm else LOAD_ON_MOHM
    mv, ma, _ = _loaded(open_mv, mohm, fixed_ma, both)
    return mv, ma, mv * 1000 // shunt_mohm if shunt_mohm else 0


def _loaded(open_mv: int, mohm: int, fixed_ma: int, shunt_mohm: int) -> "tuple[int, int, int]":
    mv = open_mv - fixed_ma * mohm // 1000
    if not shunt_mohm:
        return mv, fixed_ma, 0
    mv = mv * shunt_mohm // (shunt_mohm + mohm)
    shunt_ma = mv * 1000 // shunt_mohm
    return mv, fixed_ma + shunt_ma, shunt_ma


class Plant:
    """All of it; times are ms of the probe. `supply`: battery, external or unknown."""

    def __init__(self, bolt: str = "locked") -> None:
        self.cells: "list[tuple[int, int]]" = [(3000, 300), (3000, 300)]
        self.bolt = Bolt(bolt)
        self.motor = motors.Motor()
        self.supply = "battery"
        self.load = False
        self.connected = True
        self.temperature_c = 20
        self.motor_ma = 0
        self.pack_ma = 0

    def cell_mv(self, cell: int) -> int:
        """The voltage of one cell now; below 0 its neighbours reverse it."""
        open_mv, mohm = self.cells[cell]
        return open_mv - self.pack_ma * mohm // 1000

    def node_mv(self, cells: int) -> int:
        """The voltage over the lowest so many cells, as a converter sees it."""
        return max(0, sum([self.cell_mv(cell) for cell in range(cells)]))

    def pack_mv(self) -> int:
        """The voltage of the whole pack."""
        return sum([self.cell_mv(cell) for cell in range(len(self.cells))])

    def settle(self, now: int) -> None:
        """Work out currents, voltages and speed as they are from `now` on."""
        self.bolt.settle(now)
        # The motor's 1 locks; the bolt counts from locked.
        way = -self.motor.direction
        state = self.motor.state(now, self.bolt.held(now, way))
        running = state == motors.RUNNING
        running_ma = motors.running_ma(self.temperature_c)
        external = self.supply == "external"
        mv, ma, shunt_ma = working_point(
            USB_MV if external else sum([cell[0] for cell in self.cells]),
            USB_MOHM if external else sum([cell[1] for cell in self.cells]),
            running_ma if running else 0,
            motors.WINDING_MOHM if state in (motors.INRUSH, motors.STALLED) else 0,
            self.load,
        )
        self.pack_ma = ma if self.connected and not external else 0
        self.motor_ma = running_ma if running else shunt_ma
        self.bolt.push(now, way, motors.bolt_speed(mv) if running else 0)

    def next_ms(self, now: int) -> int:
        """Milliseconds until something here changes by itself; -1: never."""
        motor, bolt = self.motor.next_ms(now), self.bolt.next_ms(now)
        if motor < 0 or bolt < 0:
            return max(motor, bolt)
        return min(motor, bolt)
