"""Serves an application on a socket until somebody ends it.

Where it listens and how much it takes in at once; what is served is `app`'s.
"""

import socket

import uvicorn
from starlette.types import ASGIApp

from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _

# Of one message of a page, which has some 60 bytes.
LONGEST_MESSAGE = 1_024
MOST_CONNECTIONS = 100
# How long pages get to hang up after ctrl-C.
ENDING_S = 2


def listen(host: str, port: int) -> socket.socket:
    """A socket at `host` and `port` (0: any that is free)."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    except OSError as error:
        raise LockrigError(
            _("--host must be an address of this computer, got {host}: {reason}").format(
                host=host, reason=error.strerror or error
            ),
            Exit.USAGE,
        ) from None
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise LockrigError(
            _("{host} port {port} can't be had ({reason}): choose another by --port").format(
                host=host, port=port, reason=error.strerror or error
            ),
            Exit.NO_CONTACT,
        ) from None


def reached(host: str) -> str:
    """Where others reach what listens at `host`: an address to show."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104 nothing is bound here
        return host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asking:
            # Nothing is sent: the system only says from where it would be.
            asking.connect(("2001:db8::1" if ":" in host else "192.0.2.1", 9))
            return str(asking.getsockname()[0])
    except OSError:  # in no network
        return socket.gethostname()


def server(app: ASGIApp) -> uvicorn.Server:
    """The server of `app`; `run(sockets=[...])` serves, and ends by a signal."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            # Addresses of requests hold the token: none is written down.
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            ws="websockets-sansio",
            ws_max_size=LONGEST_MESSAGE,
            ws_per_message_deflate=False,
            lifespan="on",
            limit_concurrency=MOST_CONNECTIONS,
            # Longer than a technician thinks: a form that is sent as the line closes is lost.
            timeout_keep_alive=120,
            timeout_graceful_shutdown=ENDING_S,
        )
    )
