"""A world with something broken in the unit: readings, thermometer, load, button.

It breaks parts; what happens from outside (power, USB, fingers) and broken lights are in `faults`.
"""

from dataclasses import dataclass
from typing import Any

from locksim.board import SimBoard
from locksim.world import World
from lockunit import board as port


@dataclass(frozen=True, slots=True)
class Broken:
    """What is broken: `gain` of each reading, `node_gains` of each tap's divider besides;
    `load` stays `off` or `on`; the thermometer is off by `offset_c`, shows `stuck_c`, or fails."""

    gain: float = 1.0
    node_gains: tuple[float, ...] = ()
    load: str = ""
    offset_c: int = 0
    stuck_c: int | None = None
    no_thermometer: bool = False


class FaultyBoard(SimBoard):
    """A board with such faults."""

    def __init__(self, world: World, broken: Broken) -> None:
        super().__init__(world)
        self._broken = broken

    def load(self, on: int) -> None:
        if not self._broken.load:
            super().load(on)
        elif self._broken.load == "on":
            super().load(1)

    def temperature(self) -> int:
        broken = self._broken
        if broken.no_thermometer:
            return port.FAILED
        if broken.stuck_c is not None:
            return broken.stuck_c
        celsius = super().temperature()
        return celsius if celsius == port.FAILED else celsius + broken.offset_c

    def _node(self, cells: int) -> int:
        own = self._broken.node_gains[cells - 1] if cells and self._broken.node_gains else 1.0
        return round(super()._node(cells) * self._broken.gain * own)


class FaultyWorld(World):
    """A world whose unit is broken, and remembers `storage` at its first boot."""

    def __init__(self, *, broken: Broken, storage: dict[str, bytes], **options: Any) -> None:
        self._broken = broken
        self._remembered = dict(storage)
        super().__init__(**options)

    def boot(self, ticks: int) -> None:
        self.storage.update(self._remembered)
        self._remembered = {}
        self.loop.start(FaultyBoard(self, self._broken), self.settings, ticks)

    def outputs_fall(self) -> None:
        super().outputs_fall()
        if self._broken.load == "on":
            # A switch that is welded shut asks no firmware.
            self.plant.load = True
            self.settle()
