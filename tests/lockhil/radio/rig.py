"""A virtual board with a `main.py` of the test's own, in an air, and centrals of bumble's."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bumble import hci
from bumble.core import UUID
from bumble.device import Connection, Device, Peer
from bumble.gatt_client import CharacteristicProxy
from simpy import Environment

from lockhil.firmware import laid_out
from lockhil.radio.air import Air
from lockhil.virtual.image import build
from lockhil.virtual.loop import VirtualLoop
from locksim.timeline import Timeline
from locksim.world import World
from tests.lockhil.virtual.rig import SAYS, STAY, WIRING

UNIT = "24:0A:C4:00:00:01"
PHONE, OTHER = "C0:00:00:00:00:01", "C0:00:00:00:00:02"
NUS = "6E400001-B5A3-F393-E0A9-E50E24DCCA9E"
RX, TX = NUS.replace("0001-", "0002-"), NUS.replace("0001-", "0003-")
# A board that echoes, in capitals, what is written to it.
ECHO = f"""
import bluetooth
ble = bluetooth.BLE()
ble.active(True)
((rx, tx),) = ble.gatts_register_services(((bluetooth.UUID("{NUS}"), (
    (bluetooth.UUID("{RX}"), bluetooth.FLAG_WRITE | bluetooth.FLAG_WRITE_NO_RESPONSE),
    (bluetooth.UUID("{TX}"), bluetooth.FLAG_NOTIFY),
)),))
ble.gatts_set_buffer(rx, 244, True)
def irq(event, data):
    if event == 1:
        say(["joined", data[0], data[1], bytes(data[2]).hex()])
    elif event == 2:
        say(["left", data[0]])
        advertise()
    elif event == 3:
        got = ble.gatts_read(data[1])
        say(["got", data[0], str(got, "utf-8")])
        ble.gatts_notify(data[0], tx, got.upper())
    elif event == 21:
        say(["mtu", data[1]])
def advertise():
    ble.gap_advertise(100_000, b"\\x02\\x01\\x06", resp_data=b"\\x05\\x09unit")
ble.irq(irq)
advertise()
"""


class Board:
    """A board in its world and an air."""

    def __init__(self, world: World, air: Air) -> None:
        self.world = world
        self.air = air
        self.run = air.runner.run
        self.wait = air.runner.wait

    @property
    def said(self) -> list[Any]:
        """What it said so far."""
        return [json.loads(event.v) for event in self.world.recorder.events if event.ch == "tx"]

    def central(self, address: str = PHONE) -> Device:
        """A central, switched on."""
        return self.run(self.air.central(address))


@contextmanager
def board(
    main: str, *, seed: int = 0, stay: bool = True, air: Air | None = None, address: str = UNIT
) -> Iterator[Board]:
    """A board that runs `main`, alone in an air of its own, or in another's."""
    air = air or Air(Timeline(Environment()), seed)
    unit = air.unit(address)
    content = laid_out(wiring=json.dumps(WIRING).encode())
    content["main.py"] = (SAYS + main + (STAY if stay else "")).encode()
    with TemporaryDirectory() as folder:
        disk = Path(folder) / "flash.img"
        shutil.copyfile(build(content), disk)
        loops: list[VirtualLoop] = []

        def loop(timeline: Timeline) -> VirtualLoop:
            loops.append(VirtualLoop(timeline, WIRING, disk, radio=unit))
            return loops[0]

        try:
            world = World(env=air.timeline.env, loop=loop)
            loops[0].on_reset = world.reset
            yield Board(world, air)
        finally:
            for one in loops:
                one.stop()
            air.close()


async def connect(device: Device, unit: str = UNIT) -> Connection:
    """Connected to the unit."""
    address = hci.Address(unit, hci.Address.PUBLIC_DEVICE_ADDRESS)
    return await device.connect(address)


async def nus(
    connection: Connection,
) -> tuple[CharacteristicProxy[bytes], CharacteristicProxy[bytes]]:
    """The unit's link: where to write, what to listen to."""
    peer = Peer(connection)
    await peer.discover_services()
    await peer.discover_characteristics()
    (rx,), (tx,) = (peer.get_characteristics_by_uuid(UUID(one)) for one in (RX, TX))
    return rx, tx
