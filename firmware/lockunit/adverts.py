"""What a unit tells in the air without being asked: its adverts, and the battery's state, as bytes.

Hints for an overview, which anybody can hear and anybody can forge: nothing is decided by them.
docs/radio.md has them byte by byte.
"""

import struct

from lockunit.battery import CHANGE_NOW, CHANGE_SOON, SUSPECTED, UNKNOWN
from lockunit.board import SUPPLY_BATTERY

# Bits of the flags beside the level.
CHANGE = 1  # a battery change is wanted, soon or now
DESK = 2  # suspected discharged: for the service desk alone
NOT_FRESH = 4  # the level isn't known, or not of late
NOW = 8  # ... the change now
DEVELOPMENT = 16
DOWN = 32  # dismounted

# By level, in the order of `battery.LEVELS`: words in the place of a measurement.
_PERCENT = (0, 100, 20, 5, 0)
_CHARGE = (0, 1, 2, 3, 3)  # unknown, good, low, critical

# General discoverable, no BR/EDR; then the one service, 6E400001-B5A3-F393-E0A9-E50E24DCCA9E.
_HEAD = b"\x02\x01\x06\x11\x07\x9e\xca\xdc\x24\x0e\xe5\xa9\xe0\x93\xf3\xa3\xb5\x01\x00\x40\x6e"
_SHORT_NAME, _NAME = 8, 9
_ROOM_FOR_NAME = 8
# Appearance 0x0708, a door lock; then 0x180F's data.
_ANSWER = b"\x03\x19\x08\x07\x05\x16\x0f\x18"


def percent(level: int) -> int:
    """A level of `battery` as what others show beside a picture of a battery."""
    return _PERCENT[level]


def flags(level: int, fresh: bool, development: bool, down: bool) -> int:
    """The bits above."""
    bits = 0
    if CHANGE_SOON <= level <= CHANGE_NOW:
        bits |= CHANGE
    if level == CHANGE_NOW:
        bits |= NOW
    if level == SUSPECTED:
        bits |= DESK
    if level == UNKNOWN or not fresh:
        bits |= NOT_FRESH
    if development:
        bits |= DEVELOPMENT
    if down:
        bits |= DOWN
    return bits


def advert(unit_id: str) -> bytes:
    """What everybody hears: at most 31 bytes."""
    name = unit_id.encode()
    kind = _NAME if len(name) <= _ROOM_FOR_NAME else _SHORT_NAME
    return _HEAD + _field(kind, name[:_ROOM_FOR_NAME])


def answer(unit_id: str, level: int, bits: int) -> bytes:
    """What who scans actively hears besides: at most 31 bytes."""
    return _ANSWER + bytes((percent(level), bits)) + _field(_NAME, unit_id.encode())


def _field(kind: int, data: bytes) -> bytes:
    return bytes((1 + len(data), kind)) + data


def put_status(level: int, supply: int, into: bytearray) -> None:
    """Make the 4 bytes of 2BED, battery level status: a level is there; the power; the percent."""
    # Bit 0: there is a battery; 1 and 2: a cable's power (no, yes, nobody knows), as `supply` goes;
    # 5 and 6: the pack gives power, or nobody knows whether; 7 and 8: how much is in it.
    power = 1 | supply << 1 | _CHARGE[level] << 7
    if supply == SUPPLY_BATTERY:
        power |= 2 << 5
    struct.pack_into("<BHB", into, 0, 2, power, percent(level))
