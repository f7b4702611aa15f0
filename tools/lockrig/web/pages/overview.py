"""How the batteries of all units stand that are known here, and one unit's in detail; to read only.

What is known and what it means is `lockrig.overview`'s; nothing here permits anything.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lockrig.i18n import _, later
from lockrig.overview import words
from lockrig.overview.cells import USUAL, pack_kind
from lockrig.overview.command import Row, as_workbook
from lockrig.overview.details import Details
from lockrig.overview.gather import Known, gather
from lockrig.overview.outlook import Outlook, outlook
from lockrig.overview.report import as_workbook as report_workbook
from lockrig.overview.report import body
from lockrig.overview.standing import SHOWN, STALE_DAYS, Stand, order
from lockrig.records.asked import reading
from lockrig.records.record import normal_label
from lockrig.records.times import day
from lockrig.trace.terminal import safe
from lockrig.web.site import Card, Site

T = TypeVar("T")
# A date takes long to find, and there are many units: what was found of each, and out of what.
_kept: dict[str, tuple[object, Outlook]] = {}
_MOST_KEPT = 10_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def routes(site: Site) -> list[BaseRoute]:
    """The page's routes; those of training are below its own."""
    return [
        route
        for training, at in ((False, "/overview"), (True, "/training/overview"))
        for route in (
            Route(at, partial(_all, site, training)),
            Route(f"{at}.xlsx", partial(_all_xlsx, site, training)),
            Route(f"{at}/{{unit}}.xlsx", partial(_one_xlsx, site, training)),
            Route(f"{at}/{{unit}}", partial(_one, site, training)),
        )
    ]


def summary(folder: Path) -> str:
    """How many there are that somebody must do something about."""
    stands = _known(folder, datetime.now(UTC), training=False).stands
    return _(
        "{units} units are known here: {suspected} suspected, {now} to be changed now, {stale} of "
        "which nothing was heard lately."
    ).format(
        units=len(stands),
        suspected=sum(made.suspected for made in stands),
        now=sum(made.shown == "now" for made in stands),
        stale=sum(made.stale for made in stands),
    )


CARD = Card(
    "/overview",
    later("How all batteries stand"),
    later("What is known here of each unit, the worst first. It permits nothing."),
    summary=summary,
)


def _known(folder: Path, now: datetime, *, training: bool, only: str | None = None) -> Known:
    with reading(folder):
        known = gather(folder, now, training=training, only=only)
    for made in known.stands:
        # Where the folder lies on this computer is nobody's business on another.
        made.grounds = [
            replace(each, file=each.file.replace(f"{folder}{os.sep}", "")) for each in made.grounds
        ]
    return known


def _rows(known: Known, now: datetime) -> list[Row]:
    return [(made, _ahead(made, now)) for made in sorted(known.stands, key=order)]


def _ahead(made: Stand, now: datetime) -> Outlook:
    """What lies ahead of the unit; looked for once a day, or when something new is known of it."""
    key = (now.date(), made.shown, made.changed, made.observed)
    kept = _kept.get(made.unit)
    if kept is None or kept[0] != key:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        kept = _kept[made.unit] = key, outlook(made, pack_kind(USUAL), now)
    return kept[1]


async def _all(site: Site, training: bool, request: Request) -> Response:
    now = datetime.now(UTC)

    def made() -> tuple[Known, list[Row]]:
        known = _known(site.folder, now, training=training)
        return known, _rows(known, now)

    known, rows = await site.look(made)
    suspected = [stand for stand, _ahead in rows if stand.suspected]
    groups = [
        (shown, _(words.SHOWN[shown]), [_card(row, now) for row in rows if row[0].shown == shown])
        for shown in SHOWN
    ]
    values = {
        "at": request.url.path,
        "damaged": [safe(each) for each in known.damaged],
        "desk_only": words.desk_only(suspected) if suspected else "",
        "groups": [group for group in groups if group[2]],
        "stale_days": STALE_DAYS,
        "training": training,
    }
    return site.page(request, "overview.html.j2", values)


def _card(row: Row, now: datetime) -> dict[str, object]:
    made, ahead = row
    told = _(words.SOURCES[made.source or ("records" if made.grounds else "nothing")])
    if made.age(now) is None and made.seen_at is not None:
        told = _("from the future: a clock was wrong")
    elif made.seen_at is not None:
        told = _("{age} ago: {source}").format(age=words.age(made, now), source=told)
    return {
        "unit": made.unit,
        "level": words.level(made),
        "stale": _told_long_ago(made),
        "facts": [
            (_("Customer id"), safe(made.customer) or _("not known here")),
            (_("Since"), "-" if made.since is None else day(made.since)),
            (_("Trend"), _(words.TRENDS[ahead.trend])),
            (
                _("Expected change"),
                ahead.date() or _("not known: {why}").format(why=ahead.why_not(now)),
            ),
            (_("Last told"), told),
        ],
        "grounds": [words.ground(each) for each in made.grounds],
    }


def _told_long_ago(made: Stand) -> bool:
    """Whether to say so: a suspicion doesn't grow old, and nothing is neither old nor new."""
    return made.stale and not made.suspected and made.seen_at is not None


async def _all_xlsx(site: Site, training: bool, _request: Request) -> Response:
    def made() -> bytes:
        now = datetime.now(UTC)
        rows = _rows(_known(site.folder, now, training=training), now)
        return as_workbook(rows, now, training=training)

    return site.download(await site.look(made), _named("overview", training), XLSX)


async def _one(site: Site, training: bool, request: Request) -> Response:
    details, told = await _details(site, training, request, lambda each: (each, body(each)))
    made = details.made
    values = {
        "at": request.url.path,
        "back": request.url.path.rpartition("/")[0],
        "body": told,
        "desk_only": words.desk_only([made]) if made.suspected else "",
        "level": words.level(made),
        "stale": _told_long_ago(made),
        "training": training,
        "unit": made.unit,
    }
    return site.page(request, "battery.html.j2", values)


async def _one_xlsx(site: Site, training: bool, request: Request) -> Response:
    unit, data = await _details(
        site, training, request, lambda each: (each.made.unit, report_workbook(each))
    )
    return site.download(data, _named(unit, training), XLSX)


async def _details(site: Site, training: bool, request: Request, made: Callable[[Details], T]) -> T:
    """What `made` gives of the unit that the address names; HTTPException 404."""
    unit = request.path_params["unit"]

    def look() -> T | None:
        now, kind = datetime.now(UTC), pack_kind(USUAL)
        known = _known(site.folder, now, training=training, only=unit)
        if not known.stands:
            return None
        stand = known.stands[0]
        entries = known.entries.get(unit, [])
        return made(Details(stand, _ahead(stand, now), kind, entries, now, training, []))

    found = await site.look(look) if normal_label(unit) == unit else None
    if found is None:
        raise HTTPException(404)
    return found


def _named(what: str, training: bool) -> str:
    return f"lockrig-{'training-' if training else ''}{what}.xlsx"
