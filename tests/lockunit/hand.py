"""A board in the hand, and a unit on it whose time a test turns: no world, no physics."""

import errno
import hashlib
import json
from typing import Any

from locksim.board import Ecb
from lockunit import board as port
from lockunit.board import Board
from lockunit.settings import Settings
from lockunit.swap import REPLACED
from lockunit.unit import Unit


class HandBoard(Board):
    """Inputs are attributes to set; outputs are noted as (name, value) in `out`.

    It takes nothing but what the port says that the core gives.
    """

    def __init__(self) -> None:
        self.out: list[tuple[str, Any]] = []
        self.green = self.red = self.loaded = self.direction = 0
        self.ends = port.END_LOCKED
        self.door_is = port.DOOR_CLOSED
        self.cell_mv: list[int] = [3_000, 3_000]
        self.loaded_cell_mv: list[int] = [2_820, 2_820]
        self.taps = True
        self.ma = 600
        self.celsius = 20
        self.source = port.SUPPLY_BATTERY
        self.cause = port.RESET_POWER
        self.marks = 0
        self.stored: dict[str, bytes] = {}
        self.utc_s = 0
        self.randoms = 0
        # Storage refuses what is written from now on; a number: from after so many writes on.
        self.refuses: int | None = None
        self.sent: list[dict[str, Any]] = []
        # The radio: how many connections it takes, and what it was told; by wire, what it sent.
        self.connections = 2
        self.aired: dict[int, list[dict[str, Any]]] = {}
        self.dropped: list[int] = []
        self.adverts: list[tuple[int, bytes, bytes]] = []
        self.gauges: list[tuple[int, bytes]] = []
        self.restarts = 0

    def restart(self) -> None:
        self.restarts += 1

    def unit_id(self) -> str:
        return "HAND-1"

    def leds(self, green: int, red: int) -> None:
        assert {green, red} <= {0, 1}
        self.green, self.red = green, red
        self.out.append(("leds", (green, red)))

    def motor(self, direction: int) -> None:
        assert direction in (-1, 0, 1)
        self.direction = direction
        self.out.append(("motor", direction))

    def motor_ma(self) -> int:
        return self.ma

    def load(self, on: int) -> None:
        assert on in (0, 1)
        self.loaded = on
        self.out.append(("load", on))

    def bolt_ends(self) -> int:
        return self.ends

    def door(self) -> int:
        return self.door_is

    def cells(self) -> int:
        return len(self.cell_mv) if self.taps else 0

    def read_mv(self, cell: int) -> int:
        mv = self.loaded_cell_mv if self.loaded or self.direction else self.cell_mv
        if cell == port.PACK:
            return port.FAILED if port.FAILED in mv else sum(mv)
        return mv[cell]

    def temperature(self) -> int:
        return self.celsius

    def supply(self) -> int:
        return self.source

    def reset_cause(self) -> int:
        return self.cause

    def markers(self) -> int:
        return self.marks

    def mark(self, bits: int) -> None:
        self.marks = bits

    def fetch(self, name: str) -> bytes | None:
        return self.stored.get(name)

    def write(self, name: str, data: bytes) -> None:
        self._write()
        self.stored[name] = bytes(data)

    def append(self, name: str, data: bytes) -> None:
        assert isinstance(data, bytes), "it may be reused"
        self._write()
        self.stored[name] = self.stored.get(name, b"") + data

    def _write(self) -> None:
        if self.refuses is not None:
            self.refuses -= 1
            if self.refuses < 0:
                raise OSError(errno.ENOSPC, "no room")

    def read(self, name: str, at: int, count: int) -> bytes:
        if name not in self.stored:
            raise FileNotFoundError(name)
        return self.stored[name][at : at + count]

    def remove(self, name: str) -> None:
        if name not in self.stored:
            raise FileNotFoundError(name)
        del self.stored[name]

    def names(self, prefix: str) -> list[str]:
        return [name for name in reversed(self.stored) if name.startswith(prefix)]

    def calendar(self) -> int:
        return self.utc_s

    def set_calendar(self, seconds: int) -> None:
        self.utc_s = seconds

    def random(self, count: int) -> bytes:
        assert count % 4 == 0
        self.randoms += 1
        return hashlib.shake_256(b"chance %d" % self.randoms).digest(count)

    def sha256(self, data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    def aes(self, key: bytes) -> Ecb:
        return Ecb(key)

    def send(self, line: bytes, wire: int = 0) -> None:
        assert b"\n" not in line
        assert len(line) <= 1_024
        if wire:
            assert wire <= self.connections
        self.said(wire).append(json.loads(line))

    def said(self, wire: int) -> list[dict[str, Any]]:
        """The lines that were sent on a wire."""
        return self.aired.setdefault(wire, []) if wire else self.sent

    def wires(self) -> int:
        return self.connections

    def drop(self, wire: int) -> None:
        assert 0 < wire <= self.connections
        self.dropped.append(wire)

    def advertise(self, interval_ms: int, advert: bytes, answer: bytes) -> None:
        self.adverts.append((interval_ms, advert, answer))

    def gauge(self, percent: int, status: bytearray) -> None:
        self.gauges.append((percent, bytes(status)))

    def told(self, method: str) -> list[dict[str, Any]]:
        """The params of the notifications of this name."""
        return [line["params"] for line in self.sent if line.get("method") == method]

    def answers(self) -> list[dict[str, Any]]:
        """The answers and errors."""
        return [line for line in self.sent if "id" in line]


class Hand:
    """A unit on a board, and the hand that turns its clock."""

    def __init__(self, settings: Settings | None = None, board: HandBoard | None = None) -> None:
        self.board = board or HandBoard()
        self.settings = settings or Settings()
        self.now = 0
        self.wakes: list[tuple[int, str]] = []
        self.boot()

    def boot(self) -> None:
        """Start the unit anew, as after a reset: the outputs fell, its time starts at 0."""
        self.board.green = self.board.red = self.board.loaded = self.board.direction = 0
        self.zero = self.now
        self.unit = Unit(self.board, self.settings, 0)
        self.left = self.unit.step(0)

    @property
    def ticks(self) -> int:
        return (self.now - self.zero) % (1 << 30)

    def event(self, kind: int, arg: Any, wire: int = 0) -> None:
        self.unit.event(self.ticks, kind, arg, wire)
        self.left = self.unit.step(self.ticks)

    def run(self, ms: int) -> None:
        """Let `ms` pass, waking the unit when it asked to be woken."""
        end = self.now + ms
        while 0 <= self.left <= end - self.now:
            assert self.left > 0, "a unit that wakes again at once never sleeps"
            self.now += self.left
            self.wakes.append((self.now, self.unit.cause))
            self.left = self.unit.step(self.ticks)
        if self.left > 0:
            self.left -= end - self.now
        self.now = end

    def press(self) -> None:
        self.event(port.EV_BUTTON, 1)
        self.event(port.EV_BUTTON, 0)

    def line(self, text: str, wire: int = 0) -> None:
        self.event(port.EV_RX, text.encode() + b"\n", wire)

    def call(self, method: str, ident: int = 1, wire: int = 0, **params: Any) -> None:
        request = {"jsonrpc": "2.0", "id": ident, "method": method, "params": params}
        self.line(json.dumps(request), wire)

    def join(self, wire: int) -> None:
        self.event(port.EV_JOINED, wire, wire)

    def leave(self, wire: int) -> None:
        self.event(port.EV_LEFT, wire, wire)

    def ends(self, ends: int) -> None:
        self.board.ends = ends
        self.event(port.EV_BOLT, ends)

    def door(self, state: int) -> None:
        self.board.door_is = state
        self.event(port.EV_DOOR, state)


def hand_with(ends: int = port.END_LOCKED, kind: str = "door", **settings: int) -> Hand:
    """A unit of this kind that boots with its bolt there."""
    board = HandBoard()
    board.ends = ends
    chosen = Settings(kind)
    for name, value in settings.items():
        setattr(chosen, name, value)
    return Hand(chosen, board)


def kept(level: int, ground: int, other_kind: int = 0) -> bytes:
    """How the battery monitor stores what it knows."""
    return bytes((level, level ^ 255, ground, ground ^ 255, other_kind, other_kind ^ 255))


def counted(hand: Hand, role: str = "staff", locks: int = 5, unlocks: int = 5) -> None:
    """The pack was registered, and so many runs count: the proof may follow."""
    swap = hand.unit.swap
    swap.phase, swap.role, swap.locks, swap.unlocks = REPLACED, role, locks, unlocks


def answer(hand: Hand, ident: int = 1) -> dict[str, Any] | None:
    """The one result that the request got, None if it has none yet."""
    found = [line for line in hand.board.answers() if line["id"] == ident]
    assert len(found) <= 1, found
    return found[0]["result"] if found else None


def bolt_state(hand: Hand) -> str:
    """Where the unit says that its bolt is."""
    hand.call("bolt.state", 99)
    return str(hand.board.answers()[-1]["result"]["state"])
