"""What a board's `bluetooth` does, asked by a central: for the virtual board and for real ones.

The board runs `told.py`. By hand, with the machine's own adapter:
`.venv/bin/python -m tests.lockhil.radio.asked ADDRESS`; it prints each question with its outcome.
"""

import ast
import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import pytest
from bleak import BleakClient
from bleak.exc import BleakGATTProtocolError

DO, OUT, PLAIN, TELLS, FIXED, DEAF = (
    f"6e4f{n:04x}-b5a3-f393-e0a9-e50e24dcca9e" for n in range(1, 7)
)
READ_NOT_PERMITTED, WRITE_NOT_PERMITTED = 0x02, 0x03


class RefusedError(Exception):
    """The board refused a read or a write, with this ATT error."""


class Central(Protocol):
    """A connection to the board, whatever makes it. RefusedError."""

    mtu: int

    async def read(self, uuid: str) -> bytes: ...

    async def write(self, uuid: str, value: bytes) -> None: ...

    async def subscribe(self, uuid: str, heard: Callable[[bytes], None]) -> None: ...


class Asked:
    """The board, which says what an expression of MicroPython's is."""

    def __init__(self, central: Central) -> None:
        self.central = central
        self._n = 0

    async def __call__(self, text: str) -> Any:
        self._n += 1
        number = str(self._n)
        await self.central.write(DO, f"{number} {text}".encode())
        for _ in range(500):
            said, _, result = (await self.central.read(OUT)).decode().partition(" ")
            if said == number:
                assert not result.startswith("!"), f"{text}: {result}"
                return ast.literal_eval(result)
            await asyncio.sleep(0.01)
        raise AssertionError(f"no answer to {text}")


async def a_value_takes_20_bytes(ask: Asked) -> None:
    await ask.central.write(PLAIN, bytes(range(30)))
    assert await ask("ble.gatts_read(values['plain'])") == bytes(range(20))
    assert await ask.central.read(PLAIN) == bytes(range(20))


async def a_write_of_the_boards_own_makes_room(ask: Asked) -> None:
    await ask("ble.gatts_write(values['plain'], bytes(range(200)))")
    assert await ask.central.read(PLAIN) == bytes(range(200))
    await ask.central.write(PLAIN, bytes(range(100)))
    assert await ask("ble.gatts_read(values['plain'])") == bytes(range(100))


async def a_buffer_that_is_set_is_empty_and_takes_so_much(ask: Asked) -> None:
    await ask("ble.gatts_write(values['plain'], b'before')")
    await ask("ble.gatts_set_buffer(values['plain'], 25)")
    assert await ask.central.read(PLAIN) == b""
    await ask.central.write(PLAIN, bytes(range(30)))
    assert await ask.central.read(PLAIN) == bytes(range(25))


async def appended_writes_add_up_until_they_are_read(ask: Asked) -> None:
    await ask("ble.gatts_set_buffer(values['plain'], 25, True)")
    for part in (bytes(range(10)), bytes(range(10, 20)), bytes(range(20, 30))):
        await ask.central.write(PLAIN, part)
    assert await ask("ble.gatts_read(values['plain'])") == bytes(range(25))
    assert await ask("ble.gatts_read(values['plain'])") == b""
    await ask("ble.gatts_set_buffer(values['plain'], 20)")


async def a_read_is_answered_after_the_handler(ask: Asked) -> None:
    change = "lambda data: ble.gatts_write(data[1], b'just now')"
    await ask(f"globals().update(on_read={change})")
    assert await ask.central.read(FIXED) == b"just now"
    await ask("globals().update(on_read=lambda data: 0x80)")
    with pytest.raises(RefusedError, match="128"):
        await ask.central.read(FIXED)
    await ask("globals().update(on_read=None)")


async def what_may_not_be_read_or_written_is_refused(ask: Asked) -> None:
    with pytest.raises(RefusedError, match=str(READ_NOT_PERMITTED)):
        await ask.central.read(DEAF)
    with pytest.raises(RefusedError, match=str(WRITE_NOT_PERMITTED)):
        await ask.central.write(FIXED, b"no")


