"""The terminal: keys as they are tapped, screens drawn whole, its own state always put back.

Knows nothing of diagnoses; how keys are had without an ENTER is `rawkeys_posix`'s or
`rawkeys_windows`' business.
"""

import signal
import sys
import time
from types import FrameType, TracebackType
from typing import Any, TextIO

import click

from lockrig.diagnose.keys import Keys

if sys.platform == "win32":
    from lockrig.diagnose import rawkeys_windows as rawkeys
else:
    from lockrig.diagnose import rawkeys_posix as rawkeys


class InterruptedByUserError(Exception):
    """Ctrl-C, a hang-up, or a request to end."""


class RealClock:
    """Milliseconds that count on while the computer sleeps, and the wall's time."""

    resolution_ms = 1 + int(time.get_clock_info("monotonic").resolution * 1000)

    def __init__(self) -> None:
        self._slept_ns = 0
        self._last = (time.monotonic_ns(), time.time_ns())

    def ms(self) -> int:
        """Now, from an arbitrary origin; never back."""
        last, self._last = self._last, (time.monotonic_ns(), time.time_ns())
        # Linux's monotonic clock stands still in sleep. A wall clock that jumped looks the same,
        # and is doubted the same.
        ahead = (self._last[1] - last[1]) - (self._last[0] - last[0])
        if ahead > 200_000_000:
            self._slept_ns += ahead
        return (self._last[0] + self._slept_ns) // 1_000_000


def usable(out: TextIO) -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and out.isatty()


class Terminal:
    """A context in which keys come one by one and unseen; `out` is where screens go."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._keys = Keys()
        self._saved: Any = None
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> "Terminal":
        reconfigure = getattr(self._out, "reconfigure", None)
        if reconfigure is not None:  # a sign that the terminal can't show must not end a diagnosis
            reconfigure(errors="replace")
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                number = getattr(signal, name)
                self._handlers[number] = signal.signal(number, _interrupt)
        self._saved = rawkeys.enter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        rawkeys.leave(self._saved)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def keys(self, timeout_s: float) -> list[str]:
        """The keys that were tapped by `timeout_s` from now, as soon as there are any."""
        data = rawkeys.read(timeout_s)
        if data is None:  # the terminal is gone
            raise InterruptedByUserError
        if not data:
            self._keys.pause()
        keys = self._keys.feed(data)
        if "ctrl-c" in keys:
            raise InterruptedByUserError
        return keys

    def key(self) -> str:
        """The next key, of those tapped from now on."""
        while True:
            keys = self.keys(3600)
            if keys:
                return keys[0]

    def drop(self) -> None:
        """Forget what was tapped but not read."""
        while self.keys(0):
            pass

    def draw(self, text: str) -> None:
        """Show `text` on an otherwise empty screen."""
        click.echo("\x1b[2J\x1b[H" + text, file=self._out)

    def bell(self) -> None:
        """Sound."""
        click.echo("\a", file=self._out, nl=False)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise InterruptedByUserError
