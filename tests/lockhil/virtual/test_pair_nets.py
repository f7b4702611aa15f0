"""Nets under any history: each shows what its ends make of it, and each edge is told once."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lockhil.virtual.pair.nets import FULL_MV, Nets
from lockhil.virtual.pair.wiring import PROBE, SIDES, UNIT, Pin, Wire
from lockhil.virtual.protocol import SetUp
from lockhil.virtual.soldered import FULL

WIRES = {
    "one": Wire("one", "digital", (Pin(UNIT, 1), Pin(PROBE, 11))),
    "two": Wire("two", "digital", (Pin(UNIT, 2), Pin(PROBE, 12), Pin(PROBE, 13)), idle=1),
    "volts": Wire("volts", "analogue", (Pin(UNIT, 3), Pin(PROBE, 14)), tau_ms=7),
}
SWAPPED = {
    **WIRES,
    "one": Wire("one", "digital", (Pin(UNIT, 2), Pin(PROBE, 11))),
    "two": Wire("two", "digital", (Pin(UNIT, 1), Pin(PROBE, 12), Pin(PROBE, 13)), idle=1),
}
# The last is wired to nothing.
PINS = [*(pin for wire in WIRES.values() for pin in wire.pins), Pin(UNIT, 4)]
BITS = [
    *(0, SetUp.UP, SetUp.DOWN, SetUp.DRIVES, SetUp.DRIVES | SetUp.OPEN_DRAIN),
    SetUp.DRIVES | SetUp.OPEN_DRAIN | SetUp.UP,
]


class Model(RuleBasedStateMachine):
    """What each end does, kept here too; the voltage is worked out anew each time."""

    @initialize()
    def begin(self) -> None:
        self.now = 0
        self.told: list[tuple[Pin, int]] = []
        self.wires = WIRES
        self.nets = Nets(WIRES.values(), lambda: self.now, self.edge, lambda *_: None)
        self.ends: dict[Pin, tuple[int, int, int | None]] = dict.fromkeys(PINS, (0, 0, None))
        self.levels = {pin: self.level(pin) for pin in PINS}

    def edge(self, side: str, pin: int, level: int) -> None:
        self.told.append((Pin(side, pin), level))

    @rule(pin=st.sampled_from(PINS), bits=st.sampled_from(BITS), irq=st.booleans())
    def set_up(self, pin: Pin, bits: int, irq: bool) -> None:
        self.listening(pin, bits | (SetUp.IRQ if irq else 0), self.ends[pin][1], None)
        self.acted(lambda: self.nets.set_up(*pin, self.ends[pin][0]))

    @rule(pin=st.sampled_from(PINS), level=st.integers(0, 1))
    def drive(self, pin: Pin, level: int) -> None:
        bits, _, duty = self.ends[pin]
        self.listening(pin, bits, level, duty)
        self.acted(lambda: self.nets.drive(*pin, level))

    @rule(pin=st.sampled_from(PINS), duty=st.integers(0, FULL))
    def modulate(self, pin: Pin, duty: int) -> None:
        bits, level, _ = self.ends[pin]
        self.listening(pin, bits, level, duty)
        self.acted(lambda: self.nets.modulate(*pin, duty))

    @rule(side=st.sampled_from(SIDES))
    def fall(self, side: str) -> None:
        for pin in PINS:
            if pin.side == side:
                self.listening(pin, 0, 0, None)
        # It falls pin by pin, and what flickers meanwhile is told too.
        self.acted(lambda: self.nets.fall(side), at_once=False)

    @rule()
    def swap(self) -> None:
        self.wires = SWAPPED if self.wires is WIRES else WIRES
        self.acted(lambda: self.nets.solder(self.wires.values()))

    @rule(ms=st.integers(0, 30))
    def wait(self, ms: int) -> None:
        self.now += ms

    def listening(self, pin: Pin, *end: int | None) -> None:
        bits, level, duty = end
        assert bits is not None
        assert level is not None
        self.ends[pin] = bits, level, duty

    def acted(self, action: Callable[[], None], *, at_once: bool = True) -> None:
        """Each pin that listens was told of its change, once, and nobody else."""
        self.told = []
        action()
        after = {pin: self.level(pin) for pin in PINS}
        expected = {
            (pin, level)
            for pin, level in after.items()
            if level != self.levels[pin]
            and self.ends[pin][0] & SetUp.IRQ
            and self.wire(pin).kind != "analogue"
        }
        assert len(self.told) == len(set(self.told))
        assert set(self.told) == expected if at_once else set(self.told) >= expected
        self.levels = after

    def wire(self, pin: Pin) -> Wire:
        found = [wire for wire in self.wires.values() if pin in wire.pins]
        return found[0] if found else Wire("", "digital", (pin,))

    def driven(self, wire: Wire) -> set[int]:
        found = set()
        for pin in wire.pins:
            bits, level, duty = self.ends[pin]
            if duty is not None:
                found.add(duty)
            elif bits & SetUp.DRIVES and not (bits & SetUp.OPEN_DRAIN and level):
                found.add(FULL * level)
        return found

    def voltage(self, wire: Wire) -> int:
        if driven := self.driven(wire):
            return min(driven)
        bits = [self.ends[pin][0] for pin in wire.pins]
        pulls = [FULL if some & SetUp.UP else 0 for some in bits if some & (SetUp.UP | SetUp.DOWN)]
        return max(pulls) if pulls else FULL * wire.idle

    def level(self, pin: Pin) -> int:
        return int(self.voltage(self.wire(pin)) > FULL // 2)

    @invariant()
    def shows_what_its_ends_make(self) -> None:
        for pin in PINS:
            net, wire = self.nets.net(*pin), self.wire(pin)
            assert net.in_conflict == (len(self.driven(wire)) > 1)
            if not wire.tau_ms:
                assert net.voltage(self.now) == self.voltage(wire)
                assert net.level(self.now) == self.level(pin)
            else:
                # It is on its way there, and there in the end.
                assert 0 <= net.voltage(self.now) <= FULL
                assert net.voltage(self.now + 1_000) == self.voltage(wire)

    @invariant()
    def the_trace_shows_the_same(self) -> None:
        shown = {event.ch: event.v for event in self.nets.events}
        for net, wire in self.wires.items():
            if wire.kind == "analogue":
                assert shown[net] == round(self.voltage(wire) * FULL_MV / FULL)
            else:
                assert shown[net] == self.level(wire.pins[0])


TestNets = Model.TestCase
