"""The virtual board's `bluetooth` does what MicroPython's does: `asked.py`, and what no board is
asked."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from bumble.att import ATT_Error
from bumble.core import UUID
from bumble.device import Peer
from bumble.gatt_client import CharacteristicProxy

from tests.lockhil.radio.asked import DO, PLAIN, QUESTIONS, Asked, RefusedError
from tests.lockhil.radio.rig import ECHO, OTHER, Board, board, connect, nus
from tests.lockhil.virtual.rig import say

TOLD = (Path(__file__).parent / "told.py").read_text(encoding="utf-8")


class BumbleCentral:
    """A central in the air; see `asked.Central`."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    @property
    def mtu(self) -> int:
        return int(self._peer.connection.att_mtu)

    def _one(self, uuid: str) -> CharacteristicProxy[bytes]:
        return self._peer.get_characteristics_by_uuid(UUID(uuid))[0]

    async def read(self, uuid: str) -> bytes:
        try:
            return await self._one(uuid).read_value()
        except ATT_Error as error:
            raise RefusedError(error.error_code) from None

    async def write(self, uuid: str, value: bytes) -> None:
        try:
            await self._one(uuid).write_value(value, with_response=True)
        except ATT_Error as error:
            raise RefusedError(error.error_code) from None

    async def subscribe(self, uuid: str, heard: Callable[[bytes], None]) -> None:
        await self._one(uuid).subscribe(heard)


async def _ask(one: Board, device: Any, *, mtu: int = 247) -> Asked:
    peer = Peer(await connect(device))
    await peer.request_mtu(mtu)
    await peer.discover_services()
    await peer.discover_characteristics()
    return Asked(BumbleCentral(peer))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.__name__)
def test_it_does_what_micropythons_does(question: Callable[[Asked], Awaitable[None]]) -> None:
    with board(TOLD, stay=False) as one:
        phone = one.central()

        async def asks() -> None:
            await question(await _ask(one, phone))

        one.run(asks())


def test_adverts_end_with_a_connection_and_the_board_may_begin_again() -> None:
    with board(TOLD, stay=False) as one:
        phone, other = one.central(), one.central(OTHER)
        heard: list[Any] = []
        other.host.on("advertising_report", heard.append)

        async def asks() -> None:
            ask = await _ask(one, phone)
            await other.start_scanning(active=True)
            await asyncio.sleep(5)
            assert not heard
            await ask("advertise()")
            await asyncio.sleep(1)
            kinds = {report.event_type: bytes(report.data) for report in heard}
            assert kinds == {
                0: b"\x02\x01\x06\x05\x09told",
                4: b"\x05\xff\xff\xfftt",
            }
            # What isn't given stays as it was; and it ends when it is told to.
            await ask("ble.gap_advertise(200_000, b'\\x02\\x01\\x04')")
            heard.clear()
            await asyncio.sleep(1)
            kinds = {report.event_type: bytes(report.data) for report in heard}
            assert kinds == {0: b"\x02\x01\x04", 4: b"\x05\xff\xff\xfftt"}
            await ask("ble.gap_advertise(None)")
            heard.clear()
            await asyncio.sleep(5)
            assert not heard

        one.run(asks())


def test_the_board_hangs_up() -> None:
    with board(TOLD, stay=False) as one:
        phone, other = one.central(), one.central(OTHER)
        ends: list[int] = []

        async def asks() -> None:
            first = await _ask(one, phone)
            await first("advertise()")
            second = await _ask(one, other)
            first.central._peer.connection.on("disconnection", ends.append)
            assert await second("ble.gap_disconnect(0)") is True
            await asyncio.sleep(1)
            assert ends == [0x13]
            assert await second("log[-1][:2]") == [2, 0]
            assert await second("ble.gap_disconnect(0)") is False

        one.run(asks())


def test_switching_off_ends_all_and_tells_who_was_there() -> None:
    with board(TOLD, stay=False) as one:
        phone = one.central()
        ends: list[int] = []

        async def asks() -> None:
            ask = await _ask(one, phone)
            ask.central._peer.connection.on("disconnection", ends.append)
            await ask.central.write(DO, b"1 ble.active(False)")
            await asyncio.sleep(1)
            assert ends == [0x13]
            heard: list[Any] = []
            phone.host.on("advertising_report", heard.append)
            await phone.start_scanning(active=True)
            await asyncio.sleep(5)
            assert not heard

        one.run(asks())


