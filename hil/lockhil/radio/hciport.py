"""Controllers in an air for other processes: HCI over TCP, a controller for each that connects.

Bumble's own applications find it as `tcp-client:127.0.0.1:PORT`. It hands bytes on; what a host
does with its controller is up to it.
"""

import contextlib
import itertools
import socket
import threading

from bumble import hci
from bumble.core import InvalidPacketError
from bumble.transport.common import PacketParser

from lockhil.radio.air import Air
from lockhil.radio.controller import Radio
from lockhil.radio.runner import Shared

# A host that doesn't take what its controller says for so long is cut off.
_PATIENCE_S = 5.0
_PIECE = 4_096


class HciPort:
    """In the air of a world that a thread lets run; from here to `close`. OSError: no such port.

    `port` 0: any that is free; `address` tells which.
    """

    def __init__(self, board: Shared, air: Air, port: int) -> None:
        self._board = board
        self._air = air
        self._socket = socket.create_server(("127.0.0.1", port))
        self.address: tuple[str, int] = self._socket.getsockname()[:2]
        self._clients: set[socket.socket] = set()
        self._threads = [self._start(self._accept)]

    def _start(self, target: object, *args: object) -> threading.Thread:
        thread = threading.Thread(target=target, args=args, name="hci", daemon=True)  # type: ignore[arg-type]
        thread.start()
        return thread

    def _accept(self) -> None:
        for number in itertools.count(1):
            try:
                client, _ = self._socket.accept()
            except OSError:
                return  # closed
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._clients.add(client)
            self._threads.append(self._start(self._serve, client, number))

    def _serve(self, client: socket.socket, number: int) -> None:
        """One host and its controller, until the host goes."""
        with self._board.acting():
            # Locally administered, and another one for each.
            address = hci.Address(
                f"02:00:00:00:{number >> 8 & 255:02X}:{number & 255:02X}",
                hci.Address.PUBLIC_DEVICE_ADDRESS,
            )
            radio = self._air.radio(f"host {number}", address)
            radio.set_packet_sink(_Sink(client))
        parser = PacketParser(radio)
        with contextlib.suppress(OSError, ValueError, InvalidPacketError):
            while data := client.recv(_PIECE):
                with self._board.acting(), self._air.loop.entered():
                    parser.feed_data(data)
        with self._board.acting(), self._air.loop.entered():
            self._remove(radio)
        self._clients.discard(client)
        client.close()

    def _remove(self, radio: Radio) -> None:
        radio.set_packet_sink(None)
        self._air.remove(radio)

    def close(self) -> None:
        """The port is gone, and every controller with it."""
        for one in (self._socket, *self._clients):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(_PATIENCE_S)


class _Sink:
    """Where a controller's packets go."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client
        seconds = int(_PATIENCE_S)
        client.setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDTIMEO, seconds.to_bytes(8, "little") + bytes(8)
        )

    def on_packet(self, packet: bytes) -> None:
        try:
            self._client.sendall(packet)
        except OSError:
            # Its thread finds that out, and removes the controller.
            with contextlib.suppress(OSError):
                self._client.shutdown(socket.SHUT_RDWR)
