"""The air on the wall's clock: around a board that runs in a thread, and for other processes."""

import asyncio
import contextlib
import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bumble import hci
from bumble.device import Device
from bumble.transport import open_transport

from lockhil.firmware import laid_out
from lockhil.radio.air import Air
from lockhil.radio.hciport import HciPort
from lockhil.radio.runner import BoardRunner
from lockhil.virtual.image import build
from lockhil.virtual.realtime import RealBoard
from locksim.timeline import Timeline
from locksim.world import World
from tests.lockhil.radio.rig import ECHO, PHONE, UNIT, connect, nus
from tests.lockhil.virtual.rig import SAYS, STAY, WIRING


class Real:
    """A board that echoes, on the real clock."""

    def __init__(self, disk: Path) -> None:
        airs: list[Air] = []

        def around(timeline: Timeline) -> Any:
            airs.append(Air(timeline))
            return airs[0].unit(UNIT)

        self.board = RealBoard(WIRING, disk, World, around)
        self.board.wait_until_up()
        self.air = airs[0]
        self.runner = BoardRunner(self.board, self.air.loop)

    @property
    def said(self) -> list[Any]:
        with self.board.acting() as world:
            return [json.loads(event.v) for event in world.recorder.events if event.ch == "tx"]


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Real]:
    content = laid_out(wiring=json.dumps(WIRING).encode())
    content["main.py"] = (SAYS + ECHO + STAY).encode()
    disk = tmp_path / "flash.img"
    shutil.copyfile(build(content), disk)
    made = Real(disk)
    try:
        yield made
    finally:
        made.board.close()
        made.air.close()


async def _talk(device: Device, heard: list[bytes]) -> None:
    connection = await connect(device)
    rx, tx = await nus(connection)
    await tx.subscribe(heard.append)
    await rx.write_value(b"hello", with_response=True)
    while not heard:
        await asyncio.sleep(0.01)
    await connection.disconnect()


def test_a_phone_in_the_boards_own_air(real: Real) -> None:
    heard: list[bytes] = []
    phone = real.runner.run(real.air.central(PHONE))
    before = real.runner.now_ms
    real.runner.run(_talk(phone, heard))
    assert heard == [b"HELLO"]
    assert real.runner.now_ms > before
    assert real.runner.wait(lambda: real.said[-1] == ["left", 0], 10_000)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_world_that_breaks_ends_who_waits_in_it(real: Real) -> None:
    async def breaks() -> None:
        def fails() -> None:
            raise LookupError("broken")

        asyncio.get_running_loop().call_soon(fails)
        await asyncio.sleep(1_000)

    with pytest.raises(RuntimeError, match="world broke"):
        real.runner.run(breaks())


@pytest.fixture
def port(real: Real) -> Iterator[HciPort]:
    made = HciPort(real.board, real.air, 0)
    try:
        yield made
    finally:
        made.close()


@contextlib.asynccontextmanager
async def _host(port: HciPort, address: str) -> Any:
    """A host of bumble's in a loop of its own, as another process has it."""
    where = f"tcp-client:{port.address[0]}:{port.address[1]}"
    async with await open_transport(where) as (source, sink):
        device = Device.with_hci("phone", hci.Address(address), source, sink)
        await device.power_on()
        yield device


def test_another_process_is_a_central_and_then_another(port: HciPort, real: Real) -> None:
    async def one_after_the_other() -> list[list[bytes]]:
        all_heard: list[list[bytes]] = []
        for address in (PHONE, "C0:00:00:00:00:02"):
            async with _host(port, address) as device:
                heard: list[bytes] = []
                await asyncio.wait_for(_talk(device, heard), 60)
                all_heard.append(heard)
        return all_heard

    assert asyncio.run(one_after_the_other()) == [[b"HELLO"], [b"HELLO"]]
    expected = ["joined", "got", "left"] * 2
    assert real.runner.wait(lambda: [said[0] for said in real.said] == expected, 60_000)


def test_a_host_that_goes_leaves_its_connection_to_time_out(port: HciPort, real: Real) -> None:
    async def goes() -> None:
        async with _host(port, PHONE) as device:
            await asyncio.wait_for(connect(device), 60)

    real.air.everywhere(supervision_ms=200)
    asyncio.run(goes())
    assert real.runner.wait(lambda: [said[0] for said in real.said] == ["joined", "left"], 60_000)


def test_nonsense_from_a_host_harms_nobody(port: HciPort, real: Real) -> None:
    for nonsense in (b"\xff" * 100, b"\x01\x03\x0c", b"\x02\x00\x00\xff\xff" + bytes(70_000)):
        with socket.create_connection(port.address) as client:
            client.sendall(nonsense)
    test_another_process_is_a_central_and_then_another(port, real)
    assert real.board.failure is None
