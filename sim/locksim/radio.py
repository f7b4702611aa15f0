"""The unit's radio without an air: who is connected, what is said there, what adverts take.

Everybody is near and hears all at once; distance, loss and the protocol's layers aren't here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from locksim.plant import ADVERTS_UA
from lockunit import board as port

if TYPE_CHECKING:
    from locksim.world import World

# What a central writes at once at the most.
RX_PIECE = 244


@dataclass(frozen=True, slots=True)
class Advert:
    """What a unit tells in the air: every `interval_ms`, and to who asks."""

    interval_ms: int
    advert: bytes
    answer: bytes


class Radio:
    """The radio of a world's unit: `wires` connections at once, numbered from 1.

    `joined`: at which of them somebody is. `advert`: None while it tells nothing; `gauge`: the
    battery service's percent and status. `on_sent`: each is told the time, the line and its wire.
    """

    def __init__(self, world: "World", wires: int) -> None:
        self._world = world
        self.wires = wires
        self.joined: set[int] = set()
        self.advert: Advert | None = None
        self.gauge: tuple[int, bytes] | None = None
        self.on_sent: list[Callable[[int, bytes, int], None]] = []

    def join(self, wire: int) -> bool:
        """A central connects; whether it could: the wire was free, and the unit in the air."""
        if not 0 < wire <= self.wires or wire in self.joined or self.advert is None:
            return False
        self.joined.add(wire)
        self._world.loop.event(port.EV_JOINED, wire, wire)
        return True

    def leave(self, wire: int) -> None:
        """A connection ends, whoever ended it; a no-op if there is none."""
        if wire in self.joined:
            self.joined.remove(wire)
            self._world.loop.event(port.EV_LEFT, wire, wire)

    def receive(self, data: bytes, wire: int) -> None:
        """A central writes; nobody hears one who isn't connected."""
        if wire in self.joined:
            for start in range(0, len(data), RX_PIECE):
                self._world.loop.event(port.EV_RX, data[start : start + RX_PIECE], wire)

    def sent(self, line: bytes, wire: int) -> None:
        """The unit sends a line to whoever is connected there."""
        if wire in self.joined:
            for listener in self.on_sent:
                listener(self._world.now, line, wire)

    def advertises(self, interval_ms: int) -> None:
        """The unit advertises so often from now on; 0: it doesn't."""
        plant = self._world.plant
        plant.adverts_ua = ADVERTS_UA * 1_000 // interval_ms if interval_ms else 0
        self._world.settle()

    def falls_silent(self) -> None:
        """The unit is gone: so are all connections, and nobody tells it."""
        self.joined.clear()
        self.advert = self.gauge = None
        self._world.plant.adverts_ua = 0
