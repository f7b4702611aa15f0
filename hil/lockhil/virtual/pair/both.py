"""Both boards in their places, wired to each other; `clocks` lets their time pass."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final, Self

from lockhil.client import Transport
from lockhil.virtual.loop import BoardLoop
from lockhil.virtual.pair.nets import Nets
from lockhil.virtual.pair.place import Begin, Place
from lockhil.virtual.pair.wiring import PROBE, SIDES, UNIT, Wire, swap, wires
from lockjudge.trace import Event
from locksim.timeline import Timeline

# What a loop has to know of its board: which UART is its link.
BOARD: Final = {"link": {"uart": 1}}
# A blank probe waits for nothing: the unit starts without it.
_PROBE_MS = 1_000
_LOOK_MS = 10


class Both(ABC):
    """A unit's board and the probe's, as `wiring` (the content of a wires file) joins them.

    `miswired`: nets whose wires are swapped at the unit. `begin`: the unit's. A side is `unit` or
    `probe`.
    """

    def __init__(
        self,
        timeline: Timeline,
        wiring: Mapping[str, Any],
        loops: Mapping[str, BoardLoop],
        miswired: Mapping[str, str] | None = None,
        begin: Begin | None = None,
    ) -> None:
        self._timeline = timeline
        self._wires = {wire.net: wire for wire in wires(wiring, miswired)}
        self._nets = Nets(self._wires.values(), lambda: timeline.now, self._edge, self._changed)
        begin = begin or Begin()
        begins = {UNIT: begin, PROBE: Begin(seed=begin.seed)}
        self._places = {
            side: Place(side, self._nets, timeline, loops[side], begins[side]) for side in SIDES
        }

    def _edge(self, side: str, pin: int, level: int) -> None:
        self._places[side].edge(pin, level)

    def _changed(self, wire: Wire, shown: int) -> None:
        if wire.kind == "supply":
            self._places[UNIT].power(on=bool(shown))

    def _switch_on(self) -> None:
        """The probe starts first: it may take the unit's power away before that starts."""
        self._places[PROBE].start()
        self._unit_follows(_PROBE_MS)

    def _unit_follows(self, left_ms: int) -> None:
        if self._places[PROBE].loop.waiting or left_ms <= 0:
            self._places[UNIT].start()
        else:
            self._timeline.after(_LOOK_MS, lambda: self._unit_follows(left_ms - _LOOK_MS))

    @property
    @abstractmethod
    def now(self) -> int:
        """Milliseconds since both were switched on."""

    @abstractmethod
    def acting(self) -> AbstractContextManager[None]:
        """This very moment, and nobody else's while you act in it."""

    @abstractmethod
    def advance(self, ms: int = 0) -> None:
        """Let so much time pass."""

    @abstractmethod
    def transport(self, side: str) -> Transport:
        """The link of a board."""

    @abstractmethod
    def close(self) -> None:
        """Both are gone."""

    @property
    def boots(self) -> dict[str, int]:
        """How often each side has started."""
        return {side: place.boots for side, place in self._places.items()}

    @property
    def chances(self) -> dict[str, bytes]:
        """The random bytes that each side got so far: in no trace, for some may be a key."""
        return {side: place.chances for side, place in self._places.items()}

    @property
    def events(self) -> list[Event]:
        """What happened, seen from outside: a net's level, or the mV that it heads for, whenever
        that changed; `conflict`: two drive this net apart; a side: it starts by this cause, or
        `gone`."""
        with self.acting():
            return list(self._nets.events)

    @property
    def conflicts(self) -> list[str]:
        """The nets that two outputs drove apart, each time they began to."""
        return [event.v for event in self.events if event.ch == "conflict"]

    def reset(self, side: str, cause: str) -> None:
        """Reset a board: `soft`, `watchdog`, `brown-out` or `power`. ValueError."""
        with self.acting():
            self._places[side].reset(cause)

    def kill(self, side: str) -> None:
        """Pull a board out: its process is killed."""
        with self.acting():
            self._places[side].plug(into=False)

    def restart(self, side: str) -> None:
        """Plug it in again; it starts by itself, if it has power."""
        with self.acting():
            self._places[side].plug(into=True)

    def swap_wires(self, one: str, other: str) -> None:
        """Exchange the wires of two nets at the unit. ValueError."""
        with self.acting():
            swap(self._wires, one, other)
            self._nets.solder(self._wires.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
