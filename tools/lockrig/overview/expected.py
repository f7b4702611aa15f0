"""When a battery is expected to be changed: the cells' own curve, laid through what was read.

A pure function of readings and a curve of the simulator's cells. It is a date to plan by; it judges
no battery. docs/overview.md tells how far it was wrong in simulated lives.
"""

import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lockrig.i18n import later

# Fewer readings, or a shorter time, say nothing of a trend.
LEAST_READINGS = 6
LEAST_DAYS = 45
# Older readings are of another season.
MOST_DAYS = 400
# A gap to the last reading, after which nobody knows what happened since.
STALE_DAYS = 60
# A date so far away, or known no better than that, is no help to anybody.
FARTHEST_DAYS = 1_500
WIDEST_SHARE = 1.2
# Readings differ: the motor takes more than the test load. The level falls by the lower ones.
_LOW_SHARE = 0.25
_OFFSET_MV = (-160.0, 40.0)
_OFFSET_COSTS = 0.05
# A pack whose readings lie so far off the cells' curve isn't one of these cells, or is passivated.
_MOST_OFF_MV = 70.0
_STEPS_END, _STEPS_BEGIN = 96, 12
_RESAMPLES = 16
# The model's own error, whatever the readings agree on: measured.
_LEAST_SHARE, _LEAST_HALF_DAYS = 0.25, 20.0

FEW = later("too few readings: {count} of at least {least}")
SHORT = later("the readings span only {days} days, {least} are the least")
OLD = later("the last reading is {days} days old")
OFF = later("the readings don't fit the cells of {pack}: another kind, or a passivated cell")
VAGUE = later("the readings don't show a trend yet")
UNSUPPORTED = later("nothing can be expected of a pack of the kind {pack}")
SUSPECTED = later("the battery is under suspicion: that comes first")
ALREADY = later("the unit says so already: change it now")


@dataclass(frozen=True, slots=True)
class Reading:
    """The weakest cell under load as at 20 C (mV), `day` days after some day."""

    day: float
    mv: float


@dataclass(frozen=True)
class Curve:
    """A kind of cell: mV under the test load at 20 C over the share that is used, 0 to 1."""

    mv: Sequence[float]
    now_mv: int

    def at(self, share: float) -> float:
        """The voltage (mV) when so much is used."""
        last = len(self.mv) - 1
        place = min(max(share, 0.0), 1.0) * last
        below = min(int(place), last - 1)
        return self.mv[below] + (self.mv[below + 1] - self.mv[below]) * (place - below)

    def falls_below(self, mv: float) -> float:
        """The share at which it falls to `mv`."""
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if self.at(middle) > mv else (low, middle)
        return low

    @cached_property
    def falling(self) -> float:
        """The voltage of a new cell less that of one to be changed."""
        return self.mv[0] - self.now_mv


@dataclass(frozen=True, slots=True)
class Expected:
    """Days (as the readings') on which the level is expected to become CHANGE_NOW; else `why_not`.

    Nine in ten were between `earliest` and `latest` in simulated lives.
    """

    day: float | None = None
    earliest: float | None = None
    latest: float | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class _Fit:
    begun: float
    a_day: float
    off_mv: float
    lower_mv: float

    def crosses(self, curve: Curve) -> float:
        """The day on which the lower readings fall below the level."""
        return (curve.falls_below(curve.now_mv - self.lower_mv) - self.begun) / self.a_day


def expected(
    readings: Sequence[Reading], curve: Curve, today: float, new_on: float | None = None
) -> Expected:
    """What `readings` of one pack let expect; `new_on`: the day on which it came in, new."""
    kept = [reading for reading in readings if reading.day >= today - MOST_DAYS]
    if len(kept) < LEAST_READINGS:
        return Expected(why_not=FEW)
    span = kept[-1].day - kept[0].day
    if span < LEAST_DAYS:
        return Expected(why_not=SHORT)
    if today - kept[-1].day > STALE_DAYS:
        return Expected(why_not=OLD)
    best = _fit(kept, curve, new_on)
    if best.off_mv > _MOST_OFF_MV:
        return Expected(why_not=OFF)
    day = best.crosses(curve)
    luck = random.Random(len(kept))  # noqa: S311 the same readings, the same date
    days = sorted(
        _fit(again, curve, new_on).crosses(curve)
        for again in (_some(kept, luck) for _ in range(_RESAMPLES))
    )
    half = max(_LEAST_HALF_DAYS, _LEAST_SHARE * (day - today))
    early, late = min(days[1], day - half), max(days[-2], day + half)
    ahead = day - today
    if ahead > FARTHEST_DAYS or late - early > 2 * WIDEST_SHARE * max(ahead, 60.0):
        return Expected(why_not=VAGUE)
    return Expected(max(day, today), max(early, today), max(late, today))


def _some(readings: Sequence[Reading], luck: random.Random) -> list[Reading]:
    """As many, drawn with repetition; the first and the last stay."""
    drawn = luck.choices(readings, k=len(readings) - 2)
    return sorted([readings[0], *drawn, readings[-1]], key=lambda reading: reading.day)


def _fit(readings: Sequence[Reading], curve: Curve, new_on: float | None) -> _Fit:
    """The use from day to day under which the curve lies nearest to the readings (least sum of
    distances, so that a few odd ones don't matter)."""
    first, last = readings[0].day, readings[-1].day
    best: tuple[float, _Fit] | None = None
    for end in range(5, 5 + _STEPS_END):
        share = end / (4 + _STEPS_END)
        lines: list[tuple[float, float]] = []
        if new_on is not None and new_on < last:
            a_day = share / (last - new_on)
            lines.append((-a_day * new_on, a_day))
        else:
            for begin in range(_STEPS_BEGIN):
                a_day = share * (1 - begin / _STEPS_BEGIN) / (last - first)
                lines.append((share - a_day * last, a_day))
        for begun, a_day in lines:
            off = [reading.mv - curve.at(begun + a_day * reading.day) for reading in readings]
            middle = min(max(statistics.median(off), _OFFSET_MV[0]), _OFFSET_MV[1])
            loss = statistics.fmean(abs(mv - middle) for mv in off)
            costs = loss + _OFFSET_COSTS * abs(middle)
            if best is None or costs < best[0]:
                low = sorted(off)[int(_LOW_SHARE * (len(off) - 1))]
                best = (costs, _Fit(begun, a_day, loss, low))
    assert best is not None
    return best[1]
