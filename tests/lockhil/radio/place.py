"""A lock and phones of bumble's own in an air: for what an air does, whoever is in it."""

from typing import Any

from bumble import hci
from bumble.core import UUID
from bumble.device import Connection, Device, Peer
from bumble.gatt import Characteristic, Service

from lockhil.radio.air import Air
from locksim.timeline import Timeline

LOCK, PHONE, OTHER = "C0:00:00:00:00:0A", "C0:00:00:00:00:01", "C0:00:00:00:00:02"
ADVERT, ANSWER = b"\x02\x01\x06", b"\x05\x09lock"
TALK = UUID("6E400002-B5A3-F393-E0A9-E50E24DCCA9E")
DAY_MS = 86_400_000
INTERVAL_MS = 1_000


class Place:
    """A lock that advertises, a phone, and the air between them."""

    def __init__(self, seed: int = 0) -> None:
        self.timeline = Timeline()
        self.air = Air(self.timeline, seed)
        self.run = self.air.runner.run
        self.lock = self.run(self.air.central(LOCK))
        self.phone = self.run(self.air.central(PHONE))
        self.written: list[bytes] = []
        self.told = Characteristic(
            TALK,
            Characteristic.Properties.WRITE_WITHOUT_RESPONSE | Characteristic.Properties.NOTIFY,
            Characteristic.WRITEABLE,
            b"",
        )
        self.told.on(self.told.EVENT_WRITE, lambda _, value: self.written.append(value))
        self.lock.gatt_server.add_service(Service(TALK, [self.told]))
        self.at_lock: list[Connection] = []
        self.lock.on(self.lock.EVENT_CONNECTION, self.at_lock.append)

    def advertise(self) -> None:
        self.run(
            self.lock.start_advertising(
                advertising_data=ADVERT,
                scan_response_data=ANSWER,
                advertising_interval_min=INTERVAL_MS,
                advertising_interval_max=INTERVAL_MS,
            )
        )

    def listen(self, device: Device, *, active: bool = True, **more: Any) -> list[Any]:
        """The reports that come in from now on: when, and what."""
        heard: list[Any] = []
        device.host.on(
            "advertising_report", lambda report: heard.append((self.timeline.now, report))
        )
        self.run(device.start_scanning(active=active, **more))
        return heard

    def connect(self, device: Device | None = None) -> Connection:
        self.advertise()
        return self.run((device or self.phone).connect(hci.Address(LOCK)))

    @property
    def quiet(self) -> bool:
        """Whether nothing at all is going to happen."""
        self.timeline.run(60_000)
        # SimPy's own end of that run is still there.
        self.timeline.run(0)
        return self.timeline.env.peek() == float("inf")


async def talk_of(connection: Connection) -> Any:
    peer = Peer(connection)
    await peer.discover_services()
    await peer.discover_characteristics()
    return peer.get_characteristics_by_uuid(TALK)[0]


def ends_of(place: Place, connection: Connection) -> list[tuple[str, int, int]]:
    """How and when it ends at either end."""
    ends: list[tuple[str, int, int]] = []
    for who, one in (("phone", connection), ("lock", place.at_lock[0])):
        one.on(
            one.EVENT_DISCONNECTION,
            lambda reason, who=who: ends.append((who, reason, place.timeline.now)),
        )
    return ends
