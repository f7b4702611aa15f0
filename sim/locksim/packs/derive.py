"""`python -m locksim.packs.derive [NAME ...]`: a pack's profile, from the law of its cells.

It prints what the files hold; whoever changed a cell puts it there. What the levels are worth is
measured elsewhere, on units in the simulated world.
"""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from locksim import motor as motors
from locksim.cells.cell import Cell
from locksim.packs.deliverable import DISCHARGED_SHARE, deliverable_mah
from locksim.packs.deliverable import LOAD_MS as DIAGNOSTIC_MS
from locksim.packs.load import PackKind, kinds
from locksim.packs.slot import Slot
from locksim.plant import BROWN_OUT_MV
from lockunit.settings import Settings

# How far real cells lie from their kind: resistance by so much, the converter by so much.
SPREAD = 0.15
CONVERTER = 0.01
# What is still in the weakest pack that has to pass.
LEFT = 0.10
SAMPLE_MS = 200
# 16 actuations and the electronics take about this much a day ...
MAH_A_DAY = 3.2
# ... and a warning is to come so many times earlier than it has to.
AMPLE = 1.5
SOON_DAYS, NOW_DAYS = 30, 7
# A pack must open with this much to spare.
_MOTOR_MIN_MV = Settings().motor_min_mv


@dataclass(frozen=True)
class Levels:
    """What a profile says of a pack, and how much room there was."""

    discharged_mv: int
    now_mv: int
    soon_mv: int
    sag_cold: int
    sag_cool: int
    sag_hot: int
    room_mv: int
    """Between the worst pack that has to pass and the best one that must not."""
    half_mv: int
    """The least that a half-full pack shows: a `soon_mv` above it warns for nothing."""
    opens_until: float
    """The depth at which the coldest pack can't start the motor any more."""


def empty_at(kind: PackKind, resistance: float = 1.0) -> float:
    """The depth at which a cell of this share of its kind's resistance is empty."""
    cell = kind.new_cell(resistance=resistance)
    return deliverable_mah(Slot(cell, buffer=kind.new_buffer()), kind.profile) / cell.capacity_mah


def derive(kind: PackKind) -> Levels:
    """The levels for `kind` between its profile's temperatures."""
    law, profile = kind.law(), kind.profile
    cold, cool, hot = (round(100 * law.rates(c).resistance) for c in (-20.0, 0.0, 40.0))
    sags = (cold, cool, hot)
    temps = range(math.ceil(profile.lowest_c), math.floor(profile.highest_c) + 1, 5)

    def seen(depth: float, resistance: float, ms: int, temp_c: float) -> float:
        cell = kind.new_cell(resistance=resistance, used=depth, temp_c=temp_c)
        rest, loaded = _loaded(cell, profile.load_ma, ms, temp_c)
        return rest - (rest - loaded) * 100 / sag_percent(sags, temp_c)

    worst_good, best_bad = math.inf, -math.inf
    for spread in (1 - SPREAD, 1.0, 1 + SPREAD):
        empty = empty_at(kind, spread)
        for temp in temps:
            good = seen(empty * (1 - LEFT), spread, DIAGNOSTIC_MS, temp)
            bad = seen(empty * DISCHARGED_SHARE, spread, DIAGNOSTIC_MS, temp)
            worst_good = min(worst_good, good * (1 - CONVERTER))
            best_bad = max(best_bad, bad * (1 + CONVERTER))
    opens_until = _opens_until(kind)
    ends = min(opens_until, empty_at(kind))
    capacity = law.capacity_mah * kind.parallel

    def warned(days: float) -> float:
        depth = ends - AMPLE * days * MAH_A_DAY / capacity
        return max(seen(depth, 1 - SPREAD, SAMPLE_MS, temp) for temp in temps)

    discharged = best_bad + 0.6 * (worst_good - best_bad)
    now = max(warned(NOW_DAYS), discharged)
    soon = max(warned(SOON_DAYS), now)
    return Levels(
        discharged_mv=math.ceil(discharged),
        now_mv=math.ceil(now),
        soon_mv=math.ceil(soon),
        sag_cold=cold,
        sag_cool=cool,
        sag_hot=hot,
        room_mv=round(worst_good - best_bad),
        half_mv=math.floor(min(seen(0.5, 1 + SPREAD, SAMPLE_MS, temp) for temp in temps)),
        opens_until=opens_until,
    )


def sag_percent(sags: tuple[int, int, int], temp_c: float) -> float:
    """The sag at `temp_c` as the unit reckons it, in per cent of that at 20 C."""
    knots = ((-20.0, sags[0]), (0.0, sags[1]), (20.0, 100), (40.0, sags[2]))
    if temp_c <= knots[0][0]:
        return knots[0][1]
    for (low, a), (high, b) in pairwise(knots):
        if temp_c <= high:
            return a + (b - a) * (temp_c - low) / (high - low)
    return knots[-1][1]


def _loaded(cell: Cell, ma: float, ms: int, temp_c: float) -> tuple[float, float]:
    """A rested cell's voltage before, and at the end of, `ms` of a load."""
    rest = cell.at(0).open_mv
    cell.carry(0, ma, temp_c)
    return rest, cell.at(ms).mv(ma)


def _opens_until(kind: PackKind) -> float:
    """The depth at which the inrush takes the coldest pack below the brown-out, or its rest isn't
    enough for the unit to try."""

    def enough(depth: float) -> float:
        cell = kind.new_cell(used=depth, resistance=1 + SPREAD, temp_c=kind.profile.lowest_c)
        moment = cell.at(0)
        rest = kind.series * moment.open_mv
        inner = kind.series * moment.mohm
        starting = rest * motors.WINDING_MOHM / (motors.WINDING_MOHM + inner)
        return min(starting - BROWN_OUT_MV, rest - _MOTOR_MIN_MV)

    return _last_above(enough, 0.0)


def _last_above(value_at: Callable[[float], float], level: float) -> float:
    """The depth at which a falling value reaches `level`; 0 where it never was above."""
    low, high = 0.0, 1.05
    if value_at(low) <= level:
        return 0.0
    for _ in range(40):
        middle = (low + high) / 2
        if value_at(middle) > level:
            low = middle
        else:
            high = middle
    return low


def main() -> None:
    for name in sys.argv[1:] or kinds():
        kind = kinds()[name]
        levels = derive(kind)
        print(name)  # noqa: T201
        for key in ("soon_mv", "now_mv", "discharged_mv", "sag_cold", "sag_cool", "sag_hot"):
            print(f"  {key} = {getattr(levels, key)}")  # noqa: T201
        print(  # noqa: T201
            f"  # room {levels.room_mv} mV; half full at least {levels.half_mv} mV; "
            f"opens until {levels.opens_until:.3f}, empty at {empty_at(kind):.3f}"
        )


if __name__ == "__main__":
    main()
