"""What is told in the air, byte by byte, against what the Bluetooth SIG's documents say of it."""

import struct
from collections.abc import Iterator

import pytest

from lockunit import adverts
from lockunit import board as port
from lockunit.battery import LEVELS
from tests.lockunit.hand import Hand, HandBoard, kept
from tests.lockunit.sealedhand import sealed_hand

UNKNOWN, GOOD, SOON, NOW, SUSPECTED = range(5)
NUS = "6e400001b5a3f393e0a9e50e24dcca9e"


def fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The fields of an advert: type and content."""
    assert len(data) <= 31
    while data:
        assert 1 <= data[0] < len(data)
        yield data[1], data[2 : data[0] + 1]
        data = data[data[0] + 1 :]


@pytest.mark.parametrize(
    ("unit_id", "kind", "name"),
    [
        ("LU-12345", 0x09, b"LU-12345"),
        ("LU-123456", 0x08, b"LU-12345"),
        ("ABCDEFGHIJKLMNOP", 0x08, b"ABCDEFGH"),
        ("X", 0x09, b"X"),
        ("?", 0x09, b"?"),
    ],
)
def test_an_advert_byte_for_byte(unit_id: str, kind: int, name: bytes) -> None:
    data = adverts.advert(unit_id)
    assert data == (
        bytes.fromhex("020106 1107 9ecadc240ee5a9e093f3a3b50100406e")
        + bytes((len(name) + 1, kind))
        + name
    )
    found = dict(fields(data))
    assert found[0x07][::-1].hex() == NUS
    assert set(found) == {0x01, 0x07, kind}


@pytest.mark.parametrize("unit_id", ["X", "LU-12345", "ABCDEFGHIJKLMNOP"])
@pytest.mark.parametrize(
    ("level", "percent"), [(UNKNOWN, 0), (GOOD, 100), (SOON, 20), (NOW, 5), (SUSPECTED, 0)]
)
def test_an_answer_byte_for_byte(unit_id: str, level: int, percent: int) -> None:
    found = list(fields(adverts.answer(unit_id, level, 0xA5)))
    assert found == [
        (0x19, b"\x08\x07"),
        (0x16, b"\x0f\x18" + bytes((percent, 0xA5))),
        (0x09, unit_id.encode()),
    ]


@pytest.mark.parametrize(
    ("level", "fresh", "bits"),
    [
        (UNKNOWN, False, 0b000100),
        (UNKNOWN, True, 0b000100),
        (GOOD, True, 0),
        (SOON, True, 0b000001),
        (SOON, False, 0b000101),
        (NOW, True, 0b001001),
        (NOW, False, 0b001101),
        (SUSPECTED, True, 0b000010),
    ],
)
def test_flags_of_each_level(level: int, fresh: bool, bits: int) -> None:
    assert adverts.flags(level, fresh, False, False) == bits
    assert adverts.flags(level, fresh, True, False) == bits | 0b010000
    assert adverts.flags(level, fresh, False, True) == bits | 0b100000


@pytest.mark.parametrize(
    ("level", "charge"), [(UNKNOWN, 0), (GOOD, 1), (SOON, 2), (NOW, 3), (SUSPECTED, 3)]
)
@pytest.mark.parametrize(
    ("supply", "wired", "state"),
    [
        (port.SUPPLY_BATTERY, 0, 2),
        (port.SUPPLY_EXTERNAL, 1, 0),
        (port.SUPPLY_UNKNOWN, 2, 0),
    ],
)
def test_level_status(level: int, charge: int, supply: int, wired: int, state: int) -> None:
    present, power, percent = struct.unpack("<BHB", status_of(level, supply))
    assert present == 0b010, "a level follows; no identifier, no additional status"
    assert power & 1 == 1, "a battery is there"
    assert power >> 1 & 3 == wired
    assert power >> 3 & 3 == 0, "no wireless power"
    assert power >> 5 & 3 == state
    assert power >> 7 & 3 == charge
    assert power >> 9 == 0
    assert percent == adverts.percent(level)


def test_there_is_a_percent_for_each_level() -> None:
    assert [adverts.percent(level) for level in range(len(LEVELS))] == [0, 100, 20, 5, 0]


def status_of(level: int, supply: int) -> bytes:
    into = bytearray(4)
    adverts.put_status(level, supply, into)
    return bytes(into)


def bits_of(hand: Hand) -> int:
    return dict(fields(hand.board.adverts[-1][2]))[0x16][3]


def test_a_unit_tells_at_its_boot_and_when_something_changed() -> None:
    hand = Hand()
    assert [each[0] for each in hand.board.adverts] == [1_000]
    assert hand.board.gauges == [(0, status_of(UNKNOWN, port.SUPPLY_BATTERY))]
    assert bits_of(hand) == adverts.NOT_FRESH | adverts.DEVELOPMENT
    hand.run(61_000)
    assert len(hand.board.adverts) == len(hand.board.gauges) == 2
    assert bits_of(hand) == adverts.DEVELOPMENT
    hand.run(17 * 3_600_000)
    hand.press()
    assert len(hand.board.adverts) == len(hand.board.gauges) == 2, "nothing changed"


def test_a_pack_that_cannot_be_read_any_more_is_told_as_not_fresh() -> None:
    hand = Hand()
    hand.run(61_000)
    hand.board.cell_mv = hand.board.loaded_cell_mv = [port.FAILED, port.FAILED]
    hand.run(20 * 3_600_000)
    assert bits_of(hand) == adverts.NOT_FRESH | adverts.DEVELOPMENT
    assert hand.board.gauges[-1][0] == 0


@pytest.mark.parametrize("source", [port.SUPPLY_EXTERNAL, port.SUPPLY_UNKNOWN])
def test_what_feeds_it_is_told(source: int) -> None:
    hand = Hand()
    hand.run(61_000)
    hand.board.source = source
    hand.event(port.EV_SUPPLY, source)
    assert hand.board.gauges[-1] == (0, status_of(UNKNOWN, source))


def test_a_unit_with_a_key_is_none_in_development_and_a_suspected_pack_is_for_the_desk() -> None:
    hand = sealed_hand(battery=kept(SUSPECTED, 1))
    assert bits_of(hand) == adverts.DESK


def test_a_dismounted_unit_still_advertises() -> None:
    hand = Hand()
    hand.call("journal.read")
    hand.call("journal.ack", upto=hand.board.answers()[-1]["result"]["last"])
    hand.call("unit.dismount", role="service")
    assert bits_of(hand) & adverts.DOWN
    hand.boot()
    assert bits_of(hand) & adverts.DOWN


def test_the_interval_is_a_setting() -> None:
    hand = Hand()
    hand.settings.advertising_ms = 10_240
    hand.boot()
    assert hand.board.adverts[-1][0] == 10_240


def test_without_a_radio_nothing_is_told() -> None:
    board = HandBoard()
    board.connections = 0
    hand = Hand(board=board)
    hand.run(3_600_000)
    assert board.adverts == board.gauges == []
