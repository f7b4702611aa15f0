"""Who may talk to the server: the right host, pages of our own, browsers that know the token.

In front of all pages and of the socket. It knows nothing of what they do.
"""

import hashlib
import hmac
import ipaddress
import secrets
import socket
from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BROWSER = "lockrig.browser"
"""Where the scope says which browser it is."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self' ws://{host}; form-action 'self' mailto:; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_LONGEST_QUERY = 1_000
_READS = ("GET", "HEAD")


def is_loopback(host: str) -> bool:
    """Whether only this computer reaches `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Browsers:
    """Cookies that say which browser it is, signed by a key of this run, so none is remembered."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def new(self) -> str:
        """A cookie for a browser that is let in."""
        name = secrets.token_urlsafe(12)
        return f"{name}.{self._sign(name)}"

    def name(self, cookie: str) -> str | None:
        """The browser that was given `cookie`; None if nobody was."""
        name, _dot, signed = cookie.partition(".")
        good = hmac.compare_digest(signed.encode(), self._sign(name).encode())
        return name if good else None

    def _sign(self, name: str) -> str:
        return hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()


class Guard:
    """ASGI in front of `app`, which serves `port`; without a `token` everybody is let in."""

    def __init__(self, app: ASGIApp, *, port: int, token: str | None) -> None:
        self._app = app
        self._port = port
        self._token = token
        self._names = {"localhost", socket.gethostname().lower()}
        self._cookie = f"lockrig_{port}"
        self._browsers = Browsers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        browser = self._browsers.name(_cookie(headers, self._cookie) or "")
        given = ""
        if not self._ours(headers, scope):
            await self._refuse(scope, receive, send)
            return
        if browser is None:
            token = _token(scope)
            if not self._welcome(token, scope):
                await self._refuse(scope, receive, send)
                return
            given = self._browsers.new()
            browser = self._browsers.name(given)
        scope[BROWSER] = browser
        answer = self._dressed(send, headers["host"], given)
        if scope["type"] == "http" and _token(scope) is not None:
            # What is in the address stays in its history: there it is once, and then no more.
            query = {k: v for k, v in _query(scope).items() if k != "token"}
            path = "/" + str(scope["path"]).lstrip("/\\")
            clean = path + ("?" + urlencode(query, doseq=True) if query else "")
            await RedirectResponse(clean, 303)(scope, receive, answer)
            return
        await self._app(scope, receive, answer)

    def _welcome(self, token: str | None, scope: Scope) -> bool:
        """Whether a browser that has no cookie yet gets one."""
        if self._token is None:
            return True
        if token is None or scope["type"] != "http" or scope["method"] not in _READS:
            return False
        return secrets.compare_digest(token.encode(), self._token.encode())

    def _ours(self, headers: Headers, scope: Scope) -> bool:
        """Whether it was meant for this server, and comes of a page of its own."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            return False
        if scope["type"] == "http" and scope["method"] in _READS:
            return True
        return headers.getlist("origin") == [f"http://{hosts[0]}"]

    def _is_ours(self, host: str) -> bool:
        # Another's name may be made to point here; an address can't be.
        name, colon, port = host.rpartition(":")
        if not colon or host.endswith("]"):
            name, port = host, "80"
        if port != str(self._port):
            return False
        try:
            ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
        except ValueError:
            return name.lower() in self._names
        return True

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4003})
            return
        told = (
            "403: open the address that lockrig web printed, with its token.\n"
            "403: öppna adressen som lockrig web skrev ut, med dess token.\n"
        )
        await PlainTextResponse(told, 403)(scope, receive, send)

    def _dressed(self, send: Send, host: str, given: str) -> Send:
        """`send`, with the headers that every answer carries."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY.format(host=host)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                # Not "no-referrer": with that a form's own origin is told as null.
                headers["Referrer-Policy"] = "same-origin"
                headers["Cache-Control"] = "no-store"
                if given:
                    cookie = f"{self._cookie}={given}; HttpOnly; Path=/; SameSite=lax"
                    headers.append("Set-Cookie", cookie)
            await send(message)

        return dressed


def _cookie(headers: Headers, name: str) -> str | None:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return found.value if found else None


def _query(scope: MutableMapping[str, Any]) -> dict[str, list[str]]:
    query: bytes = scope.get("query_string", b"")
    if len(query) > _LONGEST_QUERY:
        return {}
    return parse_qs(query.decode("latin-1"))


def _token(scope: MutableMapping[str, Any]) -> str | None:
    return _query(scope).get("token", [None])[0]
