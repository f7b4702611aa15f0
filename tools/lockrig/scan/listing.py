"""Units in the air in words, and as JSON: names from there are made safe for a terminal.

It words; what a unit's bytes mean stands in `lockhil.bluetooth.sighting`.
"""

from collections.abc import Iterator
from typing import Any

from lockhil.bluetooth.sighting import Battery, Sighting
from lockrig.i18n import _, later
from lockrig.trace.terminal import safe

_BATTERY = {
    Battery.GOOD: later("battery good"),
    Battery.UNKNOWN: later("battery level not known"),
    Battery.CHANGE_SOON: later("battery change soon"),
    Battery.CHANGE_NOW: later("battery change now"),
    Battery.SERVICE_DESK_ONLY: later("do not open: service desk only"),
}


def lines(units: list[Sighting], now_ms: int) -> Iterator[str]:
    """A line for each unit."""
    names = [safe(unit.name) or _("(no name)") for unit in units]
    widest = max(map(len, names), default=0)
    for name, unit in zip(names, units, strict=True):
        age = max(0, now_ms - unit.heard_ms) / 1_000
        signal = _("{dbm} dBm, {age} s ago").format(dbm=unit.rssi_dbm, age=f"{age:.1f}")
        yield f"{name:{widest}}  {safe(unit.address)}  {signal:>18}  {', '.join(_state(unit))}"


def _state(unit: Sighting) -> Iterator[str]:
    # Without the percent: it stands for the word, and nobody measured it.
    yield _(_BATTERY[unit.battery])
    if unit.percent is None and unit.battery is not Battery.UNKNOWN:
        yield _("the level is old")
    if unit.dismounted:
        yield _("dismounted")
    if unit.development:
        yield _("development unit")


def document(units: list[Sighting], now_ms: int, seconds: float) -> dict[str, Any]:
    """The same for programs."""
    return {
        "seconds": seconds,
        "units": [
            {
                "name": unit.name,
                "address": unit.address,
                "battery": unit.battery.value,
                "level_percent": unit.percent,
                "development": unit.development,
                "dismounted": unit.dismounted,
                "rssi_dbm": unit.rssi_dbm,
                "age_ms": max(0, now_ms - unit.heard_ms),
            }
            for unit in units
        ],
    }