async def notifications_carry_the_value_or_other_bytes(ask: Asked) -> None:
    heard: list[bytes] = []
    await ask.central.subscribe(TELLS, heard.append)
    await ask("ble.gatts_write(values['tells'], b'the value')")
    await ask("ble.gatts_notify(0, values['tells'])")
    await ask("ble.gatts_notify(0, values['tells'], b'other bytes')")
    await ask("ble.gatts_write(values['tells'], b'told at once', True)")
    await ask("ble.gatts_notify(0, values['tells'], bytes(600))")
    await ask("None")
    assert heard == [
        b"the value",
        b"other bytes",
        b"told at once",
        bytes(ask.central.mtu - 3),
    ]
    assert await ask.central.read(TELLS) == b"told at once"


async def too_many_notifications_are_refused_and_later_taken(ask: Asked) -> None:
    heard: list[bytes] = []
    await ask.central.subscribe(TELLS, heard.append)
    notify = "raised(ble.gatts_notify, 0, values['tells'], bytes([n]) * 100)"
    answers = await ask(f"[{notify} for n in range(60)]")
    taken = [n for n, answer in enumerate(answers) if answer is None]
    assert set(answers) == {None, ("OSError", 12)}
    await asyncio.sleep(1)
    assert [value[0] for value in heard] == taken
    assert await ask("raised(ble.gatts_notify, 0, values['tells'], b'again')") is None


async def an_indication_is_confirmed(ask: Asked) -> None:
    await ask("log.clear()")
    await ask("ble.gatts_indicate(0, values['tells'], b'sure?')")
    await asyncio.sleep(0.5)
    assert await ask("[20, 0, values['tells'], 0] in log")


async def the_mtu_is_told(ask: Asked) -> None:
    assert await ask("[e for e in log if e[0] == 21] or None") in (
        [[21, 0, ask.central.mtu]],
        None,
    )
    assert ask.central.mtu <= await ask("ble.config('mtu')")


async def nobody_is_there(ask: Asked) -> None:
    assert (await ask("raised(ble.gatts_notify, 3, values['tells'], b'')"))[0] == "OSError"
    assert await ask("ble.gap_disconnect(3)") is False


async def what_is_wrong_is_refused(ask: Asked) -> None:
    for wrong in (
        "ble.gatts_read, 999",
        "ble.gatts_write, 999, b''",
        "ble.gap_advertise, 100_000, bytes(32)",
    ):
        assert (await ask(f"raised({wrong})"))[0] == "OSError"
    assert await ask("raised(ble.config, 'nonsense')") == ("ValueError",)
    assert await ask("raised(bluetooth.UUID, '6e4f')") == ("ValueError",)
    assert await ask("bytes(bluetooth.UUID(0x180f))") == b"\x0f\x18"
    assert await ask("bluetooth.UUID(0x180f) == bluetooth.UUID(0x180f)") is True
    kind, mac = await ask("ble.config('mac')")
    assert (kind, len(mac)) == (0, 6)


QUESTIONS: list[Callable[[Asked], Awaitable[None]]] = [
    a_value_takes_20_bytes,
    a_write_of_the_boards_own_makes_room,
    a_buffer_that_is_set_is_empty_and_takes_so_much,
    appended_writes_add_up_until_they_are_read,
    a_read_is_answered_after_the_handler,
    what_may_not_be_read_or_written_is_refused,
    notifications_carry_the_value_or_other_bytes,
    too_many_notifications_are_refused_and_later_taken,
    an_indication_is_confirmed,
    the_mtu_is_told,
    nobody_is_there,
    what_is_wrong_is_refused,
]


class BleakCentral:
    """The machine's adapter, by bleak."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.mtu: int = client.mtu_size

    async def read(self, uuid: str) -> bytes:
        return bytes(await self._asked(self._client.read_gatt_char(uuid)))

    async def write(self, uuid: str, value: bytes) -> None:
        await self._asked(self._client.write_gatt_char(uuid, value, response=True))

    async def subscribe(self, uuid: str, heard: Callable[[bytes], None]) -> None:
        await self._client.start_notify(uuid, lambda _, value: heard(bytes(value)))

    async def _asked(self, doing: Awaitable[Any]) -> Any:
        try:
            return await doing
        except BleakGATTProtocolError as error:
            raise RefusedError(int(error.code)) from None


async def _by_hand(address: str) -> int:
    failed = 0
    for question in QUESTIONS:
        async with BleakClient(address) as client:
            try:
                await question(Asked(BleakCentral(client)))
                sys.stdout.write(f"ok      {question.__name__}\n")
            except (Exception, pytest.fail.Exception) as error:
                failed += 1
                sys.stdout.write(f"FAILED  {question.__name__}: {error}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_by_hand(sys.argv[1])))