def test_a_reset_is_noticed_by_the_time_out_and_the_board_is_there_again() -> None:
    with board(TOLD, stay=False) as one:
        phone = one.central()
        ends: list[int] = []

        async def asks() -> None:
            ask = await _ask(one, phone)
            await ask("ble.gatts_write(values['plain'], b'before')")
            ask.central._peer.connection.on("disconnection", ends.append)
            one.world.reset("soft")
            await asyncio.sleep(3.9)
            assert not ends
            await asyncio.sleep(0.2)
            assert ends == [0x08]
            again = await _ask(one, phone)
            assert await again.central.read(PLAIN) == b""

        one.run(asks())


def test_a_power_cut_while_a_write_waits_leaves_nothing_behind() -> None:
    with board(TOLD, stay=False) as one:
        phone = one.central()

        async def asks() -> None:
            ask = await _ask(one, phone)
            write = asyncio.create_task(ask.central.write(PLAIN, b"lost"))
            await asyncio.sleep(0.001)
            one.world.power_cut(2_000)
            with pytest.raises((asyncio.CancelledError, Exception)):
                await write
            await asyncio.sleep(5)
            again = await _ask(one, phone)
            assert await again.central.read(PLAIN) == b""

        one.run(asks())


def test_a_notification_goes_out_whether_or_not_anybody_subscribed() -> None:
    with board(TOLD, stay=False) as one:
        phone = one.central()
        heard: list[bytes] = []

        async def asks() -> None:
            ask = await _ask(one, phone)
            peer = ask.central._peer
            peer.gatt_client.on_att_handle_value_notification = lambda pdu: heard.append(
                pdu.attribute_value
            )
            await ask("ble.gatts_notify(0, values['tells'], b'to a stranger')")
            await asyncio.sleep(0.2)

        one.run(asks())
        assert heard == [b"to a stranger"]


def test_what_is_longer_than_the_mtu_comes_in_parts_or_not_at_all() -> None:
    with board(ECHO) as one:
        phone = one.central()

        async def talk() -> None:
            rx, _ = await nus(await connect(phone))
            for size in (20, 21):
                # With a response, bumble's client makes a long write of what is too long.
                await rx.write_value(b"r" * size, with_response=True)
                await rx.write_value(b"c" * size, with_response=False)

        one.run(talk())
        one.world.run(1_000)
        got = [said[2] for said in one.said if said[0] == "got"]
        assert got == ["r" * 20, "c" * 20, "r" * 21]


def test_a_notification_has_its_buffer_until_it_arrived() -> None:
    with board(TOLD, stay=False) as one:
        one.air.everywhere(interval_ms=1_000, supervision_ms=10_000)
        phone = one.central()

        async def asks() -> None:
            ask = await _ask(one, phone)
            notify = "raised(ble.gatts_notify, 0, values['tells'], bytes(9))"
            filled = f"[{notify} for _ in range(9)][-1]"
            later = f"time.sleep_ms(500) or {notify}"
            assert await ask(f"({filled}, {later})") == (("OSError", 12), ("OSError", 12))
            await asyncio.sleep(5)
            assert await ask(notify) is None

        one.run(asks())


def test_memory_of_the_handlers_is_gone_afterwards() -> None:
    kept = ECHO.replace("def irq(event, data):\n", "def irq(event, data):\n    keep(data)\n")
    main = "kept = []\ndef keep(data):\n    kept.append(data[2]) if len(data) > 2 else 0\n" + kept
    with board(
        main + "\nwhile not kept:\n    time.sleep_ms(10)\nsay(bytes(kept[0]).hex())\n"
    ) as one:
        phone = one.central()
        one.run(connect(phone))
        one.world.run(1_000)
        assert one.said[-1] == "000000000000"


def test_a_handler_that_raises_ends_nothing() -> None:
    main = ECHO.replace('say(["joined"', 'raise LookupError(["joined"')
    with board(main) as one:
        phone = one.central()

        async def talk() -> None:
            rx, _ = await nus(await connect(phone))
            await rx.write_value(b"still there", with_response=True)

        one.run(talk())
        assert one.said == [["got", 0, "still there"]]


def test_without_an_air_everything_works_and_nobody_is_there() -> None:
    said = say(
        ECHO
        + """
try:
    ble.gatts_notify(0, tx, b"x")
except OSError as error:
    say(error.args[0])
ble.gatts_write(tx, b"kept")
say(str(ble.gatts_read(tx), "utf-8"))
say(ble.gap_disconnect(0))
ble.active(False)
try:
    ble.gatts_read(tx)
except OSError as error:
    say(error.args[0])
"""
    )
    assert said == [107, "kept", False, 19]


def test_a_board_without_an_air_imports_no_radio() -> None:
    code = (
        "import sys, lockhil.targets.virtual, lockhil.virtual.realtime;"
        "print([name for name in sys.modules if name.split('.')[0] in ('bumble', 'bleak')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
