"""What all pages share: layout and language, whom to call, and what is under way.

A page asks for it and gets it in `routes`; it holds no page itself.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lockrig.config import ServiceDesk
from lockrig.diagnose.terminal import RealClock
from lockrig.i18n import LANGUAGES, _, language, speak
from lockrig.web.diagnoses import Diagnoses
from lockrig.web.guard import BROWSER

_MOST_FIELDS = 20
T = TypeVar("T")
HERE = Path(__file__).parent
COOKIE = "lockrig_language"


@dataclass(frozen=True, slots=True)
class Card:
    """What leads to a page from the start page: its address, and messages to be translated.

    `begins`: it isn't a page to look at but something that begins, so the address takes a POST.
    `summary`: a line to stand on the start page, made of the folder of records.
    """

    path: str
    title: str
    about: str
    begins: bool = False
    summary: Callable[[Path], str] | None = None


@dataclass(slots=True)
class Site:
    """`desk` is whom to call, `folder` where records are kept."""

    desk: ServiceDesk
    folder: Path
    cards: list[Card] = field(default_factory=list)
    clock: RealClock = field(default_factory=RealClock)
    diagnoses: Diagnoses = field(default_factory=Diagnoses)
    looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    templates: Environment = field(
        default_factory=lambda: Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
    )

    def page(
        self,
        request: Request,
        template: str,
        values: Mapping[str, object] | None = None,
        *,
        status: int = 200,
    ) -> Response:
        """`template` in the language that is spoken.

        Every page is headed "do not open" but with `allowed`, marked as practice with `training`,
        and lets the language be chosen but with `bare`: names in `values`.
        """
        shown = {
            "_": _,
            "allowed": False,
            "bare": False,
            "desk": self.desk,
            "language": language(),
            "languages": LANGUAGES,
            "path": request.url.path,
            "quote": quote,
            "status": status,
            "training": False,
            **(values or {}),
        }
        return HTMLResponse(self.templates.get_template(template).render(shown), status)

    async def look(self, made: Callable[[], T]) -> T:
        """What `made` gives, which reads many files: one at a time, and beside the watches, which
        a second without a beat would spoil."""
        async with self.looking:
            return await run_in_threadpool(made)

    def download(self, data: bytes | str, name: str, kind: str) -> Response:
        """A file called `name`, of the media type `kind`."""
        return Response(
            data, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    def browser(self, request: Request) -> str:
        """Which browser it is."""
        return str(request.scope[BROWSER])


class Spoken:
    """ASGI around `app`: the language of the query, else of the cookie, else `otherwise`."""

    def __init__(self, app: ASGIApp, otherwise: str) -> None:
        self._app = app
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request = Request({**scope, "type": "http"})
        chosen = request.query_params.get("lang", "")
        remembered = request.cookies.get(COOKIE, "")
        speak(next((each for each in (chosen, remembered) if each in LANGUAGES), self._otherwise))
        if scope["type"] == "http" and chosen in LANGUAGES and scope["method"] == "GET":
            answer = RedirectResponse("/" + request.url.path.lstrip("/\\"), 303)
            answer.set_cookie(COOKIE, chosen, samesite="lax", max_age=365 * 24 * 3600)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def fields(request: Request) -> dict[str, str]:
    """What a form sent, each name once; nothing of what is no form."""
    body = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}


def local(when: datetime) -> datetime:
    """`when` as the clock on the wall shows it."""
    return when.astimezone()


def wall() -> datetime:
    """Now, as the clock on the wall shows it."""
    return local(datetime.now(UTC))
