"""A simulated unit behind a socket, as a serial port over the network; it tests nothing itself."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lockhil.targets import open_target
from tests.lockrig.trace.samples import lockrig


class Served:
    """One listener on this machine; `target` is what to call it, `connection` who is there."""

    def __init__(self, greeting: bytes, *, unit: bool) -> None:
        self._greeting = greeting
        self._unit = unit
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.target = f"serial:socket://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connection: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError), open_target("sim") as unit:
            self.connection, _ = self._listener.accept()
            greeting = self._greeting
            while data := self.connection.recv(4_096):
                # Not before: what comes while a port is being opened may be lost.
                self.connection.sendall(greeting)
                greeting = b""
                if self._unit:
                    unit.link.send_raw(data)
                    lines = [line.data for line in unit.link.listen(0) if line.from_unit]
                    self.connection.sendall(b"".join(line + b"\n" for line in lines))

    def tell(self, data: bytes) -> None:
        """Send this to whoever is connected."""
        assert self.connection is not None
        self.connection.sendall(data)

    def hang_up(self) -> None:
        """Break the line."""
        if self.connection is not None:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            self.connection.close()

    def close(self) -> None:
        """Be gone."""
        self.hang_up()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@contextmanager
def served(greeting: bytes = b"", *, unit: bool = True) -> Iterator[Served]:
    """A unit that says `greeting` first, or (`unit` False) somebody who says nothing else."""
    made = Served(greeting, unit=unit)
    try:
        yield made
    finally:
        made.close()


def settled(*captures: Path) -> None:
    """Each of them is a trace that the other commands take."""
    for capture in captures:
        assert lockrig("trace", "check", capture).code == 0
        # A unit's own word is never enough.
        assert lockrig("judge", capture).code == 4
