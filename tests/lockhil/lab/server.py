"""An RFC 2217 server of its own process: pyserial's port manager over a device, for one at a time.

It prints its URL first, then what its client sets of the port, a line each. A pseudo-terminal has
no modem lines, so they are only told.
"""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import serial
from serial import rfc2217


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Told(serial.Serial):
    """A port that tells what is set of it."""

    cts = dsr = ri = cd = False

    def _reconfigure_port(self, force_update: bool = False) -> None:
        super()._reconfigure_port(force_update)
        say(f"baud {self._baudrate}")

    def _update_dtr_state(self) -> None:
        say(f"dtr {int(self._dtr_state)}")

    def _update_rts_state(self) -> None:
        say(f"rts {int(self._rts_state)}")


class Answer:
    def __init__(self, client: socket.socket) -> None:
        self.write = client.sendall


def serve(device: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        say(f"rfc2217://127.0.0.1:{server.getsockname()[1]}")
        while True:
            client, _ = server.accept()
            with suppress(OSError), client:
                one(client, device)


def one(client: socket.socket, device: str) -> None:
    with Told(device, timeout=0.05) as port:
        # What is told from here on is the client's doing.
        say("client")
        manager = rfc2217.PortManager(port, Answer(client))
        over = threading.Event()

        def to_client() -> None:
            with suppress(OSError):
                while not over.is_set():
                    if data := port.read(1):
                        client.sendall(b"".join(manager.escape(data + port.read(port.in_waiting))))

        thread = threading.Thread(target=to_client)
        thread.start()
        try:
            while data := client.recv(1_024):
                port.write(b"".join(manager.filter(data)))
        finally:
            over.set()
            thread.join()


class Server:
    """The process; `url` is where it is."""

    def __init__(self, device: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__), device], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()

    def end(self) -> list[str]:
        """Kill it, if it lives; what its clients set."""
        if self.process.returncode is not None:
            return []
        self.process.kill()
        told, _ = self.process.communicate()
        return str(told).splitlines()


@contextmanager
def server(device: str) -> Iterator[Server]:
    made = Server(device)
    try:
        yield made
    finally:
        made.end()


if __name__ == "__main__":
    serve(sys.argv[1])
