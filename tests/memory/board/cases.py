# Runs under MicroPython. What happens to a unit in steady state, again and again: where nothing is
# told (QUIET), and what is told or answered (TOLD). `steady` counts what it takes.

import binascii

import lines
import sealing
from nullboard import NullBoard

from lockunit import lockkey, ticks
from lockunit.settings import Settings
from lockunit.unit import Unit

BUTTON, BOLT, DOOR, RX, SUPPLY, JOINED, LEFT = range(1, 8)


class Case:
    """A unit, its time, and what happens to it again and again: `once`."""

    def __init__(self):
        self.board = NullBoard()
        self.now = 0
        self.prepare()
        self.unit = Unit(self.board, Settings(), self.now)
        self.board.segments = ("j00000001",)
        self.wake()
        self.begin()

    def prepare(self):
        pass

    def begin(self):
        pass

    def wake(self):
        left = self.unit.step(self.now)
        if left > 0:
            self.now = ticks.add(self.now, left)

    def event(self, kind, arg):
        self.unit.event(self.now, kind, arg)
        self.unit.step(self.now)


class Samples(Case):
    title = "wakes, with a battery sample at every other one"

    once = Case.wake


class NoTaps(Samples):
    title = "battery samples of a pack without taps"

    def prepare(self):
        self.board.taps = 0


class Failing(Samples):
    title = "battery samples that fail"

    def begin(self):
        self.board.fails = True


class Suspected(Samples):
    title = "battery samples under suspicion"

    def prepare(self):
        self.board.cause = 1


class Early(Case):
    title = "wakes at which nothing is due"

    def once(self):
        self.unit.step(self.now)


class Presses(Case):
    title = "presses in the quiet time"

    def begin(self):
        self.event(BUTTON, 1)

    def once(self):
        self.event(BUTTON, 1)
        self.event(BUTTON, 0)


class Ends(Case):
    title = "bolt ends that change nothing"

    def once(self):
        self.event(BOLT, 1)


class Doors(Case):
    title = "a door that opens and closes, with the relock timer"

    def prepare(self):
        self.board.ends = 2

    def once(self):
        self.board.door_is = 1 - self.board.door_is
        self.event(DOOR, self.board.door_is)


class Supplies(Case):
    title = "a supply that comes and goes"

    def once(self):
        self.board.source = 1 - self.board.source
        self.event(SUPPLY, self.board.source)


class Motor(Case):
    title = "looks at the running motor"

    def begin(self):
        self.event(RX, lines.call("bolt.unlock"))
        self.board.ends = 0
        self.event(BOLT, 0)

    def once(self):
        # One run that never ends: to begin one takes memory, and is listed apart.
        self.unit.bolt._limit.set(self.now, 3_000)
        self.wake()


class Sealed(Case):
    """A unit with a lock's key, somebody in a session, and time that stands still."""

    def prepare(self):
        self.board = sealing.Board()
        for name, data in lockkey.provisions(bytes(32), 1, 1_700_000_000):
            self.board.store(name, data)

    def begin(self):
        self.client = sealing.Client(self.unit.access)
        self.client.enter(self.unit.wires.links[0].session)

    def say(self, plain):
        n, sealed = self.client.line(plain)
        text = str(binascii.b2a_base64(sealed)[:-1], "ascii")
        told = '{"s":%d,"n":%d,"c":"%s"}\n' % (self.client.number, n, text)
        self.event(RX, told.encode())


class SealedEarly(Sealed):
    title = "wakes at which nothing is due, in a session"

    def once(self):
        self.unit.step(self.now)


class Strange(Sealed):
    title = "wakes at which nothing is due, with two strangers on the radio"

    def begin(self):
        for wire in (1, 2):
            self.event(JOINED, wire)

    def once(self):
        self.unit.step(self.now)


QUIET = (
    Samples, NoTaps, Failing, Suspected, Early, Presses, Ends, Doors, Supplies, Motor, SealedEarly,
    Strange,
)  # fmt: skip


def line(title, told):
    class Line(Case):
        def once(self):
            self.event(RX, told)

    return title, Line


class Diagnostic(Case):
    def once(self):
        self.event(BUTTON, 1)
        for _ in range(12):
            self.wake()


class Hand(Case):
    def once(self):
        self.board.ends = 3 - self.board.ends
        self.event(BOLT, self.board.ends)


class Run(Case):
    calls = lines.call("bolt.lock"), lines.call("bolt.unlock")

    def once(self):
        target = 3 - self.board.ends
        self.event(RX, self.calls[target - 1])
        self.wake()
        self.board.ends = target
        self.event(BOLT, target)


class Names(Case):
    """Never the same characters twice: an interpreter that kept them would grow."""

    n = 0

    def once(self):
        self.n = (self.n + 8) % 0x5000
        name = "".join(["\\u%04x" % (0x3000 + self.n + each) for each in range(8)])
        told = '{"jsonrpc":"2.0","id":"%s","method":"%s"}\n' % (name, name)
        self.event(RX, told.encode())


class SealedLine(Sealed):
    def once(self):
        self.say(lines.call("bolt.state")[:-1])


class Visitor(Sealed):
    """Somebody comes over the radio, asks, says half a line and is dropped."""

    def once(self):
        self.event(JOINED, 1)
        self.unit.event(self.now, RX, lines.call("unit.hello"), 1)
        self.unit.event(self.now, RX, b"half a line", 1)
        self.event(LEFT, 1)


class Stranger(Sealed):
    calls = lines.call("bolt.unlock"), b'{"s":9,"n":0,"c":"AAAA"}\n'

    def once(self):
        for told in self.calls:
            self.event(RX, told)


TOLD = [line(name, lines.call(name)) for name in lines.METHODS] + [
    line("an unknown method", lines.call("unit.nothing")),
    line("a line that is no JSON", b"garbage\n"),
    line("half a line and its rest", b'"half\n"'),
    ("a request with other characters each time", Names),
    ("a hand that moves the bolt", Hand),
    ("a run of the motor, by command", Run),
    ("a whole diagnostic", Diagnostic),
    ("a sealed request", SealedLine),
    ("a stranger's requests", Stranger),
    ("a visitor on the radio", Visitor),
]
