"""The simulator's cells behind an expected date: a pack's curve, and readings as at 20 C.

It looks up and converts; the date is `expected`'s.
"""

from datetime import UTC, datetime
from functools import cache

from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.overview.expected import ALREADY, SUSPECTED, UNSUPPORTED, Curve, Expected, Reading
from lockrig.overview.expected import expected as expected_day
from lockrig.overview.seen import LINK, Observation
from lockrig.overview.standing import Stand
from lockrig.trace.terminal import safe
from locksim.packs.load import PackKind, kinds
from locksim.packs.probe import loaded_mv
from locksim.packs.slot import Slot
from lockunit.cells import at_20, sag_percent

# The pack that a unit is set for unless told otherwise.
USUAL = "cr123a-2s"
_POINTS = 100
_DAY_S = 86_400
_WARM_C = 20


def pack_kind(name: str) -> PackKind:
    """The kind of pack called so; LockrigError (usage)."""
    found = kinds().get(name)
    if found is None:
        told = _("unknown kind of pack {name}; there are {names}")
        names = ", ".join(kinds())
        raise LockrigError(told.format(name=safe(repr(name)), names=names), Exit.USAGE)
    return found


@cache
def curve(name: str) -> Curve:
    """The voltage of one cell of such a pack under the test load, as it is used up."""
    kind = kinds()[name]
    mv: list[float] = []
    for point in range(_POINTS + 1):
        slot = Slot(kind.new_cell(used=point / _POINTS), buffer=kind.new_buffer())
        value = loaded_mv(slot, kind.profile.load_ma, 0, _WARM_C)
        mv.append(min([value, *mv[-1:]]))
    return Curve(tuple(mv), kind.profile.now_mv)


def warm_mv(kind: PackKind, rest_mv: int, loaded_mv: int, temp_c: int) -> int:
    """The weakest cell's loaded voltage as it would be at 20 C, as the unit reckons it.

    `rest_mv` is the whole pack's: of the weakest cell alone nobody was told.
    """
    return at_20(rest_mv // kind.series, loaded_mv, sag_percent(kind.settings(), temp_c))


def readings(made: Stand, kind: PackKind) -> list[tuple[datetime, Observation | None, int]]:
    """What was read of the battery that is in now: when, by what, and in mV as at 20 C."""
    since = max((change.at for change in made.changed), default=None)
    found: list[tuple[datetime, Observation | None, int]] = []
    for each in made.observed:
        if since is not None and each.at < since:
            continue
        if each.source != LINK or each.supply != "battery" or each.fits is False:
            continue
        if each.loaded_mv is None or each.rest_mv is None or each.temp_c is None:
            continue
        found.append((each.at, each, warm_mv(kind, each.rest_mv, each.loaded_mv, each.temp_c)))
    return found


def expected_change(
    made: Stand, read: list[tuple[datetime, int]], kind: PackKind, now: datetime
) -> Expected:
    """When the unit is expected to say CHANGE_NOW, in days since 1970 (UTC)."""
    if made.suspected:
        return Expected(why_not=SUSPECTED)
    if made.shown == "now":
        return Expected(why_not=ALREADY)
    if kind.unsupported:
        return Expected(why_not=UNSUPPORTED)
    last = made.changed[-1] if made.changed else None
    new_on = as_day(last.at) if last is not None and last.new else None
    usable = [Reading(as_day(at), float(mv)) for at, mv in sorted(read) if at <= now]
    return expected_day(usable, curve(kind.name), as_day(now), new_on)


def as_day(when: datetime) -> float:
    """A time as days since 1970."""
    return when.timestamp() / _DAY_S


def as_time(day: float) -> datetime:
    """Days since 1970 as a time."""
    return datetime.fromtimestamp(day * _DAY_S, UTC)
