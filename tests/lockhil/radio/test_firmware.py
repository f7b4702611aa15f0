"""The firmware's own radio, as centrals of bumble's find it: services, lines in and out."""

from typing import Any

import pytest
from bumble.core import UUID
from bumble.device import Device, Peer
from bumble.gatt_client import CharacteristicProxy

from lockunit import VERSION
from lockunit.settings import Settings
from tests.lockhil.radio.phone import FIRMWARE, OTHER, line, phone, stored
from tests.lockhil.radio.rig import PHONE, RX, TX, board, connect


def test_a_central_finds_what_the_docs_say() -> None:
    with board(stored({"unit": b"LU-1234567"}) + FIRMWARE, stay=False) as one:

        async def look(device: Device) -> tuple[dict[str, Any], dict[str, bytes]]:
            peer = Peer(await connect(device))
            await peer.discover_services()
            await peer.discover_characteristics()
            table: dict[str, Any] = {}
            values: dict[str, bytes] = {}
            for service in peer.services:
                for each in service.characteristics:
                    table[_short(each)] = int(each.properties)
                    if each.properties & each.properties.READ:
                        values[_short(each)] = bytes(await each.read_value())
            return table, values

        one.world.run(70_000)
        table, values = one.run(look(one.central()))
        read, notify, write = 2, 16, 4 | 8
        assert {name: flags for name, flags in table.items() if name not in ("2A05", "2A01")} == {
            "2A00": read,
            "2A29": read,
            "2A24": read,
            "2A26": read,
            "2A27": read,
            "2A19": read | notify,
            "2BED": read | notify,
            RX: write,
            TX: notify,
        }
        assert values["2A00"] == b"LU-1234567"
        assert (values["2A29"], values["2A24"]) == (b"lockrig", b"lock unit")
        assert values["2A26"] == VERSION.encode()
        assert values["2A19"] == b"\x64"
        assert values["2BED"] == b"\x02\xc1\x00\x64"


def _short(each: CharacteristicProxy[bytes]) -> str:
    text = each.uuid.to_hex_str("-").upper()
    return text if len(text) == 36 else text[-4:]


def test_a_subscriber_hears_of_the_level() -> None:
    with board(FIRMWARE, stay=False) as one:
        levels: list[bytes] = []

        async def listen(device: Device) -> None:
            peer = Peer(await connect(device))
            await peer.discover_services()
            await peer.discover_characteristics()
            (level,) = peer.get_characteristics_by_uuid(UUID(0x2A19))
            await level.subscribe(lambda value: levels.append(bytes(value)))

        one.run(listen(one.central()))
        one.world.run(70_000)
        assert levels == [b"\x64"]


@pytest.mark.parametrize("mtu", [23, 24, 100, 185, 247, 517])
def test_lines_leave_in_pieces_that_fit(mtu: int) -> None:
    with board(FIRMWARE, stay=False) as one:
        mine = phone(one, mtu=0 if mtu == 23 else mtu)
        one.world.press()
        one.world.run(31_000)
        mine.heard.clear()
        mine.write(line("journal.read"))
        mine.answer()
        most = min(mtu, 247) - 3
        pieces = [len(piece) for piece in mine.heard]
        assert sum(pieces) > 247
        assert all(piece == most for piece in pieces[:-1])
        assert 0 < pieces[-1] <= most


@pytest.mark.parametrize("size", [1, 19, 20, 244])
def test_lines_come_in_in_any_pieces(size: int) -> None:
    with board(FIRMWARE, stay=False) as one:
        mine = phone(one, mtu=247)
        told = line("unit.hello", 1) + line("bolt.state", 2)
        for start in range(0, len(told), size):
            mine.write(told[start : start + size], response=size > 1)
        assert mine.answer(1)["kind"] == "door"
        assert mine.answer(2)["state"] == "LOCKED"


def test_the_longest_line_comes_in_in_the_smallest_pieces() -> None:
    with board(FIRMWARE, stay=False) as one:
        mine = phone(one)
        told = line("unit.hello")[:-1]
        told = told + b" " * (1_024 - len(told)) + b"\n"
        for start in range(0, len(told), 20):
            mine.write(told[start : start + 20], response=False)
        assert mine.answer()["kind"] == "door"


def test_two_centrals_write_at_once_and_each_is_answered() -> None:
    with board(FIRMWARE, stay=False) as one:
        phones = [phone(one, PHONE), phone(one, OTHER)]
        told = [line("unit.hello", 11), line("bolt.state", 22)]
        for start in range(0, max(map(len, told)), 7):
            for mine, mine_told in zip(phones, told, strict=True):
                mine.write(mine_told[start : start + 7], response=False)
        assert phones[0].answer(11)["kind"] == "door"
        assert phones[1].answer(22)["state"] == "LOCKED"
        assert [told["id"] for mine in phones for told in mine.lines] == [11, 22]


def test_a_move_is_answered_where_it_was_asked_for() -> None:
    with board(FIRMWARE, stay=False) as one:
        phones = [phone(one, PHONE), phone(one, OTHER)]
        phones[1].write(line("bolt.unlock", 5))
        assert phones[1].answer(5)["result"] == "done"
        assert one.world.recorder.shown["bolt"] == "UNLOCKED"
        one.world.run(1_000)
        assert [told["method"] for told in phones[0].lines] == ["bolt.moved", "battery.level"]


def test_a_central_that_left_is_forgotten_with_its_half_line() -> None:
    with board(FIRMWARE, stay=False) as one:
        mine = phone(one)
        mine.write(line("bolt.unlock")[:30])
        assert mine.connection is not None
        one.run(mine.connection.disconnect())
        again = phone(one, OTHER)
        again.write(line("bolt.unlock")[30:])
        one.world.run(3_000)
        assert one.world.recorder.shown["bolt"] == "LOCKED"
        again.write(line("unit.hello"))
        assert again.answer()["kind"] == "door"


@pytest.mark.parametrize(("interval_ms", "ua"), [(1_000, 15), (10_240, 1)])
def test_its_adverts_take_of_the_pack_what_the_simulators_do(interval_ms: int, ua: int) -> None:
    chosen = Settings()
    chosen.advertising_ms = interval_ms
    files = {"settings": chosen.encode(), "kind": b"door"}
    with board(stored(files) + FIRMWARE, stay=False) as one:
        one.world.run(10)
        assert one.world.plant.adverts_ua == ua
        one.world.reset("watchdog")
        assert one.world.plant.adverts_ua == 0
