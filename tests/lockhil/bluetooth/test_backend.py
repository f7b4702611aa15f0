"""bleak's client and scanner on bumble's radio: as on BlueZ, and with bleak's own exceptions."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import bleak
import pytest
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bumble import hci

from lockhil.bluetooth.adapter import Adapter
from lockhil.bluetooth.install import client_on, installed
from lockhil.bluetooth.nus import RX, SERVICE, TX
from lockhil.bluetooth.scanner import scanner_on
from tests.lockhil.bluetooth import userscript
from tests.lockhil.bluetooth.air import CENTRAL, STATUS, UNIT, Peripheral, air

Test = Callable[[Adapter, Peripheral], Coroutine[Any, Any, None]]


def on_the_air(test: Test, mtu: int = 517) -> None:
    """Run it on a loop of its own, with what stays behind noticed."""

    async def run() -> None:
        async with air(mtu) as (adapter, peripheral):
            with installed(adapter):
                await test(adapter, peripheral)

    asyncio.run(run())


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not done():
            await asyncio.sleep(0.001)


def test_a_users_script_runs_as_it_is() -> None:
    async def test(_: Adapter, unit: Peripheral) -> None:
        async def answer() -> None:
            await until(lambda: bool(unit.written))
            await unit.tell(b"heard " + unit.written[0])

        task = asyncio.ensure_future(answer())
        name, services, heard = await userscript.main("hello")
        await task
        assert (name, heard) == ("LOCK-1", b"heard hello")
        assert SERVICE in services

    on_the_air(test)


def test_what_a_scanner_finds() -> None:
    async def test(_: Adapter, unit: Peripheral) -> None:
        found = await BleakScanner.discover(0.2, return_adv=True)
        device, advert = found[UNIT]
        assert (device.address, device.name) == (UNIT, "LOCK-1")
        assert (advert.service_uuids, advert.rssi) == ([SERVICE], -50)
        other = "0000180f-0000-1000-8000-00805f9b34fb"
        assert await BleakScanner.discover(0.2, service_uuids=[other]) == []

    on_the_air(test)


def test_two_scanners_at_once() -> None:
    """One that stops doesn't stop the other's."""

    async def test(adapter: Adapter, unit: Peripheral) -> None:
        counts = [0, 0]

        def count(which: int) -> Callable[[object, object], None]:
            def one(_device: object, _advert: object) -> None:
                counts[which] += 1

            return one

        async with BleakScanner(count(0)):
            async with BleakScanner(count(1)):
                await until(lambda: min(counts) > 1)
            before = list(counts)
            await until(lambda: counts[0] > before[0] + 2)
            assert counts[1] == before[1]
        assert not adapter.device.is_scanning

    on_the_air(test)


def test_a_callbacks_mistake_doesnt_stop_the_radio() -> None:
    async def test(_: Adapter, unit: Peripheral) -> None:
        wrong: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, told: wrong.append(told))

        def mistaken(_device: object, _told: object) -> None:
            raise RuntimeError("a user's mistake")

        async with BleakScanner(mistaken) as scanner:
            await until(lambda: len(wrong) > 1)
            assert scanner.discovered_devices
        async with BleakClient(UNIT) as client:
            await client.start_notify(TX, mistaken)
            wrong.clear()
            await unit.tell(b"one")
            await until(lambda: len(wrong) == 1)
            assert await client.read_gatt_char(STATUS) == b"\x05"

    on_the_air(test)


def test_services_and_their_properties() -> None:
    async def test(_: Adapter, unit: Peripheral) -> None:
        async with BleakClient(UNIT) as client:
            rx, tx = (client.services.get_characteristic(uuid) for uuid in (RX, TX))
            assert rx is not None
            assert tx is not None
            assert sorted(rx.properties) == ["write", "write-without-response"]
            assert tx.properties == ["notify"]
            assert [found.uuid[4:8] for found in tx.descriptors] == ["2902"]
            assert rx.service_uuid == SERVICE
            assert client.address == UNIT
        async with BleakClient(UNIT, services=[SERVICE]) as client:
            assert [found.uuid for found in client.services] == [SERVICE]

    on_the_air(test)


@pytest.mark.parametrize("mtu", [23, 24, 64, 247, 517])
def test_reads_and_writes_of_any_length(mtu: int) -> None:
    async def test(_: Adapter, unit: Peripheral) -> None:
        async with BleakClient(UNIT) as client:
            assert client.mtu_size == mtu
            rx = client.services.get_characteristic(RX)
            assert rx is not None
            assert rx.max_write_without_response_size == mtu - 3
            for length in (0, 1, mtu - 4, mtu - 3, mtu - 2, mtu, 512):
                data = bytes(i % 251 for i in range(min(512, length)))
                await client.write_gatt_char(STATUS, data, response=True)
                assert unit.status == data, length
                assert await client.read_gatt_char(STATUS) == data, length
            longest = min(512, mtu - 3)
            await client.write_gatt_char(RX, b"x" * longest, response=False)
            await until(lambda: bool(unit.written))
            with pytest.raises(BleakError, match=f"at most {longest} bytes"):
                await client.write_gatt_char(RX, b"x" * (longest + 1), response=False)
            with pytest.raises(BleakError, match="at most 512 bytes"):
                await client.write_gatt_char(RX, b"x" * 513, response=True)

    on_the_air(test, mtu)


def test_the_devices_refusals_are_bleaks() -> None:
    async def test(_: Adapter, unit: Peripheral) -> None:
        async with BleakClient(UNIT) as client:
            for code in (0x05, 0x0F, 0x80):
                unit.error = code
                with pytest.raises(BleakGATTProtocolError) as caught:
                    await client.read_gatt_char(STATUS)
                assert caught.value.code == code
                with pytest.raises(BleakGATTProtocolError) as caught:
                    await client.write_gatt_char(STATUS, b"1", response=True)
                assert caught.value.code == code
            with pytest.raises(BleakError, match="neither notifies nor indicates"):
                await client.start_notify(STATUS, lambda *_: None)
            with pytest.raises(BleakError, match="doesn't pair"):
                await client.pair()
            unit.error = 0
            assert await client.read_gatt_char(STATUS) == b"\x05", "it goes on"

    on_the_air(test)


def test_notifications_begin_and_end() -> None:
    async def test(_: Adapter, unit: Peripheral) -> None:
        heard: list[bytes] = []
        async with BleakClient(UNIT) as client:
            await unit.tell(b"too early")
            await client.start_notify(TX, lambda _, data: heard.append(bytes(data)))
            with pytest.raises(BleakError, match="already started"):
                await client.start_notify(TX, lambda *_: None)
            for data in (b"1", b"2", b"3"):
                await unit.tell(data)
            await until(lambda: heard == [b"1", b"2", b"3"])
            await client.stop_notify(TX)
            await unit.tell(b"too late")
            with pytest.raises(BleakError, match="not started"):
                await client.stop_notify(TX)
            assert len(heard) == 3
            await client.start_notify(TX, lambda _, data: heard.append(bytes(data)))
            await unit.tell(b"4")
            await until(lambda: heard[3:] == [b"4"])

    on_the_air(test)


def test_a_device_that_leaves() -> None:
    """Who waits for it is told at once, who asks afterwards too; then it can be met again."""

    async def test(_: Adapter, unit: Peripheral) -> None:
        left: list[BleakClient] = []
        client = BleakClient(UNIT, left.append)
        await client.connect()
        with pytest.raises(BleakError, match="already connected"):
            await client.connect()
        unit.hangs = True
        waiting = [asyncio.ensure_future(client.read_gatt_char(STATUS)) for _ in range(3)]
        await asyncio.sleep(0.01)
        await unit.drop()
        for task in waiting:
            with pytest.raises(BleakError, match="Not connected"):
                await asyncio.wait_for(task, 1)
        await until(lambda: left == [client])
        assert not client.is_connected
        with pytest.raises(BleakError):
            await client.write_gatt_char(RX, b"1", response=True)
        with pytest.raises(BleakError, match="Not connected"):
            await client.start_notify(TX, lambda *_: None)
        await client.disconnect()
        unit.hangs = False
        await client.connect()
        assert await client.read_gatt_char(STATUS) == b"\x05"
        await client.disconnect()
        await until(lambda: left == [client, client])

    on_the_air(test)


def test_whoever_stops_waiting_mixes_up_no_answers() -> None:
    async def test(_: Adapter, unit: Peripheral) -> None:
        async with BleakClient(UNIT) as client:
            unit.hangs = True
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.read_gatt_char(STATUS), 0.01)
            unit.hangs, unit.status = False, b"new"
            unit._held.set()
            assert await client.read_gatt_char(STATUS) == b"new"

    on_the_air(test)


def test_devices_that_arent_there() -> None:
    async def test(adapter: Adapter, unit: Peripheral) -> None:
        absent = "F0:00:00:00:00:99"
        with pytest.raises(BleakDeviceNotFoundError, match=absent):
            await BleakClient(absent, timeout=0.1).connect()
        # It was there a moment ago.
        gone = BLEDevice(absent, None, hci.Address(absent))
        with pytest.raises(TimeoutError):
            await BleakClient(gone, timeout=0.1).connect()
        async with BleakClient(UNIT) as client:
            assert await client.read_gatt_char(STATUS) == b"\x05"

    on_the_air(test)


def test_a_second_adapter_is_a_second_central() -> None:
    async def test(adapter: Adapter, unit: Peripheral) -> None:
        assert scanner_on(adapter).__name__ == "BumbleScanner"
        async with BleakClient(UNIT, backend=client_on(adapter)) as client:
            assert [str(c.peer_address)[:17] for c in unit.device.connections.values()] == [CENTRAL]
            assert client.name == "LOCK-1"

    on_the_air(test)


def test_afterwards_everything_is_as_before() -> None:
    before = bleak.get_platform_client_backend_type

    async def test(adapter: Adapter, unit: Peripheral) -> None:
        assert bleak.get_platform_client_backend_type()[1] == "BumbleClient"

    on_the_air(test)
    assert bleak.get_platform_client_backend_type is before
