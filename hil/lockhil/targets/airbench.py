"""The bench around a virtual board in an air: what `onboard` has, and further phones.

They are bleak's clients as the target's own; what they make of the unit is the test's business.
"""

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bumble import hci

from lockhil.bluetooth.adapter import MTU, Adapter
from lockhil.bluetooth.install import client_on
from lockhil.bluetooth.transport import BleTransport
from lockhil.client import Link
from lockhil.radio.air import Air
from lockhil.targets.inair import Airborne
from lockhil.targets.onboard import BoardBench


class Phone:
    """A central of its own. It connects when it is asked for its client or its link."""

    def __init__(self, radio: "Radio", address: str, mtu: int) -> None:
        self._radio = radio
        self.address = address
        self.run = radio.air.runner.run
        self.adapter = Adapter(self.run(radio.air.central(address)), mtu)

    def transport(self) -> BleTransport:
        """Connected to the unit's line. ContactLostError."""
        radio = self._radio
        return BleTransport(radio.found, radio.air.runner, client_on(self.adapter), radio.starts)

    def link(self) -> Link:
        """The unit's link, in the open. ContactLostError."""
        return Link(self.transport())

    def client(self) -> BleakClient:
        """bleak's own client, connected, for what isn't the link; its coroutines are for `run`."""
        made = BleakClient(self._radio.found, backend=client_on(self.adapter))
        self.run(made.connect())
        return made


class Radio:
    """The air around one unit, and who is in it."""

    def __init__(self, air: Air, board: Airborne) -> None:
        self.air = air
        self._board = board
        public = hci.Address(board.address, hci.Address.PUBLIC_DEVICE_ADDRESS)
        self.found = BLEDevice(board.address, board.world.unit_id, public)
        self._phones = 0

    def starts(self) -> int:
        """How often the unit has started."""
        return self._board.world.boots

    def phone(self, mtu: int = MTU) -> Phone:
        """Another phone; `mtu`: the largest that it asks for."""
        self._phones += 1
        return Phone(self, f"C0:00:00:00:00:{self._phones:02X}", mtu)

    def away(self, away: bool = True) -> None:
        """The unit is out of everybody's range from now on, or within again."""
        self.air.everywhere(within=not away)

    def adverts(self, ms: int, *, active: bool = True) -> list[tuple[bool, bytes]]:
        """All that a scanner hears for so long: whether it was the answer to a scan, the bytes."""
        heard: list[tuple[bool, bytes]] = []

        def hear(address: hci.Address, _: int, data: bytes, answers: bool) -> None:
            if str(address).startswith(self.found.address):
                heard.append((answers, data))

        ear = self.phone()
        ear.run(ear.adapter.listen(hear, active=active))
        self.air.runner.wait(lambda: False, ms)
        ear.run(ear.adapter.ignore(hear))
        return heard


class AirBench(BoardBench):
    """See `BoardBench`; `radio` is the air."""

    def __init__(self, board: Airborne, radio: Radio) -> None:
        super().__init__(board.world, board.made.wiring)
        self.radio = radio
