"""One run of MicroPython as a board, from power-on to power-off, and the wires to it.

It moves bytes; what they mean is `dialogue`'s, and a console belongs to `console`.
"""

import contextlib
import socket
import subprocess
import tempfile
from pathlib import Path

from lockhil.virtual.interpreter import CHILD, interpreter

# What an ESP32 leaves for Python objects, 134 KB; they are 1.5 times as large here. And 18 KB for
# what stands in for its ROM. tests/memory measures both, and what the firmware needs of it.
HEAP = "220k"
_TAIL = 2_000


class ChildGoneError(Exception):
    """The process ended by itself; the message is what it last printed."""


class ChildProcess:
    """A board without a console: what it prints is kept for the message of its end."""

    def __init__(self, disk: Path, clock: str) -> None:
        self._socket, theirs = socket.socketpair()
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 closed with the process
        with theirs:
            fd = theirs.fileno()
            words = [interpreter(), "-X", f"heapsize={HEAP}", str(CHILD / "start.py"), str(fd)]
            self._process = subprocess.Popen(  # noqa: S603 our own words
                [*words, str(disk), clock],
                stdin=subprocess.DEVNULL,
                stdout=self._printed,
                stderr=subprocess.STDOUT,
                pass_fds=[fd],
                cwd=CHILD,
            )

    def send(self, data: bytes) -> None:
        """Bytes to the board; lost if it is gone."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(data)

    def receive(self) -> bytes:
        """Bytes from the board, at least one. ChildGoneError."""
        try:
            data = self._socket.recv(65_536)
        except ConnectionResetError:
            data = b""
        if not data:
            code = self._process.wait()
            self._printed.seek(0)
            printed = self._printed.read()[-_TAIL:].decode("utf-8", "backslashreplace").strip()
            raise ChildGoneError(printed or f"exit code {code}, and nothing printed")
        return data

    def kill(self) -> None:
        """Take its power away."""
        self._process.kill()
        self._process.wait()
        self._socket.close()
        self._printed.close()
