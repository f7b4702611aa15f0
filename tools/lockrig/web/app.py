"""The application: every page behind the guard, and words for what goes wrong in one.

Which pages there are is `pages`' business, how they are served `serve`'s.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from lockrig.errors import LockrigError
from lockrig.web.guard import Guard
from lockrig.web.pages import routes
from lockrig.web.site import HERE, Site, Spoken

SWEEP_S = 5
# The longest thing that a page sends is a label.
LONGEST_BODY = 4_096


def application(site: Site, *, port: int, token: str | None, spoken: str) -> ASGIApp:
    """ASGI of the whole site at `port`; `spoken` is the language where none was chosen."""

    async def missing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return site.page(request, "error.html.j2", {"reason": ""}, status=status)

    async def failed(request: Request, error: Exception) -> Response:
        return site.page(request, "error.html.j2", {"reason": type(error).__name__}, status=500)

    async def refused(request: Request, error: Exception) -> Response:
        return site.page(request, "error.html.j2", {"reason": str(error)}, status=500)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(_sweep(site))
        try:
            yield
        finally:
            sweeping.cancel()
            site.diagnoses.end()

    app = Starlette(
        routes=[*routes(site), Mount("/static", StaticFiles(directory=HERE / "static"))],
        exception_handlers={HTTPException: missing, LockrigError: refused, Exception: failed},
        lifespan=lifespan,
        max_body_size=LONGEST_BODY,
    )
    return Guard(Spoken(app, spoken), port=port, token=token)


async def _sweep(site: Site) -> None:
    while True:
        await asyncio.sleep(SWEEP_S)
        site.diagnoses.sweep()
