# Runs under MicroPython. What the core takes in steady state: nothing where nothing is told
# (QUIET), and what is told or answered (TOLD) is given back and doesn't grow. `begin`: events of
# each of the first, and of the second together (a multiple of 500); 0 leaves them out.

import gc
import json

from cases import QUIET, TOLD

_WARM = 100
_EACH = 20
_FIRST = 500
_TICK = 50


def taken(case, n):
    """The bytes that `n` times of it took and kept, nothing being collected."""
    once = case.once
    for _ in range(_WARM if n > _WARM else 2):
        once()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(n):
        once()
    bytes_taken = gc.mem_alloc() - before
    gc.enable()
    return bytes_taken


class Steady:
    def __init__(self, n, told):
        self.n, self.told = n, told
        self.at = 0 if n else len(QUIET)
        self.cases = []
        # What happens once only, such as a first level that is stored, comes before the first.
        self.done = -_FIRST
        self.tenth = 0

    def tick(self):
        if self.at < len(QUIET):
            case = QUIET[self.at]()
            row = {"quiet": case.title, "bytes": taken(case, self.n)}
            # What shows that it did something.
            row["readings"] = case.board.readings
            print(json.dumps(row))
        elif self.at < len(QUIET) + len(TOLD):
            name, kind = TOLD[self.at - len(QUIET)]
            if self.told:
                print(json.dumps({"told": name, "bytes": taken(kind(), _EACH) // _EACH}))
        elif not self.told:
            return False
        elif not self.cases:
            self.cases = [kind() for _, kind in TOLD]
        else:
            return self.grow()
        self.at += 1
        return True

    def grow(self):
        """Some of everything that is told; what is alive after a tenth of it, and at its end."""
        # Before anything else: the driver has just collected.
        alive = gc.mem_alloc()
        if self.done == self.told // 10:
            self.tenth = alive
        if self.done == self.told:
            print(json.dumps({"events": self.told, "tenth": self.tenth, "end": alive}))
            return False
        for at in range(_TICK):
            self.cases[(self.done + at) % len(self.cases)].once()
        self.done += _TICK
        return True


_steady = None


def begin(n, told):
    global _steady
    _steady = Steady(n, told)


def tick():
    return _steady.tick()
