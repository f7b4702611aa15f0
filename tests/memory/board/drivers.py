# Runs under MicroPython. What the drivers and the main loop take in steady state: the real ones
# with the real `select`, around the real core, on a `machine` that allocates nothing.

import gc
import json
import sys

import anyaes  # noqa: F401 where the port has none
import nullbluetooth
import nullmachine

sys.modules["machine"] = nullmachine
sys.modules["bluetooth"] = nullbluetooth

from lockboards import loop  # noqa: E402 over the machine above
from lockboards.board import MachineBoard  # noqa: E402
from lockunit import ticks  # noqa: E402
from lockunit.settings import Settings  # noqa: E402
from lockunit.unit import Unit  # noqa: E402

_WARM = 100


class DoneError(Exception):
    pass


# WebAssembly's `os` has no random bytes.
MachineBoard.random = lambda _, count: bytes(count)


class NoFiles:
    aside = ()

    def fetch(self, name):
        return None

    def store(self, name, data):
        pass

    def append(self, name, data):
        pass

    def names(self, prefix):
        return []


class Hurried:
    """A unit whose every wake is due at once: its time is its own, or it stands."""

    def __init__(self, board, stands):
        self.now = 0
        self.stands = stands
        self.unit = Unit(board, Settings(), 0)
        self.event = self.unit.event

    def step(self, now):
        left = self.unit.step(now)
        if left > 0 and not self.stands:
            self.now = ticks.add(self.now, left)
        return 0


class Rounds:
    """So many rounds of the main loop, each a wake."""

    title = "rounds of the main loop, with battery samples"
    stands = False

    def __init__(self, wiring, n):
        self.n = n
        self.left = n + _WARM
        self.before = self.after = 0
        self.wiring = wiring
        inputs = wiring["inputs"]
        nullmachine.Pin.low = (inputs["end_locked"], inputs["door_closed"], inputs["usb"])
        nullmachine.ADC.readings = 0
        self.board = MachineBoard(wiring, NoFiles())
        self.board.uart.idle = self.round
        self.unit = Hurried(self.board, self.stands)
        loop.now = self.now

    def now(self):
        return self.unit.now

    def round(self):
        if self.left == self.n:
            gc.disable()
            self.before = gc.mem_alloc()
        if self.left == 0:
            self.after = gc.mem_alloc()
            raise DoneError
        self.left -= 1
        self.happen()

    def happen(self):
        pass

    def taken(self):
        try:
            loop.run(self.unit, self.board)
        except DoneError:
            gc.enable()
        return self.after - self.before


class Edges(Rounds):
    """Door and supply change with every round, the button is pressed in the quiet time."""

    title = "interrupts of button, door and supply, and the rounds that take them"
    stands = True

    def happen(self):
        inputs = self.wiring["inputs"]
        for name in ("button", "door_closed", "usb"):
            pin = nullmachine.Pin.made[inputs[name]]
            pin.edge(1 - pin.level)


_cases = [Rounds, Edges]
_begun = []


def begin(n, _):
    with open(sys.path[1] + "/board.json") as file:
        wiring = json.load(file)
    # The loop feeds one, as on a board.
    wiring["watchdog"] = {"ms": 8_000}
    _begun.extend([wiring, n])


def tick():
    case = _cases.pop(0)(*_begun)
    row = {"quiet": case.title, "bytes": case.taken(), "readings": nullmachine.ADC.readings}
    print(json.dumps(row))
    return bool(_cases)
