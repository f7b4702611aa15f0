"""What a virtual board's radio does while it is on: it is a GATT server of bumble's.

The board's values are kept here too: it tells each one that changes, and reads are answered from
what it told last, once it has said that they may.
"""

import asyncio
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bumble import hci
from bumble.att import ATT_CID, ATT_Error, ATT_Handle_Value_Notification
from bumble.device import AdvertisingType, Connection, Device, DeviceConfiguration
from bumble.host import Host

from lockhil.radio.gatt import be_strict, serve, serve_own
from lockhil.virtual.radioport import ADVERT, ENOMEM, ENOTCONN, Irq, Told

if TYPE_CHECKING:
    from lockhil.radio.air import Air

# Notifications that wait to be sent, of all connections: what the stack has buffers for.
MOST_WAITING = 8
MOST_CONNECTIONS = 4
_HEAD = struct.Struct("<BHH")
_LEFT_BY_USER = 0x13


class Stack:
    """From the radio's switching on to its switching off."""

    def __init__(self, air: "Air", address: hci.Address, deliver: Callable[[bytes], None]) -> None:
        self._air = air
        self._deliver = deliver
        self._values: dict[int, bytes] = {}
        self._name = b""
        self._connections: dict[int, Connection] = {}
        self._asked: deque[asyncio.Future[int]] = deque()
        self._attributes: dict[int, Any] = {}
        self._jobs: asyncio.Queue[Awaitable[Any]] = asyncio.Queue()
        self.radio = air.radio(f"unit {address}", address)
        with air.loop.entered():
            config = DeviceConfiguration(
                address=hci.Address.ANY_RANDOM,
                gap_service_enabled=False,
                gatt_service_enabled=False,
            )
            self.device = Device(config=config, host=Host(self.radio, self.radio))
        self.device.on(self.device.EVENT_CONNECTION, self._connected)
        be_strict(self.device.gatt_server)
        serve_own(self.device.gatt_server, lambda: self._name)
        self._worker = air.loop.create_task(self._work())

    async def _work(self) -> None:
        """What takes more than a moment, one after the other."""
        await self.device.power_on()
        while True:
            job = await self._jobs.get()
            await job

    def told(self, what: Told, data: bytes) -> int:
        """Do it, or begin to; 0 or an errno."""
        if what == Told.MTU:
            self.device.gatt_server.max_mtu = int.from_bytes(data, "little")
        elif what == Told.NAME:
            self._name = data
        elif what == Told.REGISTER:
            self._attributes = serve(self.device.gatt_server, data, self._read, self._write)
        elif what == Told.VALUE:
            self._valued(int.from_bytes(data[:2], "little"), data[3:], tell=bool(data[2]))
        elif what in (Told.NOTIFY, Told.INDICATE):
            connection, handle = struct.unpack_from("<HH", data)
            return self._send(connection, handle, data[4:], indicate=what == Told.INDICATE)
        elif what == Told.ADVERTISE:
            return self._advertise(data)
        elif what == Told.DISCONNECT:
            return self._disconnect(int.from_bytes(data, "little"))
        elif self._asked:
            answer = self._asked.popleft()
            if not answer.done():
                answer.set_result(data[0])
        return 0

    # Values.

    def _valued(self, handle: int, value: bytes, *, tell: bool) -> None:
        self._values[handle] = value
        attribute = self._attributes.get(handle)
        if tell and attribute is not None:
            server = self.device.gatt_server
            self._air.loop.create_task(server.notify_subscribers(attribute, value))
            self._air.loop.create_task(server.indicate_subscribers(attribute, value))

    async def _ask(self, kind: Irq, connection: Connection, handle: int, value: bytes) -> None:
        number = self._number(connection)
        if number is None:
            raise ATT_Error(error_code=0x0E, att_handle=handle)
        answer: asyncio.Future[int] = self._air.loop.create_future()
        self._asked.append(answer)
        self._happened(kind, number, handle, value)
        error = await answer
        if error:
            raise ATT_Error(error_code=error, att_handle=handle)

    async def _read(self, connection: Connection, handle: int) -> bytes:
        await self._ask(Irq.READ, connection, handle, b"")
        return self._values.get(handle, b"")

    async def _write(self, connection: Connection, handle: int, value: bytes) -> None:
        await self._ask(Irq.WRITE, connection, handle, value)

    def _send(self, number: int, handle: int, value: bytes, *, indicate: bool) -> int:
        connection = self._connections.get(number)
        if connection is None:
            return ENOTCONN
        queue = self.device.host.le_acl_packet_queue
        if queue is None or queue.pending >= MOST_WAITING:
            return ENOMEM
        attribute = self._attributes.get(handle)
        if indicate and attribute is not None:
            self._air.loop.create_task(self._indicate(number, connection, attribute, value))
        else:
            value = value[: connection.att_mtu - 3]
            pdu = ATT_Handle_Value_Notification(attribute_handle=handle, attribute_value=value)
            # Whether or not anybody subscribed: so does NimBLE.
            self.device.send_l2cap_pdu(connection.handle, ATT_CID, bytes(pdu))
        return 0

    async def _indicate(self, number: int, connection: Connection, to: Any, value: bytes) -> None:
        try:
            await self.device.gatt_server.indicate_subscriber(connection, to, value, force=True)
            status = 0
        except TimeoutError:
            status = 13  # NimBLE's for a time-out
        self._happened(Irq.INDICATED, number, to.handle, bytes([status]))

    # Adverts and connections.

    def _advertise(self, data: bytes) -> int:
        interval_us, connectable, length = ADVERT.unpack_from(data)
        if not interval_us:
            self._jobs.put_nowait(self.device.stop_advertising())
            return 0
        if connectable and len(self._connections) >= MOST_CONNECTIONS:
            return ENOMEM
        kinds = AdvertisingType
        kind = kinds.UNDIRECTED_CONNECTABLE_SCANNABLE if connectable else kinds.UNDIRECTED_SCANNABLE
        told = data[ADVERT.size :]
        advert, answer = told[:length], told[length:]
        interval_ms = interval_us / 1_000
        self._jobs.put_nowait(
            self.device.start_advertising(
                kind,
                own_address_type=hci.OwnAddressType.PUBLIC,
                advertising_data=advert,
                scan_response_data=answer,
                advertising_interval_min=interval_ms,
                advertising_interval_max=interval_ms,
            )
        )
        return 0

    def _connected(self, connection: Connection) -> None:
        number = next(n for n in range(MOST_CONNECTIONS + 1) if n not in self._connections)
        self._connections[number] = connection
        peer = connection.peer_address
        address = bytes(reversed(bytes(peer)))

        def left(_: int) -> None:
            if self._connections.pop(number, None) is not None:
                self._happened(Irq.LEFT, number, peer.address_type, address)

        connection.on(connection.EVENT_DISCONNECTION, left)
        connection.on(
            connection.EVENT_CONNECTION_ATT_MTU_UPDATE,
            lambda: self._happened(Irq.MTU, number, connection.att_mtu),
        )
        self._happened(Irq.CONNECTED, number, peer.address_type, address)

    def _disconnect(self, number: int) -> int:
        connection = self._connections.get(number)
        if connection is None:
            return ENOTCONN
        self._air.loop.create_task(self._hang_up(connection))
        return 0

    async def _hang_up(self, connection: Connection) -> None:
        await self.device.host.send_async_command(
            hci.HCI_Disconnect_Command(connection_handle=connection.handle, reason=_LEFT_BY_USER),
            check_status=False,
        )

    def _number(self, connection: Connection) -> int | None:
        return next((n for n, one in self._connections.items() if one is connection), None)

    def _happened(self, kind: Irq, connection: int, about: int, more: bytes = b"") -> None:
        self._deliver(_HEAD.pack(kind, connection, about) + more)

    # Its end.

    def vanish(self) -> None:
        """Without power: nobody is told anything."""
        self._deliver = lambda _: None
        self._worker.cancel()
        for answer in self._asked:
            answer.cancel()
        with self._air.loop.entered():
            self._air.remove(self.radio)

    def shut_down(self) -> None:
        """Switched off: who is connected is told."""
        self._deliver = lambda _: None
        self._worker.cancel()
        for answer in self._asked:
            answer.cancel()
        self._air.loop.create_task(self._leave())

    async def _leave(self) -> None:
        await self.device.stop_advertising()
        for connection in list(self._connections.values()):
            await self._hang_up(connection)
        self._air.retire(self.radio)
