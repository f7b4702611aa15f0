"""When a battery is expected to be changed: the cells' own curve, laid through what was read.

A pure function of readings and a curve of the simulator's cells. It is a date to plan by; it judges
no battery. docs/overview.md tells how far it was wrong in simulated lives.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lockrig.i18n import later

# Fewer readings, or a shorter time, say nothing of a trend.
LEAST_READINGS = 6
LEAST_DAYS = 45
# Older readings are of another season.
MOST_DAYS = 400
# A gap to the last reading, after which nobody knows what happened since.
STALE_DAYS = 60
# Farther ahead nobody sees, in days or in times of what was seen.
FARTHEST_DAYS, FARTHEST_SPANS = 180, 3
# Readings differ: the motor takes more than the test load. The level falls by the lower ones.
_LOW_SHARE = 0.25
_OFFSET_MV = (-160.0, 40.0)
_OFFSET_COSTS = 0.05
# A pack whose readings lie so far off the cells' curve isn't one of these cells, or is passivated.
_MOST_OFF_MV = 70.0
_STEPS_BEGIN = 12
_RESAMPLES = 12
# More readings than this in a fit make it slower, and no better.
_MOST_READINGS = 80
# The model's own error, whatever the readings agree on: measured.
_LEAST_SHARE, _LEAST_HALF_DAYS = 0.6, 45.0

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


@dataclass(frozen=True, slots=True)
class Expected:
    """Days (as the readings') on which the level is expected to become CHANGE_NOW; else `why_not`.

    How often it was between `earliest` and `latest` in simulated lives, docs/overview.md tells.
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
    kept = _thinned(kept)
    best = _fit(kept, curve, new_on)
    if best.off_mv > _MOST_OFF_MV:
        return Expected(why_not=OFF)
    day = best.crosses(curve)
    luck = random.Random(len(kept))  # noqa: S311 the same readings, the same date
    days = sorted(
        _fit(again, curve, new_on, best).crosses(curve)
        for again in (_some(kept, luck) for _ in range(_RESAMPLES))
    )
    half = max(_LEAST_HALF_DAYS, _LEAST_SHARE * (day - today))
    early, late = min(days[1], day - half), max(days[-2], day + half)
    ahead = day - today
    if ahead > max(FARTHEST_DAYS, FARTHEST_SPANS * span) or late - early > 2 * max(ahead, 60.0):
        return Expected(why_not=VAGUE)
    return Expected(max(day, today), max(early, today), max(late, today))


def _thinned(readings: Sequence[Reading]) -> list[Reading]:
    """At most `_MOST_READINGS` of them, the last ones among them, over the same time."""
    count = len(readings)
    if count <= _MOST_READINGS:
        return list(readings)
    return [readings[count - 1 - i * count // _MOST_READINGS] for i in range(_MOST_READINGS)][::-1]


def _some(readings: Sequence[Reading], luck: random.Random) -> list[Reading]:
    """As many, drawn with repetition; the first and the last stay."""
    drawn = luck.choices(readings, k=len(readings) - 2)
    return sorted([readings[0], *drawn, readings[-1]], key=lambda reading: reading.day)


def _fit(
    readings: Sequence[Reading], curve: Curve, new_on: float | None, near: _Fit | None = None
) -> _Fit:
    """The use from day to day under which the curve lies nearest to the readings (least sum of
    distances, so that a few odd ones don't matter); `near` one that is known."""
    last = readings[-1].day
    if near is None:
        shares = [share / 100 for share in range(4, 101, 4)]
        near = _nearest(readings, curve, _uses(readings, shares, new_on))
    middle = near.begun + near.a_day * last
    shares = [middle + step / 100 for step in range(-6, 7) if 0.02 < middle + step / 100 <= 1]
    return _nearest(readings, curve, _uses(readings, shares or [1.0], new_on))


def _uses(
    readings: Sequence[Reading], shares: Sequence[float], new_on: float | None
) -> Iterator[tuple[float, float]]:
    """Straight lines of use, each as what was used on day 0 and a day, that end at `shares`."""
    first, last = readings[0].day, readings[-1].day
    for share in shares:
        if new_on is not None and new_on < last:
            a_day = share / (last - new_on)
            yield -a_day * new_on, a_day
        else:
            for begin in range(_STEPS_BEGIN):
                a_day = share * (1 - begin / _STEPS_BEGIN) / (last - first)
                yield share - a_day * last, a_day


def _nearest(
    readings: Sequence[Reading], curve: Curve, uses: Iterator[tuple[float, float]]
) -> _Fit:
    best: tuple[float, _Fit] | None = None
    for begun, a_day in uses:
        off = sorted(reading.mv - curve.at(begun + a_day * reading.day) for reading in readings)
        middle = min(max(off[len(off) // 2], _OFFSET_MV[0]), _OFFSET_MV[1])
        loss = sum(abs(mv - middle) for mv in off) / len(off)
        costs = loss + _OFFSET_COSTS * abs(middle)
        if best is None or costs < best[0]:
            low = off[int(_LOW_SHARE * (len(off) - 1))]
            best = (costs, _Fit(begun, a_day, loss, low))
    assert best is not None
    return best[1]
