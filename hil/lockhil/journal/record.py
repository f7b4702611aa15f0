"""One record of a journal: its bytes as fields with names, as `lockunit.records` lays them out.

Whether it is genuine isn't seen here; `check` does that.
"""

import struct
from dataclasses import dataclass
from typing import Any

from lockunit import records
from lockunit.battery import GROUNDS, LEVELS
from lockunit.life import STATES as LIVES
from lockunit.methods import ROLES as SESSION_ROLES
from lockunit.proof import ROLES
from lockunit.swap import GATES

Words = tuple[str, ...] | None

# By the numbers of `lockunit.board` and `lockunit.records`: no unit needs these words for them.
_RESETS = ("power", "brown-out", "watchdog", "soft")
_SUPPLIES = ("battery", "external", "unknown")
_LOSSES = ("overwritten", "missing", "refused")
_KINDS = (
    "", "segment", "boot", "bolt", "level", "diagnostic", "storage", "lost", "acknowledged", "swap",
    "change", "life", "limited", "session", "attempt", "update",
)  # fmt: skip

_ACCESS: tuple[tuple[str, Words], ...] = (
    ("what", records.ACCESSES),
    ("why", records.WHYS),
    ("s", None),
    ("role", ("", *SESSION_ROLES[1:])),
    ("value", None),
    ("user", None),
)

# Kind -> its name, and its fields in the order of `records.BODIES`, with the words of each.
KINDS: dict[int, tuple[str, tuple[tuple[str, Words], ...]]] = {
    records.SEGMENT: (
        "segment",
        (("format", None), ("before", None), ("key_id", None), ("acked", None), ("told", None)),
    ),
    records.BOOT: (
        "boot",
        (
            ("reset", _RESETS),
            ("bolt", records.STATES),
            ("supply", _SUPPLIES),
            ("level", LEVELS),
            ("ground", GROUNDS),
            ("torn_bytes", None),
            ("damaged", None),
            ("firmware", None),
        ),
    ),
    records.BOLT: (
        "bolt",
        (
            ("by", records.ACTORS),
            ("target", records.STATES),
            ("result", records.RESULTS),
            ("cause", records.CAUSES),
            ("state", records.STATES),
            ("ms", None),
            ("rest_mv", None),
            ("low_mv", None),
            ("low_cell_mv", None),
            ("mohm", None),
            ("mas", None),
            ("temp_c", None),
        ),
    ),
    records.LEVEL: (
        "level",
        (
            ("level", LEVELS),
            ("ground", GROUNDS),
            ("fresh", None),
            ("loaded_mv", None),
            ("rest_mv", None),
        ),
    ),
    records.DIAGNOSTIC: (
        "diagnostic",
        (
            ("outcome", records.OUTCOMES),
            ("reason", records.REASONS),
            ("rest_mv", None),
            ("loaded_mv", None),
        ),
    ),
    records.STORAGE: ("storage", (("thing", records.THINGS), ("fault", records.FAULTS))),
    records.LOST: ("lost", (("why", _LOSSES), ("from", None), ("count", None))),
    records.ACK: ("acknowledged", (("upto", None),)),
    records.SWAP: (
        "swap",
        (
            ("role", ROLES),
            ("result", records.RESULTS),
            ("cause", records.CAUSES),
            ("level", LEVELS),
            ("ground", GROUNDS),
            ("loaded_mv", None),
            ("rest_mv", None),
        ),
    ),
    records.CHANGE: (
        "change",
        (
            ("what", records.CHANGES),
            ("role", ROLES),
            ("gate", GATES),
            ("locks", None),
            ("unlocks", None),
        ),
    ),
    records.LIFE: ("life", (("state", LIVES),)),
    records.LIMITED: ("limited", (("of", _KINDS), ("count", None))),
    records.SESSION: ("session", _ACCESS),
    records.ATTEMPT: ("attempt", _ACCESS),
    records.UPDATE: (
        "update",
        (
            ("what", records.UPDATES),
            ("why", records.UPDATE_WHYS),
            ("version", None),
            ("manifest", None),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Record:
    """A record that is whole. `utc_s`: seconds since 1970, None where the unit didn't know."""

    seq: int
    utc_s: int | None
    ticks_ms: int
    kind: str
    fields: dict[str, Any]
    tag: bytes


def decode(data: bytes) -> Record | None:
    """The record in these bytes; None if they aren't one as it was written."""
    if not records.whole(data):
        return None
    seq, utc_s, ticks_ms, number = records.head(data)
    kind, fields = KINDS.get(number, (f"kind {number}", ()))
    values = struct.unpack_from(records.BODIES[number], data, records.BODY_AT) if fields else ()
    named = {
        name: _value(words, value) for (name, words), value in zip(fields, values, strict=True)
    }
    tag = data[records.TAG_AT : records.CRC_AT]
    return Record(seq, utc_s or None, ticks_ms, kind, named, tag)


def _value(words: Words, value: Any) -> Any:
    if words is not None:
        return words[value] if value < len(words) else f"number {value}"
    if isinstance(value, bytes):
        text = value.rstrip(b"\0")
        return text.decode() if text.isascii() and len(value) == 10 else value.hex()
    return None if value == records.NO_VALUE else value
