"""What lies ahead of one unit's battery: its readings, their trend, and the expected date in words.

It brings `standing`, the cells and the readings together, for the overview and the report alike.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING

from lockrig.i18n import _
from lockrig.overview import expected
from lockrig.overview.cells import as_day, as_time, expected_change, readings
from lockrig.overview.expected import Expected
from lockrig.overview.standing import Stand
from lockrig.records.record import stamp
from lockrig.records.times import day

if TYPE_CHECKING:
    from locksim.packs.load import PackKind

_TREND_DAYS = 180
_LEAST_TREND_DAYS, _LEAST_TREND_READINGS = 30, 4
# A change by less than this in 30 days is none.
_STEADY_MV = 4.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """`read`: when, and the weakest cell under load as at 20 C (mV). `trend`: a word of TRENDS;
    `mv_30_days`: by how much it changes in 30 days."""

    read: list[tuple[datetime, int]]
    trend: str
    mv_30_days: float | None
    expected: Expected
    kind: str

    def date(self) -> str:
        """The expected date, or "" where there is none."""
        found = self.expected.day
        return "" if found is None else day(as_time(found))

    def why_not(self, now: datetime) -> str:
        """Why there is no date; "" if there is one."""
        if not self.expected.why_not:
            return ""
        days = [as_day(at) for at, _mv in self.read]
        return _(self.expected.why_not).format(
            count=len(days),
            least=expected.LEAST_DAYS if days[1:] else expected.LEAST_READINGS,
            days=round(
                (days[-1] - days[0] if self.expected.why_not == expected.SHORT else 0)
                or (as_day(now) - days[-1] if days else 0)
            ),
            pack=self.kind,
        )

    def document(self, now: datetime) -> dict[str, object]:
        """For programs; dates are UTC."""
        told = self.expected
        dates = {
            name: None if value is None else stamp(as_time(value))[:10]
            for name, value in (
                ("date", told.day),
                ("earliest", told.earliest),
                ("latest", told.latest),
            )
        }
        return {
            "pack": self.kind,
            "trend": self.trend,
            "mv_30_days": None if self.mv_30_days is None else round(self.mv_30_days, 1),
            "readings": len(self.read),
            "expected": {**dates, "why_not": self.why_not(now) or None},
        }


def outlook(
    made: Stand,
    kind: "PackKind",
    now: datetime,
    more: list[tuple[datetime, int]] | None = None,
) -> Outlook:
    """What lies ahead of a unit with such a pack; `more` readings, from its journal, say."""
    since = max((change.at for change in made.changed), default=None)
    later = [(at, mv) for at, mv in more or [] if since is None or at >= since]
    read = sorted([*((at, mv) for at, _each, mv in readings(made, kind)), *later])
    read = [(at, mv) for at, mv in read if at <= now.astimezone(UTC)]
    trend, slope = _trend(read)
    return Outlook(read, trend, slope, expected_change(made, read, kind, now), kind.name)


def _trend(read: list[tuple[datetime, int]]) -> tuple[str, float | None]:
    """The median of the slopes between all pairs of readings (Theil and Sen), in mV in 30 days."""
    if not read:
        return "unknown", None
    last = as_day(read[-1][0])
    points = [(as_day(at), mv) for at, mv in read if last - as_day(at) <= _TREND_DAYS][-120:]
    if len(points) < _LEAST_TREND_READINGS or last - points[0][0] < _LEAST_TREND_DAYS:
        return "unknown", None
    slopes = [
        30 * (b[1] - a[1]) / (b[0] - a[0])
        for index, a in enumerate(points)
        for b in points[index + 1 :]
        if b[0] - a[0] >= 1
    ]
    slope = median(slopes)
    if abs(slope) < _STEADY_MV:
        return "steady", slope
    return ("falling" if slope < 0 else "rising"), slope
