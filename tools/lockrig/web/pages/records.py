"""What was kept of diagnoses and battery changes: a list, and one record to read or to print.

All of it is history. An address only ever chooses among what lies in the folder: no path is made
of one.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lockrig.i18n import _, later
from lockrig.records import words
from lockrig.records.asked import entries, loaded
from lockrig.records.entry import DAMAGED, MISSING, VERDICTS, Entry
from lockrig.records.html import body, printed
from lockrig.records.record import normal_label
from lockrig.records.sheet import Sheet, allowed_until
from lockrig.records.showing import document
from lockrig.records.text import closing
from lockrig.records.times import local
from lockrig.trace.terminal import safe
from lockrig.web.site import Card, Site

T = TypeVar("T")
CARD = Card(
    "/records",
    later("Records"),
    later("What was kept of tests and battery changes. It allows nothing today."),
)
# More on one page helps nobody.
MOST = 100


def routes(site: Site) -> list[BaseRoute]:
    """The page's routes; those of training are below its own."""
    return [
        route
        for training, at in ((False, "/records"), (True, "/training/records"))
        for route in (
            Route(at, partial(_list, site, training)),
            Route(f"{at}/{{ident}}.json", partial(_json, site, training)),
            Route(f"{at}/{{ident}}", partial(_one, site, training)),
        )
    ]


async def _list(site: Site, training: bool, request: Request) -> Response:
    typed = request.query_params.get("unit", "").strip()
    verdict = request.query_params.get("verdict", "")
    unit = normal_label(typed) if typed else None
    every = await site.look(lambda: entries(site.folder))
    mine = [entry for entry in every if entry.training == training]
    found = [
        entry
        for entry in reversed(mine)
        if (not typed or entry.unit == unit) and verdict in ("", entry.verdict)
    ]
    values = {
        "at": request.url.path,
        "apart": len(every) - len(mine),
        "all": len(found),
        "closing": closing(),
        "rows": [_row(entry) for entry in found[:MOST]],
        "training": training,
        "typed": typed[:100],
        "verdict": verdict,
        "verdicts": {each: _(words.VERDICTS[each]) for each in VERDICTS},
        "wrong": sum(entry.verdict in (DAMAGED, MISSING) for entry in mine),
    }
    return site.page(request, "records.html.j2", values)


def _row(entry: Entry) -> dict[str, object]:
    until = allowed_until(entry)
    return {
        "id": entry.id,
        "unit": entry.unit,
        "at": local(entry.at),
        "kind": words.word(words.KINDS, entry.kind),
        "verdict": _("was allowed until {until}; it says nothing of now").format(until=until)
        if until
        else words.word(words.VERDICTS, entry.verdict),
        "wrong": entry.verdict in (DAMAGED, MISSING),
        "problem": safe(entry.problem),
    }


async def _one(site: Site, training: bool, request: Request) -> Response:
    def made(sheet: Sheet, _kept: dict[str, bytes]) -> dict[str, object]:
        return {"sheet": sheet, "body": body(sheet)}

    told = await _record(site, training, request, made)
    values = {
        **told,
        "at": request.url.path,
        "back": request.url.path.rpartition("/")[0],
        "closing": closing(),
        "kinds": words.KINDS,
        "printed": printed(),
        "training": training,
    }
    return site.page(request, "record.html.j2", values)


async def _json(site: Site, training: bool, request: Request) -> Response:
    def made(sheet: Sheet, kept: dict[str, bytes]) -> tuple[str, str]:
        return sheet.entry.id, json.dumps(document(sheet, kept), indent=1)

    ident, told = await _record(site, training, request, made)
    return site.download(told, f"lockrig-{ident}.json", "application/json")


async def _record(
    site: Site, training: bool, request: Request, made: Callable[[Sheet, dict[str, bytes]], T]
) -> T:
    """What `made` gives of the record that the address names; HTTPException 404."""
    ident = request.path_params["ident"]

    def look() -> T | None:
        for entry in entries(site.folder):
            if entry.id == ident and entry.training == training:
                return made(*loaded(site.folder, entry))
        return None

    found = await site.look(look)
    if found is None:
        raise HTTPException(404)
    return found
