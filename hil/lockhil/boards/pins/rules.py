"""Holds a board's data to its chip's table: which pin is nothing for an LED, a contact, a reading.

It knows the pins' makers' words alone: what is soldered to a board, and how, it can't see.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lockhil.boards.pins.data import CONTACTS, DRIVEN, OUTPUTS

VIRTUAL = "virtual"
_TAKEN = {"flash", "psram", "radio", "usb", "console", "on_board"}
# What each use can't do with. An output that is high while nobody drives it lights a light, moves a
# bolt or loads a pack; a contact closed at reset on a strapping pin keeps the board from starting.
_FORBIDDEN = {
    "output": _TAKEN | {"strap", "input_only", "high_at_boot"},
    "contact": _TAKEN | {"strap", "input_only", "false_edges"},
    "driven": _TAKEN | {"strap", "false_edges"},
    "reading": _TAKEN | {"strap"},
    # A line that is idle is high.
    "tx": _TAKEN | {"strap", "input_only"},
    "rx": _TAKEN | {"strap"},
}


@dataclass(frozen=True, slots=True)
class Use:
    """What a pin is used for, by the data: `motor_throw`, as an `output`."""

    what: str
    kind: str
    pin: int


@cache
def chips() -> dict[str, dict[str, Any]]:
    """The table."""
    text = resources.files(__package__).joinpath("chips.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def uses(wiring: dict[str, Any]) -> list[Use]:
    """Each pin that the data name, in their order."""
    found = [Use(name, "output", wiring["outputs"][name]) for name in OUTPUTS]
    found += [Use(name, "contact", wiring["inputs"][name]) for name in CONTACTS]
    found += [Use(name, "driven", wiring["inputs"][name]) for name in DRIVEN]
    taps = wiring["taps"]
    found += [Use(f"tap{n}", "reading", taps[f"pin{n}"]) for n in range(1, taps["count"] + 1)]
    for name in ("motor_ma", "temperature"):
        if name in wiring:
            found.append(Use(name, "reading", wiring[name]["pin"]))
    return [*found, *(Use(f"link {end}", end, wiring["link"][end]) for end in ("tx", "rx"))]


def why_not(chip: dict[str, Any], kind: str, pin: int) -> str | None:
    """Why this pin of the chip is nothing for such a use; None: it is."""
    for row in chip["not"]:
        spared = kind == "rx" and row.get("harmless")
        if pin in row["pins"] and row["tag"] in _FORBIDDEN[kind] and not spared:
            return str(row["why"])
    if pin not in chip["pins"]:
        return "no usual board brings it out"
    if kind == "reading" and pin not in chip["adc"]:
        return "it can't measure while the radio is on"
    return None


def faults(wiring: dict[str, Any]) -> list[str]:
    """What is wrong with data that `data.read` took, a line each; none: nothing is known of it."""
    if wiring["chip"] == VIRTUAL:
        return []
    chip = chips().get(wiring["chip"])
    if chip is None:
        return [f"chip: expected one of {', '.join(chips())}, got {wiring['chip']}"]
    return [*_pins(wiring, chip), *_rest(wiring, chip)]


def _pins(wiring: dict[str, Any], chip: dict[str, Any]) -> Iterator[str]:
    taken: dict[int, str] = {}
    for use in uses(wiring):
        why = why_not(chip, use.kind, use.pin)
        if why is not None:
            yield f"{use.what} on GPIO{use.pin}: {why}"
        if use.pin in taken:
            yield f"{use.what} on GPIO{use.pin}: {taken[use.pin]} is there"
        taken.setdefault(use.pin, use.what)
    button = wiring["inputs"]["button"]
    if chip["rtc"] and button not in chip["rtc"]:
        yield f"button on GPIO{button}: it can't wake the chip from deep sleep"


def _rest(wiring: dict[str, Any], chip: dict[str, Any]) -> Iterator[str]:
    converter, link = wiring.get("converter"), wiring["link"]
    if converter is None:
        yield "converter: it is missing"
    elif converter["full_mv"] > chip["adc_mv"]:
        yield f"converter.full_mv: the chip measures up to {chip['adc_mv']} mV"
    elif chip["platform"] == "esp32" and converter.get("atten") != 3:
        yield "converter.atten: expected 3; without it all above 1 V reads as full"
    elif chip["platform"] != "esp32" and set(converter) != {"full_mv"}:
        yield "converter: expected full_mv alone; the rest is the ESP32's"
    pairs = chip.get("uart_pins", {}).get(str(link["uart"]))
    if link["uart"] not in chip["uarts"]:
        yield f"link.uart: expected one of {chip['uarts']}, got {link['uart']}"
    elif pairs is not None and [link["tx"], link["rx"]] not in pairs:
        yield f"link: expected tx and rx of UART {link['uart']} in {pairs}"
    if wiring["watchdog"]["ms"] > chip["watchdog_ms"]:
        yield f"watchdog.ms: the chip's waits for at most {chip['watchdog_ms']} ms"
    if wiring.get("radio", {"connections": 0})["connections"] > chip["connections"]:
        yield f"radio.connections: its MicroPython takes {chip['connections']}"
