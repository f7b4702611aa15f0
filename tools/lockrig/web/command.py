"""`lockrig web`: the pages, served from this computer to the one who sits at it, or to tablets.

The command line, and who may come in; what is served is `app`'s.
"""

import os
import secrets
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from lockrig.config import load, service_desk
from lockrig.diagnose.refusing import refusing
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import LANGUAGES, _, choose, speak
from lockrig.records.store import root


@click.command()
@click.option("--host", default="127.0.0.1", help="Where to listen; else this computer alone.")
@click.option("--port", default=8765, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; else the locale's.")
@click.option("--config", "config_file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--records", type=click.Path(path_type=Path), metavar="DIR", help="Where to keep them."
)
def command(
    *, host: str, port: int, lang: str | None, config_file: Path | None, records: Path | None
) -> int:
    """Show the diagnosis as pages, for a tablet.

    Open the address that it prints. With --host that address holds a token: whoever has it comes
    in. Not certified, not any vendor's product; the provider's own routine prevails.
    """
    spoken = choose(lang, os.environ)
    speak(spoken)
    with refusing() as here:
        if find_spec("starlette") is None or find_spec("uvicorn") is None:
            raise LockrigError(_("the pages need more: pip install 'lockrig[web]'"), Exit.USAGE)
        here.desk = service_desk(load(config_file))
        # An extra, and slow to load.
        import segno  # noqa: PLC0415

        from lockrig.web.app import application  # noqa: PLC0415
        from lockrig.web.guard import is_loopback  # noqa: PLC0415
        from lockrig.web.serve import listen, reached, server  # noqa: PLC0415
        from lockrig.web.site import Site  # noqa: PLC0415

        with listen(host, port) as socket:
            port = socket.getsockname()[1]
            token = None if is_loopback(host) else secrets.token_urlsafe(16)
            site = Site(here.desk, root(records))
            app = application(site, port=port, token=token, spoken=spoken)
            shown = reached(host)
            shown = f"[{shown}]" if ":" in shown else shown
            url = f"http://{shown}:{port}/" + (f"?token={token}" if token else "")
            click.echo(url)
            if token and sys.stderr.isatty():  # to be read by a tablet's camera
                segno.make(url).terminal(sys.stderr, compact=True)
            click.echo(_("ctrl-C ends it."), err=True)
            server(app).run(sockets=[socket])
    return Exit.INTERRUPTED
