"""What may lie between a port and a board: a socket, a remote serial port; or no board at all."""

import os
import pty
import socket
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import serial
from serial import rfc2217


def _pump(read: Callable[[], bytes], write: Callable[[bytes], object]) -> threading.Thread:
    def run() -> None:
        with suppress(OSError, serial.SerialException, ValueError, TypeError):
            while True:
                write(read())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


@contextmanager
def served(console: str, *, remote: bool) -> Iterator[str]:
    """One client at a time on the loopback; the URL. `remote`: by RFC 2217, as pyserial serves."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, console, remote), daemon=True).start()
        kind = "rfc2217" if remote else "socket"
        yield f"{kind}://127.0.0.1:{server.getsockname()[1]}"


def _serve(server: socket.socket, console: str, remote: bool) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            _client(client, console, remote)


def _client(client: socket.socket, console: str, remote: bool) -> None:
    with _NoLines(console, timeout=0.05) as port, client:
        manager = rfc2217.PortManager(port, _Answer(client.sendall)) if remote else None

        def to_client() -> bytes:
            data = bytes(port.read(1)) + bytes(port.read(port.in_waiting))
            return b"".join(manager.escape(data)) if manager else data

        over = _pump(to_client, client.sendall)
        with suppress(OSError, serial.SerialException):
            while data := client.recv(1_024):
                port.write(b"".join(manager.filter(data)) if manager else data)
    over.join()


class _NoLines(serial.Serial):
    """A pseudo-terminal has no modem lines, and says so by an exception."""

    cts = dsr = ri = cd = False

    def _update_dtr_state(self) -> None:
        pass

    _update_rts_state = _update_dtr_state


class _Answer:
    """The manager writes its answers here."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self.write = write


@contextmanager
def nobody(says: bytes = b"") -> Iterator[str]:
    """A port with no board behind it, which says the same again and again."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    over = threading.Event()

    def talk() -> None:
        while says and not over.wait(0.05):
            with suppress(OSError):
                os.write(master, says)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield os.ttyname(slave)
    finally:
        over.set()
        thread.join()
        os.close(master)
        os.close(slave)
