"""The nets between two boards: who drives and pulls what, and the voltage that comes of it.

Levels and time alone: it knows neither processes nor what is at the ends. A voltage is a part of
3300 mV in 65,535ths, as converters and pulses have it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import exp

from lockhil.virtual.pair.wiring import Pin, Wire
from lockhil.virtual.protocol import SetUp
from lockhil.virtual.soldered import FULL
from lockjudge.trace import Event

FULL_MV = 3_300


@dataclass(slots=True)
class End:
    """A pin at the end of a wire, as its board uses it; `duty`: of its pulses, if it makes any."""

    bits: int = 0
    level: int = 0
    duty: int | None = None

    def driven(self) -> int | None:
        """The voltage that it drives, if it does."""
        if self.duty is not None:
            return self.duty
        if not self.bits & SetUp.DRIVES or (self.level and self.bits & SetUp.OPEN_DRAIN):
            return None
        return FULL * self.level


class Net:
    """One net, with an end at each pin that it goes to."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.ends = {pin: End() for pin in wire.pins}
        self.analogue = wire.kind == "analogue"
        self.in_conflict = False
        # Where its voltage is heading for, since when and from where.
        self._target = self._start = self._wanted()
        self._since = 0

    def _wanted(self) -> int:
        driven = {voltage for end in self.ends.values() if (voltage := end.driven()) is not None}
        self.in_conflict = len(driven) > 1
        if driven:
            # Two that differ: whoever pulls to ground is the stronger.
            return min(driven)
        pulls = [end.bits for end in self.ends.values()]
        if any(bits & SetUp.UP for bits in pulls):
            return FULL
        if any(bits & SetUp.DOWN for bits in pulls):
            return 0
        return FULL * self.wire.idle

    def settle(self, now: int) -> None:
        """Head for what the ends want at `now`."""
        wanted = self._wanted()
        if wanted != self._target:
            self._start, self._since, self._target = self.voltage(now), now, wanted

    def voltage(self, now: int) -> int:
        """Its voltage at `now`."""
        if not self.wire.tau_ms:
            return self._target
        left = exp((self._since - now) / self.wire.tau_ms)
        return round(self._target + (self._start - self._target) * left)

    def level(self, now: int) -> int:
        """The same as a digital input reads it."""
        return int(self.voltage(now) * 2 > FULL)

    def shown(self) -> int:
        """What a trace shows of it: its level, or the mV that it heads for."""
        if self.analogue:
            return (self._target * FULL_MV + FULL // 2) // FULL
        return int(self._target * 2 > FULL)


class Nets:
    """All nets, and each pin that is in none.

    `edge` is told a side, its pin and the new level where an interrupt is set up; `changed` a net
    and what it shows. `events`: what they showed when, and each conflict.
    """

    def __init__(
        self,
        wires: Iterable[Wire],
        now: Callable[[], int],
        edge: Callable[[str, int, int], None],
        changed: Callable[[Wire, int], None],
    ) -> None:
        self._now = now
        self._edge = edge
        self._changed = changed
        self.events: list[Event] = []
        self._at: dict[Pin, Net] = {}
        self.solder(wires)

    def solder(self, wires: Iterable[Wire]) -> None:
        """Take all wires off, and solder these; boards notice by their pins' levels alone."""
        before = {at: (net.ends[at], net.level(self._now())) for at, net in self._at.items()}
        nets = [Net(wire) for wire in wires]
        self._at = {at: net for net in nets for at in net.wire.pins}
        for at, (end, _) in before.items():
            self.net(*at).ends[at] = end
        for net in self._at.values():
            net.settle(self._now())
        for net in nets:
            self._record(net.wire.net, net.shown())
            if net.in_conflict:
                self._record("conflict", net.wire.net)
        for at, (_, level) in before.items():
            self._tell(self.net(*at), at, level)

    def net(self, side: str, pin: int) -> Net:
        """The net at a pin; one of its own if no wire goes there."""
        return self._at.setdefault(Pin(side, pin), Net(Wire("", "digital", (Pin(side, pin),))))

    def set_up(self, side: str, pin: int, bits: int) -> None:
        """See `Soldered.set_up`; pulses end."""
        end = self._end(side, pin)
        end.bits, end.duty = bits, None
        self._settle(self.net(side, pin))

    def drive(self, side: str, pin: int, level: int) -> None:
        """See `Soldered.drive`; a pin that isn't an output remembers it."""
        self._end(side, pin).level = level
        self._settle(self.net(side, pin))

    def modulate(self, side: str, pin: int, duty: int) -> None:
        """See `Soldered.modulate`."""
        self._end(side, pin).duty = duty
        self._settle(self.net(side, pin))

    def _end(self, side: str, pin: int) -> End:
        return self.net(side, pin).ends[Pin(side, pin)]

    def fall(self, side: str) -> None:
        """The board on this side is gone: it drives and pulls nothing any more."""
        own = [at for at in self._at if at.side == side]
        for at in own:
            self._at[at].ends[at] = End()
        for at in own:
            self._settle(self._at[at])

    def _settle(self, net: Net) -> None:
        before, was_in_conflict = net.shown(), net.in_conflict
        net.settle(self._now())
        if net.in_conflict and not was_in_conflict:
            self._record("conflict", net.wire.net)
        shown = net.shown()
        if shown == before:
            return
        self._record(net.wire.net, shown)
        self._changed(net.wire, shown)
        for at in net.ends:
            self._tell(net, at, before)

    def _tell(self, net: Net, at: Pin, before: int) -> None:
        """Tell a board of an edge, if there is one and it asked for it."""
        if net.ends[at].bits & SetUp.IRQ and not net.analogue and net.shown() != before:
            self._edge(at.side, at.number, net.shown())

    def note(self, ch: str, v: int | str) -> None:
        """Something else happened."""
        self.events.append(Event(self._now(), ch, v))

    def _record(self, net: str, v: int | str) -> None:
        if net:
            self.note(net, v)
