"""A bumble device as an adapter of this process: what `BleakClient` and `BleakScanner` work on.

Several may be open at once, each a radio of its own: a test's second central is one.
"""

import asyncio
from collections.abc import Callable

from bumble import hci
from bumble.device import Device

# What BlueZ asks for.
MTU = 517

Heard = Callable[[hci.Address, int, bytes, bool], None]


class Adapter:
    """An adapter on `device`, which is powered on; `mtu`: the largest that its clients ask for."""

    def __init__(self, device: Device, mtu: int = MTU) -> None:
        self.device = device
        self.mtu = mtu
        # A controller makes one connection at a time.
        self.connecting = asyncio.Lock()
        self._listeners: dict[Heard, bool] = {}
        device.host.on("advertising_report", self._report)

    async def listen(self, heard: Heard, *, active: bool) -> None:
        """Tell `heard` of each advertisement: the address, dBm, the bytes, whether it answers."""
        self._listeners[heard] = active
        await self._scan()

    async def ignore(self, heard: Heard) -> None:
        """Tell `heard` no more."""
        if self._listeners.pop(heard, None) is not None:
            await self._scan()

    async def _scan(self) -> None:
        """Scan as the most demanding of the listeners wants it."""
        if self.device.is_scanning:
            await self.device.stop_scanning()
        if self._listeners:
            await self.device.start_scanning(active=any(self._listeners.values()))

    def _report(
        self,
        report: hci.HCI_LE_Advertising_Report_Event.Report
        | hci.HCI_LE_Extended_Advertising_Report_Event.Report,
    ) -> None:
        if isinstance(report, hci.HCI_LE_Advertising_Report_Event.Report):
            kinds = hci.HCI_LE_Advertising_Report_Event.EventType
            answers = report.event_type == kinds.SCAN_RSP
        else:
            bits = hci.HCI_LE_Extended_Advertising_Report_Event.EventType
            answers = bool(report.event_type & bits.SCAN_RESPONSE)
        for heard in list(self._listeners):
            heard(report.address, report.rssi, bytes(report.data), answers)
