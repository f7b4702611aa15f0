"""The unit's GATT server over `bluetooth.BLE`: its wires 1 and up, its adverts, its battery gauge.

It carries bytes and tells who comes and goes; who may stay, and what is said, the core knows.
docs/radio.md has the table of what a central finds.
"""

import sys

import bluetooth

from lockboards.clock import now
from lockboards.connection import Connection
from lockboards.ring import Ring
from lockunit import VERSION
from lockunit.board import EV_JOINED, EV_LEFT, EV_RX
from lockunit.ticks import Timer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class Stack(Protocol):
        """`bluetooth.BLE`, as ports have it: the stubs leave arguments out."""

        def active(self, on: bool) -> object: ...

        def config(self, *, gap_name: str, mtu: int) -> None: ...

        def irq(self, handler: Callable[[int, tuple[int, ...]], None]) -> None: ...

        def gap_advertise(self, interval_us: int, adv_data: bytes, *, resp_data: bytes) -> None: ...

        def gap_disconnect(self, handle: int) -> bool: ...

        def gatts_register_services(
            self, services: tuple[object, ...]
        ) -> tuple[tuple[int, ...], ...]: ...

        def gatts_set_buffer(self, value: int, size: int, append: bool) -> None: ...

        def gatts_read(self, value: int) -> bytes: ...

        def gatts_write(
            self, value: int, data: bytes | bytearray, send_update: bool = False
        ) -> None: ...

        def gatts_notify(self, handle: int, value: int, data: bytes) -> None: ...


# The stack's events: `bluetooth` gives them no names.
_CONNECTED, _LEFT, _WRITTEN, _MTU_AGREED = 1, 2, 3, 21

_MAKER, _MODEL = b"lockrig", b"lock unit"
# One packet of the link layer holds it whole.
_MTU = 247
# The longest that a characteristic may be written.
_LONGEST_WRITE = 512
# The stack takes no more for now.
_AGAIN_MS = 20
# It doesn't advertise: tried again for as long as the unit runs, so not often.
_ADVERTISE_AGAIN_MS = 10_000


def _services() -> "tuple[object, ...]":
    read, read_notify = bluetooth.FLAG_READ, bluetooth.FLAG_READ | bluetooth.FLAG_NOTIFY
    writes = bluetooth.FLAG_WRITE | bluetooth.FLAG_WRITE_NO_RESPONSE
    uart = "6E40000%d-B5A3-F393-E0A9-E50E24DCCA9E"
    uuid = bluetooth.UUID
    return (
        (
            uuid(0x180A),
            (
                (uuid(0x2A29), read),
                (uuid(0x2A24), read),
                (uuid(0x2A26), read),
                (uuid(0x2A27), read),
            ),
        ),
        (uuid(0x180F), ((uuid(0x2A19), read_notify), (uuid(0x2BED), read_notify))),
        (
            uuid(uart % 1),
            ((uuid(uart % 2), writes), (uuid(uart % 3), bluetooth.FLAG_NOTIFY)),
        ),
    )


def _hardware() -> str:
    """What this board is, as its port calls it."""
    return str(getattr(sys.implementation, "_machine", sys.platform))


