"""bleak's client on an `Adapter`: it behaves as on BlueZ, and raises bleak's own exceptions.

Handles are those of values. A unit has no pairing: its lines are sealed, not its connections.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, TypeVar, cast

from bleak import BleakScanner
from bleak.args import SizedBuffer
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble import att, core, hci
from bumble.device import Connection, Peer
from bumble.gatt_client import CharacteristicProxy

from lockhil.bluetooth.adapter import Adapter
from lockhil.bluetooth.discovery import collection
from lockhil.bluetooth.scanner import scanner_on

T = TypeVar("T")

_LOG = logging.getLogger(__name__)
# An attribute is no longer (Core 5.4, volume 3, part F, 3.2.9).
LONGEST = 512
_HEAD = 3
_LEAVE_S = 10.0


class BumbleClient(BaseBleakClient):
    """A client on the adapter that its class belongs to."""

    adapter: ClassVar[Adapter]

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        services: set[str] | None = None,
        **_: Any,
    ) -> None:
        super().__init__(
            address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout
        )
        self._device: BLEDevice | None = None
        if isinstance(address_or_ble_device, BLEDevice):
            self._device = address_or_ble_device
        self._wanted = services
        self._connection: Connection | None = None
        # Done when the connection is over.
        self._gone: asyncio.Future[None] | None = None
        self._told: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        name = self._device.name if self._device is not None else None
        return name or self.address.replace(":", "-")

    @property
    def mtu_size(self) -> int:
        return self._connected().att_mtu

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    def _connected(self) -> Connection:
        if self._connection is None:
            raise BleakError("Not connected")
        return self._connection

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        """Find the device if only its address is known, connect, and discover all it has.

        BleakDeviceNotFoundError: it isn't in the air; TimeoutError: it doesn't take the connection.
        """
        if self.is_connected:
            raise BleakError("Client is already connected")
        if pair:
            _LOG.warning("%s: this adapter doesn't pair; connecting without", self.address)
        timeout = kwargs.get("timeout", self._timeout)
        if self._device is None:
            self._device = await BleakScanner.find_device_by_address(
                self.address, timeout=timeout, backend=scanner_on(self.adapter)
            )
        if self._device is None:
            raise BleakDeviceNotFoundError(
                self.address, f"Device with address {self.address} was not found."
            )
        async with asyncio.timeout(timeout):
            connection = await self._reach(self._device.details)
            self._begin(connection)
            try:
                await self._ask(self._look_around(Peer(connection)))
            except BaseException:
                await self.disconnect()
                raise

    async def _reach(self, address: hci.Address) -> Connection:
        device = self.adapter.device
        async with self.adapter.connecting:
            try:
                return await device.connect(address, timeout=None)
            except asyncio.CancelledError:
                # It may have been made meanwhile; else the radio would go on trying.
                await asyncio.shield(_give_up(self.adapter, address))
                raise
            except (core.BaseBumbleError, hci.HCI_Error) as error:
                raise BleakError(f"can't connect to {self.address}: {error}") from None

    def _begin(self, connection: Connection) -> None:
        self._connection = connection
        self._gone = asyncio.get_running_loop().create_future()
        connection.on(connection.EVENT_DISCONNECTION, self._left)

    def _left(self, _: int) -> None:
        self._connection = self.services = None
        self._told.clear()
        if self._gone is not None:
            self._gone.set_result(None)
        if self._disconnected_callback is not None:
            # In a turn of its own: what it raises mustn't stop the radio.
            asyncio.get_running_loop().call_soon(self._disconnected_callback)

    async def _look_around(self, peer: Peer) -> None:
        if self.adapter.mtu > att.ATT_DEFAULT_MTU:
            await peer.request_mtu(self.adapter.mtu)
        await peer.discover_all()  # type: ignore[no-untyped-call]
        self.services = collection(peer, self._wanted, lambda: self.mtu_size - _HEAD)

    async def disconnect(self) -> None:
        """Leave. A device that doesn't answer is left all the same, by its time-out."""
        connection, gone = self._connection, self._gone
        if connection is None or gone is None:
            return
        try:
            async with asyncio.timeout(_LEAVE_S):
                await connection.disconnect()
        except (core.BaseBumbleError, hci.HCI_Error):
            # It left by itself just then.
            await asyncio.wait({gone}, timeout=_LEAVE_S)

    async def pair(self, *_: Any, **__: Any) -> None:
        """BleakError: there is no pairing."""
        raise BleakError("this adapter doesn't pair: connect without")

    async def unpair(self) -> None:
        """BleakError: there is no pairing."""
        await self.pair()

    async def _ask(self, asking: Coroutine[Any, Any, T]) -> T:
        """The answer of the device. BleakError: it left before; BleakGATTProtocolError: refused.

        Whoever stops waiting leaves the question open: an answer would be taken for the next's.
        """
        gone = self._gone
        assert gone is not None
        task = asyncio.create_task(asking)
        task.add_done_callback(_look_at)
        either: set[asyncio.Future[Any]] = {task, gone}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
        if not task.done() or task.cancelled():
            raise BleakError("Not connected")
        try:
            return task.result()
        except att.ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from None
        except core.TimeoutError as error:
            # After that nothing may be asked on this connection any more.
            await self.disconnect()
            raise BleakError(f"{self.address} doesn't answer: {error}") from None
        except core.BaseBumbleError as error:
            raise BleakError(str(error)) from None

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        return await self._read(characteristic.handle, use_cached=use_cached)

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        return await self._read(descriptor.handle, use_cached=use_cached)

    async def _read(self, handle: int, *, use_cached: bool) -> bytearray:
        client = self._connected().gatt_client
        if use_cached and handle in client.cached_values:
            return bytearray(client.cached_values[handle][1])
        return bytearray(await self._ask(client.read_value(handle)))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        most = LONGEST if response else min(LONGEST, self.mtu_size - _HEAD)
        await self._write(characteristic.handle, bytes(data), most, response=response)

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        await self._write(descriptor.handle, bytes(data), LONGEST, response=True)

    async def _write(self, handle: int, data: bytes, most: int, *, response: bool) -> None:
        client = self._connected().gatt_client
        if len(data) > most:
            raise BleakError(f"expected at most {most} bytes to write, got {len(data)}")
        await self._ask(client.write_value(handle, data, with_response=response))

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_: Any
    ) -> None:
        proxy, client = _proxy(characteristic), self._connected().gatt_client
        if proxy.handle in self._told:
            raise BleakError("Characteristic notifications already started")
        if not {"notify", "indicate"} & set(characteristic.properties):
            raise BleakError(f"{characteristic.uuid} neither notifies nor indicates")
        loop = asyncio.get_running_loop()

        def told(data: bytes) -> None:
            # Also this is somebody else's code.
            loop.call_soon(callback, bytearray(data))

        self._told[proxy.handle] = told
        try:
            await self._ask(client.subscribe(proxy, told))
        except BaseException:
            self._told.pop(proxy.handle, None)
            raise

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        client = self._connected().gatt_client
        told = self._told.pop(characteristic.handle, None)
        if told is None:
            raise BleakError("Characteristic notifications were not started")
        await self._ask(client.unsubscribe(_proxy(characteristic), told))


def _proxy(characteristic: BleakGATTCharacteristic) -> CharacteristicProxy[bytes]:
    return cast("CharacteristicProxy[bytes]", characteristic.obj)


def _look_at(task: "asyncio.Task[Any]") -> None:
    """Nobody may be waiting for it any more."""
    if not task.cancelled():
        task.exception()


async def _give_up(adapter: Adapter, address: hci.Address) -> None:
    """End an attempt to connect, and a connection that it made in its last moment."""
    device = adapter.device
    try:
        await device.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
    except (core.BaseBumbleError, hci.HCI_Error):
        # There was nothing left to cancel: the connection is there.
        connection = device.find_connection_by_bd_addr(address)
        if connection is not None:
            await connection.disconnect()
