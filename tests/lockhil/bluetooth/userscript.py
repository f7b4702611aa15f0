"""A user's script as bleak's documentation has it: nothing in it knows of any backend."""

import asyncio

from bleak import BleakClient, BleakScanner

SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
RX = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
TX = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"


async def main(say: str) -> tuple[str, list[str], bytes]:
    """Find a device with the service, say something, and hear what it says to that."""
    found = await BleakScanner.find_device_by_filter(lambda d, ad: SERVICE in ad.service_uuids)
    assert found is not None
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    async with BleakClient(found) as client:
        await client.start_notify(TX, lambda _, data: heard.put_nowait(bytes(data)))
        await client.write_gatt_char(RX, say.encode(), response=True)
        answer = await asyncio.wait_for(heard.get(), 5)
        services = [service.uuid for service in client.services]
    return found.name or "", services, answer
