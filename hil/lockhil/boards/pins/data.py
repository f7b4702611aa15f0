"""Reads a board's data (`lockboards/boards/*.json`) strictly: each key, each range, in one line.

Whether its pins suit its chip is `rules`'; a board itself trusts what was put on it.
"""

import json
from typing import Any

OUTPUTS = ("green", "red", "motor_throw", "motor_withdraw", "load")
CONTACTS = ("button", "end_locked", "end_unlocked", "door_closed", "door_open")
DRIVEN = ("usb", "pack")
MOST_CELLS = 8
_PIN = (0, 48)
_FULL = (1, 16_383)
# Section -> key -> least and most; a key in brackets may be left out.
_SECTIONS: dict[str, dict[str, tuple[int, int]]] = {
    "outputs": dict.fromkeys(OUTPUTS, _PIN),
    "inputs": dict.fromkeys((*CONTACTS, *DRIVEN), _PIN),
    "[converter]": {"full_mv": (100, 5_000), "[atten]": (0, 3), "[microvolts]": (0, 1)},
    "motor_ma": {"pin": _PIN, "full_ma": _FULL},
    "[temperature]": {
        "pin": _PIN,
        "full_mv": _FULL,
        "zero_mv": (0, 3_300),
        "mv_per_c": (1, 100),
    },
    "link": {"uart": (0, 2), "baud": (9_600, 921_600), "tx": _PIN, "rx": _PIN},
    "[radio]": {"connections": (1, 4)},
    "watchdog": {"ms": (0, 60_000), "[with_console]": (0, 1)},
}
_WORDS = ("board", "chip", "[tried]")


class WiringError(Exception):
    """The data aren't a board's; the message says which key, what was expected and what came."""


def read(content: bytes, name: str) -> dict[str, Any]:
    """The data of the board called so, in a file of that name. WiringError."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise WiringError(f"{name}.json: expected JSON: {error}") from None
    if not isinstance(found, dict):
        raise WiringError(f"{name}.json: expected an object")
    try:
        _hold(found, {**dict.fromkeys(_WORDS), **dict.fromkeys(_SECTIONS), "taps": None}, "")
        for word in _WORDS:
            key = word.strip("[]")
            if key in found and not isinstance(found[key], str):
                raise WiringError(f"{key}: expected text, got {found[key]!r}")
        for section, keys in _SECTIONS.items():
            if (key := section.strip("[]")) in found:
                _section(key, found[key], keys)
        _taps(found["taps"])
        if found["board"] != name:
            raise WiringError(f"board: expected the file's own name, got {found['board']!r}")
    except WiringError as error:
        raise WiringError(f"{name}.json: {error}") from None
    return found


def _taps(taps: object) -> None:
    count = taps.get("count") if isinstance(taps, dict) else None
    if type(count) is not int or not 1 <= count <= MOST_CELLS:
        raise WiringError(f"taps.count: expected 1 to {MOST_CELLS}, got {count!r}")
    each = {f"pin{n}": _PIN for n in range(1, count + 1)}
    each |= {f"full_mv{n}": _FULL for n in range(1, count + 1)}
    _section("taps", taps, {"count": (1, MOST_CELLS), **each})


def _section(section: str, found: object, keys: dict[str, tuple[int, int]]) -> None:
    if not isinstance(found, dict):
        raise WiringError(f"{section}: expected an object, got {found!r}")
    _hold(found, keys, f"{section}.")
    for bracketed, (least, most) in keys.items():
        key = bracketed.strip("[]")
        value = found.get(key, least)
        if type(value) is not int or not least <= value <= most:
            raise WiringError(f"{section}.{key}: expected {least} to {most}, got {value!r}")


def _hold(found: dict[str, Any], keys: dict[str, Any], where: str) -> None:
    known = {key.strip("[]") for key in keys}
    for key in found:
        if key not in known:
            raise WiringError(f"{where}{key}: nobody reads that; expected {', '.join(known)}")
    for key in keys:
        if not key.startswith("[") and key not in found:
            raise WiringError(f"{where}{key}: it is missing")
