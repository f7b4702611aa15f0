"""One run of MicroPython as a board, from power-on to power-off, and the wires to it.

It moves bytes; what they mean is `dialogue`'s.
"""

import contextlib
import os
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lockhil.virtual.interpreter import CHILD, interpreter

# Between what an ESP32 leaves for Python objects, 134 KB, and a Pico W, 187 KB; they are 1.5 times
# as large here. And 35 KB for what stands in for its ROM. tests/memory measures what is needed.
HEAP = "288k"
_TAIL = 2_000
# On the virtual clock a board that computes for so long won't wait any more.
SILENCE_S = 60


class ChildGoneError(Exception):
    """The process ended by itself; the message is what it last printed."""


class ChildProcess:
    """A board's process; a subclass says where its console is."""

    def __init__(self, arguments: Sequence[str], flags: Sequence[str], **console: Any) -> None:
        self.socket, theirs = socket.socketpair()
        with theirs:
            fd = theirs.fileno()
            words = [*interpreter(), "-X", f"heapsize={HEAP}", *flags, str(CHILD / "start.py")]
            self._process = subprocess.Popen(  # noqa: S603 our own words
                [*words, str(fd), *arguments], pass_fds=[fd], cwd=CHILD, **console
            )

    def send(self, data: bytes) -> None:
        """Bytes to the board; lost if it is gone."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)

    def receive(self) -> bytes:
        """Bytes from the board, at least one. ChildGoneError."""
        try:
            data = self.socket.recv(65_536)
        except ConnectionResetError:
            data = b""
        except TimeoutError:
            raise ChildGoneError(
                f"silent for {SILENCE_S} s of real time without waiting: is that an endless loop?"
            ) from None
        if not data:
            raise ChildGoneError(self._last_words(self._process.wait()))
        return data

    def _last_words(self, code: int) -> str:
        return f"exit code {code}"

    def kill(self) -> None:
        """Take its power away."""
        self._process.kill()
        self._process.wait()
        self.socket.close()


class SilentChild(ChildProcess):
    """A board on the virtual clock: no console, what it prints is kept for its last words.

    `watched`: it says each write to its flash before it does it.
    """

    def __init__(self, disk: Path, *, watched: bool = False) -> None:
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 closed with the process
        super().__init__(
            [str(disk), "virtual", *(["watched"] if watched else [])],
            [],
            stdin=subprocess.DEVNULL,
            stdout=self._printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # ctrl-C is for who runs the test
        )
        self.socket.settimeout(SILENCE_S)

    def _last_words(self, code: int) -> str:
        self._printed.seek(0)
        printed = self._printed.read()[-_TAIL:].decode("utf-8", "backslashreplace").strip()
        return printed or f"exit code {code}, and nothing printed"

    def kill(self) -> None:
        super().kill()
        self._printed.close()


class ConsoleChild(ChildProcess):
    """A board on the real clock: the terminal `tty_fd` is its console, with the REPL behind it.

    `raw`: it starts as after a soft reset in the raw REPL, without main.py. `watched`: see
    `SilentChild`.
    """

    def __init__(self, disk: Path, tty_fd: int, *, raw: bool, watched: bool = False) -> None:
        super().__init__(
            [str(disk), "real", *(["raw"] if raw else []), *(["watched"] if watched else [])],
            ["-i"],
            # The terminal becomes its own, so that ctrl-C reaches it and nobody else.
            preexec_fn=lambda: os.login_tty(tty_fd),
        )