class Radio:
    """OSError, ValueError: it doesn't start. `kind`, `arg` and `wire`: see `take`."""

    def __init__(self, connections: int, unit_id: str, ring: Ring) -> None:
        self.kind = self.wire = 0
        self.arg: int | bytes = 0
        self.connections = connections
        self._ring = ring
        self._connections = [Connection(1 + place) for place in range(connections)]
        self._turn = 0
        self._again = Timer("radio.again")
        self._advertise_again = Timer("radio.advertise")
        self._interval_us = 0
        self._advert = self._answer = b""
        self._ble: Stack = bluetooth.BLE()  # type: ignore[assignment] # see Stack
        self._ble.active(True)
        self._ble.config(gap_name=unit_id, mtu=_MTU)
        about, battery, uart = self._ble.gatts_register_services(_services())
        told = (_MAKER, _MODEL, VERSION.encode(), _hardware().encode())
        for value, text in zip(about, told):  # noqa: B905 there is no strict one
            self._ble.gatts_write(value, text)
        self._level, self._status = battery
        self._percent = bytearray(1)
        self._rx, self._tx = uart
        # Appended: two writes may come before the first is looked at.
        self._ble.gatts_set_buffer(self._rx, _LONGEST_WRITE, True)
        self._ble.irq(self._happened)

    def stop(self) -> None:
        """Silence."""
        self._ble.active(False)

    def _happened(self, event: int, data: "tuple[int, ...]") -> None:
        """Take an interrupt of the stack's; the main loop does the rest."""
        if event == _CONNECTED:
            self._join(data[0])
        elif event in (_LEFT, _WRITTEN, _MTU_AGREED):
            found = self._with(data[0])
            if event == _WRITTEN:
                # Here and now: both centrals write into the same value.
                came = self._ble.gatts_read(self._rx) if data[1] == self._rx else b""
                if found is not None and came:
                    found.receive(came)
            elif found is not None and event == _LEFT:
                found.gone = True
            elif found is not None:
                found.agree(data[1])
            self._ring.rung = True

    def _join(self, handle: int) -> None:
        for each in self._connections:
            if not each.taken():
                each.join(handle)
                self._ring.rung = True
                return
        # It was on its way when the last one was taken.
        self._ble.gap_disconnect(handle)

    def _with(self, handle: int) -> "Connection | None":
        for each in self._connections:
            # The stack gives a handle again at once; whoever had it before is gone.
            if each.handle == handle and not each.gone:
                return each
        return None

    def take(self) -> bool:
        """Whether something happened that the unit should know: `kind`, `arg` and `wire` say what.

        One thing at a time, and each connection in its turn.
        """
        for _ in self._connections:
            self._turn = (self._turn + 1) % len(self._connections)
            each = self._connections[self._turn]
            if each.taken() and self._of(each):
                # There may be more.
                self._ring.rung = True
                return True
        return False

    def _of(self, each: Connection) -> bool:
        self.arg = self.wire = each.wire
        if not each.told:
            each.told = True
            self.kind = EV_JOINED
            # To connect has ended the adverts.
            self._advertise()
            return True
        data = each.take()
        if data is not None:
            self.kind, self.arg = EV_RX, data
            return True
        if each.gone:
            each.free()
            self.kind = EV_LEFT
            self._advertise()
            return True
        if each.overrun and each.there():
            self._end(each)
        return False

    def send(self, line: bytes, wire: int) -> None:
        """Queue a line for whoever is at the wire; who lets too many pile up is dropped."""
        each = self._connections[wire - 1]
        if each.there():
            if each.queue(line):
                self._flush(each)
            else:
                self._end(each)

    def _flush(self, each: Connection) -> None:
        while True:
            data = each.next()
            if data is None:
                return
            try:
                self._ble.gatts_notify(each.handle, self._tx, data)
            except OSError:
                at = now()
                each.held_up(at)
                self._again.set(at, _AGAIN_MS)
                return
            each.went(len(data))

    def pump(self) -> int:
        """Try again what the stack didn't take; the ms until that is due again, -1 if it isn't."""
        at = now()
        if self._again.due(at):
            for each in self._connections:
                if each.reads(at):
                    self._flush(each)
                else:
                    self._end(each)
        if self._advertise_again.due(at):
            self._advertise()
        left, later = self._again.left(at), self._advertise_again.left(at)
        return later if left < 0 or 0 <= later < left else left

    def drop(self, wire: int) -> None:
        """End the connection there, if there is one."""
        each = self._connections[wire - 1]
        if each.there():
            self._end(each)

    def _end(self, each: Connection) -> None:
        each.end()
        if not self._disconnect(each.handle):
            # The stack knows of none: it won't tell that it ended.
            each.gone = True
            self._ring.rung = True

    def _disconnect(self, handle: int) -> bool:
        try:
            return self._ble.gap_disconnect(handle)
        except OSError:
            return False

    def advertise(self, interval_ms: int, advert: bytes, answer: bytes) -> None:
        """Tell this from now on, while a connection is free."""
        self._interval_us, self._advert, self._answer = interval_ms * 1_000, advert, answer
        self._advertise()

    def _advertise(self) -> None:
        self._advertise_again.clear()
        if self._interval_us and not all(each.taken() for each in self._connections):
            try:
                self._ble.gap_advertise(self._interval_us, self._advert, resp_data=self._answer)
            except OSError:
                self._advertise_again.set(now(), _ADVERTISE_AGAIN_MS)

    def gauge(self, percent: int, status: bytearray) -> None:
        """What the battery service shows; whoever subscribed to it is told."""
        try:
            self._percent[0] = percent
            self._ble.gatts_write(self._level, self._percent, True)
            self._ble.gatts_write(self._status, status, True)
        except OSError:
            pass  # nothing goes by it, and there is a next change
