"""How one unit's battery stands, out of what was seen and kept of it: a pure function.

In doubt the worse. Nothing here allows anything: an advert or a remembered level never clears a
suspicion, and a level that is old is never told as good.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lockrig.overview.seen import AIR, CHANGE, LINK, SUSPECTED, Observation
from lockrig.records.standing import Standing

STALE_DAYS = 7
# A clock that is a little ahead somewhere else isn't a time that can't be.
_AHEAD = timedelta(hours=1)
# The worst first: how units are listed, and which word wins.
SHOWN = ("suspected", "now", "soon", "unknown", "good")
# The unit's word -> the one that is shown.
LEVELS = {
    "GOOD": "good",
    "UNKNOWN": "unknown",
    "CHANGE_SOON": "soon",
    "CHANGE_NOW": "now",
    SUSPECTED: "suspected",
}
_RANK = {"GOOD": 0, "UNKNOWN": 1, "CHANGE_SOON": 2, "CHANGE_NOW": 3}


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of the battery that is known of: `new` and proved, `desk` made by the service desk.

    `ident` is the record of it, "" where only the unit's own count tells of it.
    """

    at: datetime
    new: bool
    desk: bool = False
    ident: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a unit is under suspicion: a word of the unit's or of the records', since when, told by
    what."""

    word: str
    at: datetime | None
    source: str
    file: str = ""


@dataclass(slots=True)
class Stand:
    """`shown` is one of SHOWN; `level` the unit's own word. `seen_at`: when that was last told.

    `stale`: it is older than the days that were asked for, or from a time that can't be.
    """

    unit: str
    shown: str = "unknown"
    level: str = "UNKNOWN"
    since: datetime | None = None
    seen_at: datetime | None = None
    source: str = ""
    stale: bool = False
    told_fresh: bool = False
    customer: str = ""
    firmware: str = ""
    grounds: list[Ground] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    observed: list[Observation] = field(default_factory=list)

    @property
    def suspected(self) -> bool:
        """Whether only the service desk may touch it."""
        return self.shown == "suspected"

    def age(self, now: datetime) -> timedelta | None:
        """How old the newest word of it is; None: nothing was told, or at a time that can't be."""
        if self.seen_at is None or self.seen_at > now + _AHEAD:
            return None
        return max(timedelta(), now - self.seen_at)


def stand(
    unit: str,
    observed: Sequence[Observation],
    changed: Iterable[Changed],
    cleared: Iterable[datetime],
    *,
    records: Standing,
    now: datetime,
    stale_days: float = STALE_DAYS,
    unreachable: datetime | None = None,
) -> Stand:
    """How `unit` stands. `cleared`: when the service desk lifted its stop; `unreachable`: since
    when a change is open whose unit was lost."""
    made = Stand(unit, observed=list(observed))
    made.changed = sorted([*changed, *_counted(observed)], key=lambda change: change.at)
    for each in observed:
        made.customer = each.customer or made.customer
        made.firmware = each.firmware or made.firmware
    _level(made)
    made.grounds = _grounds(made, list(cleared), records, unreachable)
    age = made.age(now)
    made.stale = age is None or age > timedelta(days=stale_days)
    made.shown = LEVELS[made.level]
    if made.shown == "good" and made.stale:
        made.shown = "unknown"
        if age is not None:
            made.since = now - age + timedelta(days=stale_days)
    if made.grounds:
        made.shown, made.level = "suspected", SUSPECTED
        made.since = min((g.at for g in made.grounds if g.at is not None), default=None)
    return made


def order(made: Stand) -> tuple[int, str]:
    """Where it comes in the overview: the worst first."""
    return SHOWN.index(made.shown), made.unit


def _counted(observed: Sequence[Observation]) -> Iterable[Changed]:
    """Changes that only the unit's own count tells of: the battery isn't the one of before."""
    before: int | None = None
    for each in observed:
        if each.source == LINK and each.swaps is not None:
            if before is not None and each.swaps > before:
                yield Changed(each.at, new=False)
            before = each.swaps


def _level(made: Stand) -> None:
    """The level, since when, and when last told: the unit's own word, or an advert's if worse."""
    told: Observation | None = None
    for each in made.observed:
        if each.level == SUSPECTED or (told is not None and not _counts(each, told)):
            continue
        if told is None or told.level != each.level:
            made.since = each.at
        elif each.source == AIR != told.source:
            # Hearsay that agrees keeps it fresh, and doesn't take the unit's own word away.
            each = replace(told, at=each.at)  # noqa: PLW2901
        told = each
    if told is not None:
        made.level, made.source = told.level, told.source
        made.seen_at, made.told_fresh = told.at, told.fresh


def _counts(each: Observation, told: Observation) -> bool:
    """Whether it is newer word: an advert makes nothing better that the unit itself said."""
    if each.source != AIR or told.source == AIR or told.level == "UNKNOWN":
        return True
    return _RANK[each.level] >= _RANK[told.level]


def _grounds(
    made: Stand, cleared: list[datetime], records: Standing, unreachable: datetime | None
) -> list[Ground]:
    found = []
    if records.desk:
        found.append(Ground(records.desk, records.since, "records", records.file))
    if unreachable is not None:
        found.append(Ground("unreachable", unreachable, "records"))
    lifted = cleared + [change.at for change in made.changed if change.desk and change.new]
    for index, each in enumerate(made.observed):
        if each.level != SUSPECTED:
            continue
        later = made.observed[index + 1 :]
        if any(at >= each.at for at in lifted) or any(_disproves(that, each) for that in later):
            continue
        found.append(Ground(each.ground or "told", each.at, each.source))
    first: dict[tuple[str, str], Ground] = {}
    for ground in found:
        first.setdefault((ground.word, ground.source), ground)
    times = [ground.at for ground in found if ground.at is not None]
    if times:
        made.seen_at = max(times) if made.seen_at is None else max(made.seen_at, *times)
    return list(first.values())


def _disproves(later: Observation, suspicion: Observation) -> bool:
    """Whether the unit itself says, after another change of its battery, that all is well; what
    only an advert claimed needs no change for that."""
    if later.source not in (LINK, CHANGE) or later.level == SUSPECTED or not later.fresh:
        return False
    if suspicion.source == AIR:
        return True
    counts = later.swaps, suspicion.swaps
    return counts[0] is not None and counts[1] is not None and counts[0] > counts[1]
