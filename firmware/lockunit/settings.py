"""What may differ from unit to unit: the kind of lock, its delays, the profile of its pack.

Values and their limits, and the JSON that they are stored as; no files.
"""

import binascii

from lockunit import jsonline

KIND_DOOR = "door"
KIND_ENTRANCE = "entrance"
KIND_LAUNDRY = "laundry"
KINDS = (KIND_DOOR, KIND_ENTRANCE, KIND_LAUNDRY)

# What the names and values below mean: raised with every change that an older firmware would
# misread.
SCHEMA = 1
_CHECKSUM = "crc32"

# Name -> the least and the most that it may be.
LIMITS = {
    "relock_ms": (0, 3_600_000),
    "release_ms": (1_000, 60_000),
    "cells": (1, 8),
    "soon_mv": (0, 5_000),
    "now_mv": (0, 5_000),
    "discharged_mv": (0, 5_000),
    "fresh_mv": (0, 5_000),
    "sag_cold": (100, 1_000),
    "sag_cool": (100, 1_000),
    "sag_hot": (20, 100),
    "motor_min_mv": (0, 16_000),
    "stall_ma": (100, 4_000),
    "sample_ms": (60_000, 24 * 3_600_000),
    "advertising_ms": (100, 10_240),
}


class Settings:
    """The settings of one unit; the defaults suit a door lock with two 3 V lithium cells."""

    def __init__(self, kind: str = KIND_DOOR) -> None:
        if kind not in KINDS:
            raise ValueError("kind must be one of " + ", ".join(KINDS) + ", got " + repr(kind))
        self.kind = kind
        # Auto-relock of a door lock; 0 switches it off.
        self.relock_ms = 30_000
        # How long an entrance or laundry lock stays released.
        self.release_ms = 5_000
        # Cells in series: what a pack without taps is divided by.
        self.cells = 2
        # A cell's voltage under the motor's current, or the test load's, below which ...
        self.soon_mv = 2_600
        self.now_mv = 2_450
        self.discharged_mv = 2_200
        # A load's sag at -20, 0 and 40 C, in per cent of that at 20 C, for which the levels hold:
        # cold makes a good cell look bad, and warmth a bad one good.
        self.sag_cold = 100
        self.sag_cool = 100
        self.sag_hot = 100
        # No cell of this kind rests higher: a pack that does is another kind's.
        self.fresh_mv = 3_700
        # The pack's voltage below which the motor isn't tried, or can't be blamed for stalling.
        self.motor_min_mv = 3_600
        # A current that no running motor draws.
        self.stall_ma = 900
        self.sample_ms = 6 * 3_600_000
        # How often the radio tells who it is; half as often takes half the current.
        self.advertising_ms = 1_000
        # Whether these stand in for settings that were refused: then nothing is known of the pack,
        # nor of the kind of lock.
        self.refused = False

    def set(self, name: str, value: object) -> None:
        """Set one by its name; ValueError says what it may be."""
        if name not in LIMITS:
            raise ValueError("no setting is called " + name[:40])
        least, most = LIMITS[name]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(name + ": expected " + str(least) + " to " + str(most))
        setattr(self, name, value)

    def check(self) -> None:
        """ValueError if the levels, or the sags, aren't in their order."""
        if not self.fresh_mv >= self.soon_mv >= self.now_mv >= self.discharged_mv:
            raise ValueError("expected fresh_mv >= soon_mv >= now_mv >= discharged_mv")
        if self.sag_cold < self.sag_cool:
            raise ValueError("expected sag_cold >= sag_cool")

    def encode(self) -> bytes:
        """As they are stored."""
        told: list[tuple[str, object]] = [("schema", SCHEMA), ("kind", self.kind)]
        told += [(name, getattr(self, name)) for name in sorted(LIMITS)]
        body = jsonline.encode(told).encode()[:-1]
        return body + (_checksum_mark() + str(binascii.crc32(body)) + "}").encode()


def decode(stored: bytes) -> Settings:
    """The settings stored in `stored`, defaults where it says nothing; ValueError.

    What was written by hand may do without schema and checksum. What isn't known is refused with
    the rest: it meant something to whoever stored it.
    """
    found = jsonline.parse(stored)
    if not isinstance(found, dict):
        raise ValueError("expected an object")
    schema = found.pop("schema", SCHEMA)
    if type(schema) is not int or schema != SCHEMA:
        raise ValueError("schema: expected " + str(SCHEMA) + ", got " + str(schema)[:40])
    if _CHECKSUM in found:
        # Above 2**30 on half the contents: at boot alone, where it may take memory.
        body = stored[: max(0, stored.rfind(_checksum_mark().encode()))]
        if found.pop(_CHECKSUM) != binascii.crc32(body):
            raise ValueError(_CHECKSUM + ": it was changed since it was stored")
    settings = Settings(str(found.pop("kind", KIND_DOOR)))
    for name, value in found.items():
        settings.set(name, value)
    settings.check()
    return settings


def _checksum_mark() -> str:
    return ',"' + _CHECKSUM + '":'


def safe_settings(kind: str = KIND_DOOR) -> Settings:
    """What a unit goes by whose own settings were refused: nobody is locked in or out by these."""
    settings = Settings(kind)
    settings.refused = True
    # A door that nobody can be sure to open again doesn't lock by itself.
    settings.relock_ms = 0
    # The motor is tried on any pack, and only its time ends it: whose limits would these be?
    settings.motor_min_mv = LIMITS["motor_min_mv"][0]
    settings.stall_ma = LIMITS["stall_ma"][1]
    return settings
