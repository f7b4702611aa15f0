"""What hangs on the supply, and the voltage and currents that result.

A still picture: it knows no time and no cause, only what is connected now.
"""

from dataclasses import dataclass

# The test load: a sink that takes about the motor's current, until its switch limits it.
LOAD_MA = 600
LOAD_ON_MOHM = 500


@dataclass(frozen=True, slots=True)
class Point:
    """A working point: the supply's voltage (mV), its current (mA), and the shunt's share (mA)."""

    mv: int
    ma: int
    shunt_ma: int


def working_point(
    ocv_mv: int, r_mohm: int, *, fixed_ma: int = 0, shunt_mohm: int = 0, load: bool = False
) -> Point:
    """The point of a supply (`ocv_mv` behind `r_mohm`) that feeds a fixed current, a resistance
    (`shunt_mohm`, 0: none) and the test load, all or some of them."""
    sink_ma = LOAD_MA if load else 0
    point = _loaded(ocv_mv, r_mohm, fixed_ma + sink_ma, shunt_mohm)
    if not load or point.mv * 1000 >= LOAD_MA * LOAD_ON_MOHM:
        return point
    # Too little voltage for the sink: it is fully on, and a plain resistance.
    both = LOAD_ON_MOHM * shunt_mohm // (LOAD_ON_MOHM + shunt_mohm) if shunt_mohm else LOAD_ON_MOHM
    point = _loaded(ocv_mv, r_mohm, fixed_ma, both)
    return Point(point.mv, point.ma, point.mv * 1000 // shunt_mohm if shunt_mohm else 0)


def _loaded(ocv_mv: int, r_mohm: int, fixed_ma: int, shunt_mohm: int) -> Point:
    mv = ocv_mv - fixed_ma * r_mohm // 1000
    if not shunt_mohm:
        return Point(mv, fixed_ma, 0)
    mv = mv * shunt_mohm // (shunt_mohm + r_mohm)
    shunt_ma = mv * 1000 // shunt_mohm
    return Point(mv, fixed_ma + shunt_ma, shunt_ma)
