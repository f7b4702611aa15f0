"""What a record of the journal says: its layout, its kinds, and what their numbers stand for.

These numbers lie in flash for years and in files for ever: words are only added, at the ends. How
records are kept is the journal's; names of fields are for who reads them, outside.
"""

import binascii
import struct

from lockunit.board import FAILED

FORMAT = 1
# 64 to a block of 4,096 bytes, and 64 to a segment.
SIZE = 64
# Sequence number, seconds since 1970 (0: unknown), ticks, kind; then the body.
HEAD = "<IIIB"
BODY_AT = 13
# Signed is everything before the tag, checked is the tag too.
TAG_AT = 44
# Half of the hash: the shortest that the standard (RFC 2104) calls good.
TAG_BYTES = 16
CRC_AT = 60
# In a segment's first record: the key's name.
KEY_ID_AT = BODY_AT + 17

SEGMENT, BOOT, BOLT, LEVEL, DIAGNOSTIC, STORAGE, LOST, ACK, SWAP, CHANGE, LIFE, LIMITED = range(
    1, 13
)
SESSION, ATTEMPT, UPDATE = 13, 14, 15
_ACCESS = "<BBIBI16s"
# The body of each kind: struct's format.
BODIES = {
    # Its format, the tag before it, the key's id; up to where it is acknowledged, told as lost.
    SEGMENT: "<B16s4sII",
    # Reset, bolt, supply, level, ground, bytes of a torn record, damaged records, firmware.
    BOOT: "<BBBBBBB10s",
    # Who, target, result, cause, state, ms, rest, low, lowest cell, mohm, mAs, degrees C.
    BOLT: "<BBBBBhhhhhhh",
    # Level, ground, whether it is fresh, last under load, last at rest.
    LEVEL: "<BBBhh",
    # Outcome, reason, at rest, under load.
    DIAGNOSTIC: "<BBhh",
    # Which thing, what about it.
    STORAGE: "<BB",
    # Why, the first that is gone, how many. Those that were refused never got a number: first 0.
    LOST: "<BII",
    # Up to which.
    ACK: "<I",
    # Role, result, cause, level, ground, last under load, last at rest.
    SWAP: "<BBBBBhh",
    # What, role, gate, locks, unlocks.
    CHANGE: "<BBBBB",
    # State.
    LIFE: "<B",
    # Of which kind events have no record of their own, how many in the hour before.
    LIMITED: "<BI",
    # What, why, session, role, value (whether the clock was set, the time, the epoch), user.
    SESSION: _ACCESS,
    # The same of what led nowhere: value is the back-off's stage.
    ATTEMPT: _ACCESS,
    # What, why, the new firmware's version, the beginning of its manifest's hash.
    UPDATE: "<BB10s8s",
}

STATES = ("UNKNOWN", "LOCKED", "UNLOCKED", "LOCKING", "UNLOCKING", "JAMMED")
ACTORS = ("command", "relock", "hand")
RESULTS = (
    "", "done", "MOTOR_BLOCKED", "LOW_MOTOR_VOLTAGE", "INSUFFICIENT_BATTERY", "BUSY", "TIMEOUT",
    "NOT_AUTHORISED", "STORAGE",
)  # fmt: skip
CAUSES = (
    "", "jam", "stall", "hand", "door", "supply", "reading", "voltage", "load", "cold", "taps",
    "profile",
)  # fmt: skip
OUTCOMES = ("passed", "change_soon", "failed", "no_verdict")
REASONS = (
    "", "suspicion", "supply", "reading", "voltage", "load", "settings", "taps", "profile",
)  # fmt: skip
THINGS = (
    "journal", "key", "counter", "battery", "other", "settings", "kind", "unit", "swap", "life",
    "key.lock", "counter.session", "epoch.session", "backoff.session", "bound.session",
)  # fmt: skip
CHANGES = (
    "begun", "lapsed", "cancelled", "out", "adopted", "replaced", "counted", "uncounted", "closed",
    "unannounced",
)  # fmt: skip
# In the order of `access`' numbers.
ACCESSES = ("opened", "ended", "refused", "false proof", "clock", "revoked")
WHYS = (
    "", "done", "STORAGE", "EPOCH", "NOT_AUTHORISED", "EXPIRED", "NOT_YET", "RANGE", "IDLE", "AGE",
    "LINK", "SEQUENCE", "FORGED", "REPLACED", "REVOKED",
)  # fmt: skip
UPDATES = ("begun", "refused", "tried", "ended")
UPDATE_WHYS = (
    "", "NOT_PROVED", "WRONG_UNIT", "WRONG_BOARD", "OLDER", "FULL", "STORAGE", "WRONG_MANIFEST",
    "NOT_VERIFIED", "CANCELLED", "REPLACED", "IDLE",
)  # fmt: skip
FAULTS = ("corrupt", "missing", "refused", "kept aside")
OVERWRITTEN, MISSING, REFUSED = range(3)

# A word that nobody has listed, a value that nobody knows.
OTHER = 255
NO_VALUE = -0x8000


def number(words: "tuple[str, ...]", word: str) -> int:
    """What a word is written as."""
    return words.index(word) if word in words else OTHER


def fault(thing: str, what: str) -> bytes:
    """The body of a record that something stored isn't as it should be."""
    return struct.pack(BODIES[STORAGE], number(THINGS, thing), number(FAULTS, what))


def short(value: int) -> int:
    """A value as 16 bits hold it: at their end where it is beyond; FAILED is none."""
    return NO_VALUE if value == FAILED else max(1 - 0x8000, min(0x7FFF, value))


def whole(record: bytes) -> bool:
    """Whether a record is as it was written."""
    if len(record) != SIZE:
        return False
    crc: int = struct.unpack_from("<I", record, CRC_AT)[0]
    found: int = binascii.crc32(record[:CRC_AT])
    return found == crc


def head(record: bytes) -> "tuple[int, int, int, int]":
    """Sequence number, time, ticks and kind."""
    found: tuple[int, int, int, int] = struct.unpack_from(HEAD, record, 0)
    return found


def body(record: bytes, kind: int) -> "tuple[int, ...]":
    """The numbers in a body of this kind."""
    found: tuple[int, ...] = struct.unpack_from(BODIES[kind], record, BODY_AT)
    return found
