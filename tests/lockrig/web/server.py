"""A real server on loopback for the tests, in a thread, and the browser to look at it with.

No test in here.
"""

import http.client
import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from playwright.async_api import Browser, Playwright

from lockrig.config import ServiceDesk
from lockrig.web.app import application
from lockrig.web.serve import listen, server
from lockrig.web.site import Site

DESK = ServiceDesk("0123-456 78", "servicedesk@example.org")
NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


@dataclass
class Served:
    """What is served at `url`; `token` if it takes one."""

    site: Site
    port: int
    token: str | None
    server: uvicorn.Server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(folder: Path, *, token: str | None = None, spoken: str = "en"):
    """A server whose records are in `folder`."""
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        site = Site(DESK, folder)
        running = server(application(site, port=port, token=token, spoken=spoken))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not running.started:
                assert thread.is_alive()
                time.sleep(0.02)
            yield Served(site, port, token, running)
        finally:
            running.should_exit = True
            thread.join()


class Answer:
    """What came back: `status`, `headers`, `text`, and `data` as it came."""

    def __init__(self, served, method: str, path: str, headers=None, body: bytes = b"") -> None:
        asking = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
        asking.putrequest(method, path, skip_host=True)
        sent = {"Host": f"127.0.0.1:{served.port}", **(headers or {})}
        for name, value in sent.items():
            for each in value if isinstance(value, list) else [value]:
                asking.putheader(name, each)
        if body:
            asking.putheader("Content-Length", str(len(body)))
        asking.endheaders(body)
        got = asking.getresponse()
        self.status, self.headers, self.data = got.status, got.headers, got.read()
        self.text = self.data.decode("utf-8", "replace")
        asking.close()

    @property
    def cookie(self) -> str:
        return self.headers["Set-Cookie"].split(";")[0]


def chromium() -> str:
    """The system's; `.ci/run` installs it."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found is not None, f"expected one of {', '.join(NAMES)}; apt-get install chromium"
    return found


async def launch(playwright: Playwright) -> Browser:
    """The one browser of a run."""
    # Its sandbox refuses root, as whom CI may run; it only ever sees our own pages.
    return await playwright.chromium.launch(
        executable_path=chromium(), args=["--no-sandbox", "--mute-audio"]
    )
