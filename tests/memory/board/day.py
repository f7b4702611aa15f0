# Runs under MicroPython. A hard day of the core, one event or wake a `tick`, each with its high
# water: all that was alive before it and all that it took, as if nothing were collected meanwhile.
# Whoever drives it collects after each tick; WebAssembly can't do that further in.

import gc
import json

import lines
from nullboard import NullBoard

try:
    from time import ticks_diff, ticks_us
except ImportError:  # WebAssembly's clock isn't asked
    ticks_us = None

BUTTON, BOLT, DOOR, RX, SUPPLY, WAKE, ENDS = range(1, 8)


def _script():
    """(what it is called, kind of event, its argument; the ms to pass for a WAKE)."""
    told = [("battery sample", WAKE, 61_000)]
    told += [("diagnostic", BUTTON, 1), ("diagnostic", BUTTON, 0), ("diagnostic", WAKE, 31_000)]
    for method, end in (("bolt.unlock", 2), ("bolt.lock", 1)):
        told += [("motor run", RX, piece) for piece in lines.pieces(lines.call(method))]
        told += [("motor run", WAKE, 800), ("motor run", ENDS, 0), ("motor run", ENDS, end)]
    told += [("hand moves the bolt", ENDS, 0), ("hand moves the bolt", ENDS, 2)]
    told += [("door and supply", DOOR, 1), ("door and supply", DOOR, 0)]
    told += [("door and supply", SUPPLY, 1), ("door and supply", SUPPLY, 0)]
    told += [("relock that is blocked", WAKE, 34_000)]
    for method in lines.METHODS:
        told.append(("line: " + method, RX, lines.call(method)))
    for name, line in lines.LONGEST:
        told += [("line: " + name, RX, piece) for piece in lines.pieces(line + b"\n")]
    return told + [("battery sample", WAKE, 13 * 3_600_000)]


class Day:
    def __init__(self):
        self.board = NullBoard()
        self.script = _script()
        # What was alive, the high water and the longest time: by part, in order.
        self.parts = ["code", "boot"]
        for name, _, _ in self.script:
            if name not in self.parts:
                self.parts.append(name)
        self.high = [0] * len(self.parts)
        self.took_us = [0] * len(self.parts)
        self.base = self.alive = self.at = self.now = self.left = self.passed = 0
        self.unit = self.stage = None

    def load(self):
        """The code: what a board imports at its start."""
        from lockunit.settings import Settings, decode
        from lockunit.unit import Unit

        self.stage = (Unit, Settings, decode)

    def boot(self):
        make, settings, _ = self.stage
        self.unit = make(self.board, settings(), 0)
        self.board.segments = ("j00000001",)
        self.left = self.unit.step(0)

    def step(self, kind, arg):
        """One event or wake; whether the script's next entry is due."""
        unit, board = self.unit, self.board
        if kind == WAKE:
            if self.left < 0 or self.passed + self.left > arg:
                self.now += arg - self.passed
                self.left -= arg - self.passed if self.left > 0 else 0
                self.passed = 0
                return True
            self.now += self.left
            self.passed += self.left
            self.left = unit.step(self.now)
            return False
        if kind == ENDS:
            board.ends = arg
            unit.event(self.now, BOLT, arg)
        else:
            if kind == DOOR:
                board.door_is = arg
            elif kind == SUPPLY:
                board.source = arg
            unit.event(self.now, kind, arg)
        self.left = unit.step(self.now)
        return True

    def note(self, part, began):
        place = self.parts.index(part)
        high = gc.mem_alloc() - self.base
        if ticks_us:
            self.took_us[place] = max(self.took_us[place], ticks_diff(ticks_us(), began))
        self.high[place] = max(self.high[place], high)


_day = Day()


def begin(*_):
    gc.disable()


def tick():
    """Run the next thing; False once the day is over and told."""
    day = _day
    began = ticks_us() if ticks_us else 0
    if day.base == 0:
        day.base = gc.mem_alloc()
        day.load()
        day.note("code", began)
    elif day.unit is None:
        day.code = gc.mem_alloc() - day.base
        day.boot()
        day.note("boot", began)
    elif day.at < len(day.script):
        if day.at == 0:
            day.booted = gc.mem_alloc() - day.base
        part, kind, arg = day.script[day.at]
        if day.step(kind, arg):
            day.at += 1
        day.note(part, began)
    else:
        print(json.dumps({"code": day.code, "booted": day.booted, "sent": day.board.sent}))
        for place, part in enumerate(day.parts):
            print(json.dumps({"part": part, "high": day.high[place], "us": day.took_us[place]}))
        return False
    return True
