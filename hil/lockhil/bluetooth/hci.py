"""An adapter out of a controller that speaks HCI: a USB stick, or a radio in another process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bumble.device import Device
from bumble.hci import Address
from bumble.transport import open_transport

from lockhil.bluetooth.adapter import Adapter

# For a controller that is there to say that it is.
_OPEN_S = 10.0


@asynccontextmanager
async def adapter_at(spec: str) -> AsyncIterator[Adapter]:
    """The controller that bumble calls so (`usb:0`, `tcp-client:127.0.0.1:9000`), switched on.

    It raises whatever bumble and the system do where there is none.
    """
    async with asyncio.timeout(_OPEN_S):
        transport = await open_transport(spec)
    async with transport:
        own = Address.generate_static_address()
        device = Device.with_hci("lockrig", own, transport.source, transport.sink)
        async with asyncio.timeout(_OPEN_S):
            await device.power_on()
        yield Adapter(device)
