"""Listening to the air for a while: which units are in it. It connects to none of them."""

import asyncio
from collections.abc import Callable

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

from lockhil.bluetooth.nus import SERVICE
from lockhil.bluetooth.sighting import Sighting, sighting


async def watch(
    seconds: float, now_ms: Callable[[], int], backend: type[BaseBleakScanner] | None = None
) -> list[Sighting]:
    """All units that were heard, as they were last, by their names; see `failures.FAILURES`."""
    seen: dict[str, Sighting] = {}

    def heard(device: BLEDevice, advert: AdvertisementData) -> None:
        found = sighting(
            address=device.address,
            name=advert.local_name or device.name,
            uuids=advert.service_uuids,
            service_data=advert.service_data,
            rssi_dbm=advert.rssi,
            heard_ms=now_ms(),
        )
        if found is not None:
            seen[device.address] = found

    async with BleakScanner(heard, service_uuids=[SERVICE], backend=backend):
        await asyncio.sleep(seconds)
    return sorted(seen.values(), key=lambda unit: (unit.name, unit.address))
