"""Bumble's plain air with a peripheral in it, for tests of the client's side alone.

No unit: what a unit does on the air is tested with its firmware.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bumble import att, hci
from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.host import Host
from bumble.link import LocalLink

from lockhil.bluetooth.adapter import Adapter
from lockhil.bluetooth.nus import RX, SERVICE, TX

UNIT = "F0:F1:F2:F3:F4:F5"
CENTRAL = "C0:00:00:00:00:01"
STATUS = "0000abcd-0000-1000-8000-00805f9b34fb"
_PROPERTIES = Characteristic.Properties


class _Controller(Controller):
    """Whose attempts to connect can be given up, as a real one's; bumble's go on for ever."""

    def on_hci_le_create_connection_cancel_command(
        self, command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Core 5.4, volume 4, part E, 7.8.13."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)


def device(link: LocalLink, address: str, name: str) -> Device:
    """A radio on the link."""
    controller = _Controller(name, link=link)
    made = Device(name=name, address=hci.Address(address), host=Host(controller, controller))
    made.host.snooper = None
    return made


@dataclass
class Peripheral:
    """A NUS server that notes what is written; `status` is a value of 600 bytes at most."""

    device: Device
    written: list[bytes] = field(default_factory=list)
    status: bytes = b"\x05"
    # ATT's error for every access to `status`; 0: none. `hangs`: it never answers.
    error: int = 0
    hangs: bool = False

    def __post_init__(self) -> None:
        self.tx = Characteristic[bytes](TX, _PROPERTIES.NOTIFY, Characteristic.Permissions(0))
        self._held = asyncio.Event()
        self.on_written = self.written.append

        async def read(_: Connection) -> bytes:
            if self.hangs:
                await self._held.wait()
            if self.error:
                raise att.ATT_Error(self.error)
            return self.status

        def write(_: Connection, value: bytes) -> None:
            if self.error:
                raise att.ATT_Error(self.error)
            self.status = bytes(value)

        status = Characteristic(
            STATUS,
            _PROPERTIES.READ | _PROPERTIES.WRITE,
            Characteristic.READABLE | Characteristic.WRITEABLE,
            CharacteristicValue(read=read, write=write),
        )
        rx = Characteristic(
            RX,
            _PROPERTIES.WRITE | _PROPERTIES.WRITE_WITHOUT_RESPONSE,
            Characteristic.WRITEABLE,
            CharacteristicValue(write=lambda _, value: self.on_written(bytes(value))),
        )
        self.device.add_service(Service(SERVICE, [rx, self.tx, status]))

    async def advertise(self) -> None:
        """Let it be found and connected to."""
        fields: list[tuple[int, bytes]] = [
            (AdvertisingData.FLAGS, b"\x06"),
            (AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, bytes(UUID(SERVICE))),
            (AdvertisingData.SHORTENED_LOCAL_NAME, b"LOCK-1"),
        ]
        await self.device.start_advertising(
            advertising_data=bytes(AdvertisingData(fields)),
            auto_restart=True,
            advertising_interval_min=20,
            advertising_interval_max=20,
        )

    async def tell(self, data: bytes) -> None:
        """Notify whoever subscribed."""
        await self.device.notify_subscribers(self.tx, data)

    async def drop(self) -> None:
        """End the connections."""
        for connection in list(self.device.connections.values()):
            await connection.disconnect()


@asynccontextmanager
async def air(mtu: int = 517) -> AsyncIterator[tuple[Adapter, Peripheral]]:
    """An adapter, and a peripheral that advertises."""
    link = LocalLink()
    peripheral = Peripheral(device(link, UNIT, "unit"))
    central = device(link, CENTRAL, "central")
    await peripheral.device.power_on()
    await central.power_on()
    await peripheral.advertise()
    try:
        yield Adapter(central, mtu), peripheral
    finally:
        await peripheral.drop()
        await central.power_off()
        await peripheral.device.power_off()
