"""The first page: where to go from here, and what this browser has under way."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lockrig.web.site import Site


def routes(site: Site) -> list[BaseRoute]:
    """The page's routes."""

    async def start(request: Request) -> Response:
        under_way = site.diagnoses.under_way(site.browser(request))
        return site.page(request, "start.html.j2", {"cards": site.cards, "under_way": under_way})

    return [Route("/", start)]
