"""What a lock unit tells in the air, out of what a scanner heard: a pure function on foreign bytes.

Nobody proves anything there: it is good for finding a unit and for planning a day, and no battery
may be changed by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from lockhil.bluetooth.nus import BATTERY, SERVICE

# Of the flags' byte, after the percent.
_WANTED, _SUSPECTED, _NOT_FRESH, _NOW, _DEVELOPMENT, _DISMOUNTED = (1 << bit for bit in range(6))
# A name in an advertisement has room for fewer.
LONGEST_NAME: Final = 64


class Battery(Enum):
    """What the unit says of its pack; in doubt the worse."""

    GOOD = "good"
    UNKNOWN = "unknown"
    CHANGE_SOON = "change_soon"
    CHANGE_NOW = "change_now"
    SERVICE_DESK_ONLY = "service_desk_only"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A unit that was heard; `name` is what it calls itself, which anybody can.

    `percent` stands for a level and is no measurement; None: not told, or not known there of late.
    `rssi_dbm`: how strong; `heard_ms`: when last, on the scanner's clock.
    """

    address: str
    name: str
    battery: Battery
    percent: int | None
    development: bool
    dismounted: bool
    rssi_dbm: int
    heard_ms: int


def sighting(
    *,
    address: str,
    name: str | None,
    uuids: Sequence[str],
    service_data: Mapping[str, bytes],
    rssi_dbm: int,
    heard_ms: int,
) -> Sighting | None:
    """What was heard, as a unit; None: it has no line for commands, so it is none.

    The last two are passed on.
    """
    if SERVICE not in uuids:
        return None
    told = service_data.get(BATTERY, b"")
    percent, flags = (told[0], told[1]) if len(told) >= 2 else (0, _NOT_FRESH)
    known = not flags & _NOT_FRESH and percent <= 100
    return Sighting(
        address=address,
        name=(name or "")[:LONGEST_NAME],
        battery=_battery(flags, known=known),
        percent=percent if known else None,
        development=bool(flags & _DEVELOPMENT),
        dismounted=bool(flags & _DISMOUNTED),
        rssi_dbm=rssi_dbm,
        heard_ms=heard_ms,
    )


def _battery(flags: int, *, known: bool) -> Battery:
    if flags & _SUSPECTED:
        return Battery.SERVICE_DESK_ONLY
    if flags & _NOW:
        return Battery.CHANGE_NOW
    if flags & _WANTED:
        return Battery.CHANGE_SOON
    return Battery.GOOD if known else Battery.UNKNOWN
