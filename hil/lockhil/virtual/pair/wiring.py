"""A wires file: which pin of the unit's board is wired to which of the probe's.

It says what is soldered; what a net's level means, others know.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

UNIT, PROBE = "unit", "probe"
SIDES: Final = (UNIT, PROBE)
KINDS: Final = ("digital", "analogue", "supply")
# A file's words for a pin, and whose it is: the probe may measure what it drives.
_ENDS: Final = {UNIT: UNIT, PROBE: PROBE, "readback": PROBE}
# A trace's channels that are no nets.
_TAKEN: Final = ("conflict", *SIDES)


class Pin(NamedTuple):
    """A pin of the board on one side."""

    side: str
    number: int


@dataclass(frozen=True, slots=True)
class Wire:
    """A net, and the pins that it goes to.

    `idle`: its level when nobody drives or pulls it; `tau_ms`: of the filter on it, 0: none.
    """

    net: str
    kind: str
    pins: tuple[Pin, ...]
    idle: int = 0
    tau_ms: int = 0

    def at(self, side: str) -> tuple[Pin, ...]:
        """Its pins on one side."""
        return tuple(pin for pin in self.pins if pin.side == side)


def wires(data: Mapping[str, Any], miswired: Mapping[str, str] | None = None) -> list[Wire]:
    """The wires of a file; `miswired`: nets whose wires are swapped at the unit. ValueError."""
    found: dict[str, Wire] = {}
    for entry in data["wires"]:
        wire = _wire(entry)
        if wire.net in found:
            raise ValueError(f"expected one wire a net, got {wire.net!r} twice")
        found[wire.net] = wire
    _check_pins(found.values())
    for one, other in (miswired or {}).items():
        swap(found, one, other)
    return list(found.values())


def swap(found: dict[str, Wire], one: str, other: str) -> None:
    """Exchange the unit's ends of two nets. ValueError."""
    for net in (one, other):
        if net not in found or not found[net].at(UNIT):
            nets = ", ".join(net for net, wire in found.items() if wire.at(UNIT))
            raise ValueError(f"expected a net at the unit ({nets}), got {net!r}")
    ends = found[one].at(UNIT), found[other].at(UNIT)
    for net, pins in zip((one, other), reversed(ends), strict=True):
        found[net] = replace(found[net], pins=(*found[net].at(PROBE), *pins))


def _wire(entry: Mapping[str, Any]) -> Wire:
    net, kind = entry.get("net"), entry.get("kind")
    if not isinstance(net, str) or not net or net in _TAKEN:
        raise ValueError(f"expected a net's name (not {', '.join(_TAKEN)}), got {net!r}")
    if kind not in KINDS:
        raise ValueError(f"net {net}: expected a kind of {', '.join(KINDS)}, got {kind!r}")
    idle, tau_ms = entry.get("idle", int(kind == "supply")), entry.get("tau_ms", 0)
    ends = {key: entry[key] for key in _ENDS if key in entry}
    for name, number, most in (
        *((key, pin, 255) for key, pin in ends.items()),
        ("idle", idle, 1),
        ("tau_ms", tau_ms, 10_000),
    ):
        if type(number) is not int or not 0 <= number <= most:
            raise ValueError(f"net {net}: expected {name} of 0 to {most}, got {number!r}")
    wire = Wire(net, kind, tuple(Pin(_ENDS[key], n) for key, n in ends.items()), idle, tau_ms)
    if not wire.pins or (kind == "supply" and wire.at(UNIT)):
        raise ValueError(f"net {net}: expected {'no unit' if ends else 'a pin'}, got {ends}")
    return wire


def _check_pins(found: Iterable[Wire]) -> None:
    taken: dict[Pin, str] = {}
    for wire in found:
        for pin in wire.pins:
            if pin in taken:
                raise ValueError(
                    f"expected one wire a pin, got {taken[pin]} and {wire.net} at the {pin.side}'s "
                    f"pin {pin.number}"
                )
            taken[pin] = wire.net
