"""bleak's scanner on an `Adapter`: what each device's advertisement and answer say together.

It finds; connecting is `backend`'s.
"""

import asyncio
from typing import Any, ClassVar, Literal

from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bumble import hci

from lockhil.bluetooth.adapter import Adapter
from lockhil.bluetooth.fields import fields_of


class BumbleScanner(BaseBleakScanner):
    """A scanner on the adapter that its class belongs to; a device's `details` is its address."""

    adapter: ClassVar[Adapter]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"],
        **_: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"
        # What each device said last, and answered last.
        self._said: dict[str, list[bytes]] = {}

    async def start(self) -> None:
        self.seen_devices = {}
        self._said = {}
        await self.adapter.listen(self._heard, active=self._active)

    async def stop(self) -> None:
        await self.adapter.ignore(self._heard)

    def _heard(self, address: hci.Address, rssi: int, data: bytes, answers: bool) -> None:
        key = address.to_string(False)
        said = self._said.setdefault(key, [b"", b""])
        said[answers] = data
        told = fields_of(*said)
        if not self.is_allowed_uuid(told.uuids):
            return
        advert = AdvertisementData(
            local_name=told.name,
            manufacturer_data=told.maker_data,
            service_data=told.service_data,
            service_uuids=told.uuids,
            tx_power=told.tx_power,
            rssi=rssi,
            platform_data=(address, *said),
        )
        device = self.create_or_update_device(key, key, told.name, address, advert)
        # Somebody else's mistake in there mustn't stop the radio.
        asyncio.get_running_loop().call_soon(self.call_detection_callbacks, device, advert)


def scanner_on(adapter: Adapter) -> type[BaseBleakScanner]:
    """For `BleakScanner(..., backend=scanner_on(adapter))`."""
    return type("BumbleScanner", (BumbleScanner,), {"adapter": adapter})
