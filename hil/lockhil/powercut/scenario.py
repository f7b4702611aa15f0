"""What the sweep works on: a history of a unit, what it shows after a cut, what must hold then.

Data and words only; `life` lives through a history, `scenarios` are the ones there are.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lockhil.firmware import laid_out
from lockhil.journal.reader import Held, Slot
from lockhil.powercut.recording import Recording
from lockhil.targets import Target
from lockhil.targets.options import Options
from lockhil.virtual.image import build
from locksim.world import World

UNIT = "CUT-0001"
# The rail lets the board start 50 ms after power came, and its boot takes no virtual time.
BOOT_MS = 100
Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What was told before power went for the last time, and what the unit shows after that.

    `told`, `said`: its lines before and after; `uncut`: all lines of the same history without a
    cut. `died`: it didn't come back, and what it said of that; then the rest is empty. `place`:
    where the bolt really is; `driven`: what it drove before anybody asked it for anything.
    `recovery`: how many operations on the flash its boot took. `slots`, `held`: its journal, as it
    was read before the door was opened; `keys`: those that it may have made for it. `change`,
    `life`: its battery change, and whose it is. `probed`: what the scenario's `probe` found first.
    """

    scenario: "Scenario"
    told: list[Said]
    uncut: list[Said]
    died: str = ""
    said: list[Said] = field(default_factory=list)
    hello: Said = field(default_factory=dict)
    report: Said = field(default_factory=dict)
    change: Said = field(default_factory=dict)
    life: Said = field(default_factory=dict)
    state: str = ""
    place: str = ""
    driven: tuple[str, ...] = ()
    opening: str = ""
    opened: str = ""
    recovery: int = 0
    slots: tuple[Slot, ...] = ()
    held: Held | None = None
    keys: tuple[bytes, ...] = ()
    probed: Said = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invariant:
    """What holds after every cut: `broken` says what is wrong, "" if nothing is."""

    requirement: str
    name: str
    broken: Callable[[Aftermath], str]


def nothing(_: World) -> None:
    """Nobody does anything."""


def unprobed(_: Target) -> Said:
    """Nothing is looked at besides."""
    return {}


def no_more(_: Path | None) -> Mapping[str, bytes]:
    """No other files."""
    return {}


@dataclass(frozen=True, slots=True)
class Scenario:
    """A history of one unit: what it begins with, what is done to it, what must hold after a cut.

    `options`: see `lockhil.targets.inworld.Options`. `stored`: what the unit finds in its storage,
    by name (None: not even what every unit has). `files`: what else is on the flash. `spoils`: what
    has become of that flash's bytes since. `main`: MicroPython that runs before the unit does, for
    stores that nothing on the link reaches. `while_dead`: what people do before power returns.
    `every_ms`: power goes so often between the operations too. `level`: the one that is stored from
    the start, with its ground. `refused`: the stores that are corrupt from the start, so have to be
    named. `probe`: what is looked at besides, before anything else. `more`: what else is on the
    flash, made of the firmware in a folder. `back_ms`: how long it may take to come back.
    `records`: who does something to the board instead of the history, on the real clock; it gives
    what that did to its flash, and each cut is made in that.
    """

    name: str
    tells: str
    history: Callable[[Target], None]
    options: Mapping[str, Any] = field(default_factory=dict)
    stored: Mapping[str, bytes | None] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    spoils: Callable[[bytearray], None] | None = None
    main: str | None = None
    while_dead: Callable[[World], None] = nothing
    every_ms: int = 0
    level: tuple[str, str] = ("UNKNOWN", "none")
    refused: tuple[str, ...] = ()
    invariants: tuple[Invariant, ...] = ()
    probe: Callable[[Target], Said] = unprobed
    more: Callable[[Path | None], Mapping[str, bytes]] = no_more
    back_ms: int = BOOT_MS
    records: "Callable[[Scenario, bytes, Path | None], Recording] | None" = None

    def begin(self) -> Options:
        """How its world begins."""
        return Options(unit_id=UNIT, **self.options)

    def image(self, firmware: Path | None) -> bytes:
        """The flash that it begins with."""
        begin = self.begin()
        own = {"settings": begin.settings().encode(), "unit": UNIT.encode()}
        stored: dict[str, bytes | None] = {**own, **begin.found(), **self.stored}
        content = {**laid_out(firmware), **self.more(firmware), **self.files}
        content |= {f"data/{name}": data for name, data in stored.items() if data is not None}
        if self.main is not None:
            content["main.py"] = (_SAYS + self.main + _GOES_ON).encode()
        # Read now: a sweep is long, and others tidy the cache.
        flash = bytearray(build(content).read_bytes())
        if self.spoils is not None:
            self.spoils(flash)
        return bytes(flash)


def told(lines: list[str]) -> list[Said]:
    """The messages in lines of the link."""
    return [json.loads(line) for line in lines]


def notified(said: list[Said], method: str) -> list[Said]:
    """The params of all notifications of that name."""
    return [one["params"] for one in said if one.get("method") == method]


# What is said here goes out as the unit's own notifications do.
_SAYS = """\
import json
import machine
_uart = machine.UART(1)
def say(method, **params):
    line = json.dumps({"jsonrpc": "2.0", "method": method, "params": params})
    _uart.write(line + "\\n")
"""
_GOES_ON = """
from lockboards.app import main
main()
"""
