"""The first page: where to go from here, and what this browser has under way."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lockrig.errors import LockrigError
from lockrig.i18n import _
from lockrig.web.site import Card, Site

# Nobody waits longer for a summary: what is below it is more urgent.
SUMMARY_S = 2


def routes(site: Site) -> list[BaseRoute]:
    """The page's routes."""

    async def start(request: Request) -> Response:
        values = {
            "cards": [(card, await _summary(site, card)) for card in site.cards],
            "under_way": site.diagnoses.under_way(site.browser(request)),
        }
        return site.page(request, "start.html.j2", values)

    return [Route("/", start)]


async def _summary(site: Site, card: Card) -> str:
    """The card's line; nothing that goes wrong in it keeps anybody from the other cards."""
    made = card.summary
    if made is None:
        return ""
    told = asyncio.ensure_future(site.look(lambda: made(site.folder)))
    await asyncio.wait([told], timeout=SUMMARY_S)
    if not told.done():
        told.add_done_callback(lambda late: late.exception())
        return _("It takes long to count them: look there.")
    try:
        return told.result()
    except (LockrigError, OSError):
        return _("The records can't be read: look there.")
