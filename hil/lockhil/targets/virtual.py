"""The target `virtual`: the firmware's files in the real MicroPython, on the world's virtual clock.

Driver, core and LittleFS are a board's own; pins, converter and time are the world's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lockhil.targets.base import Target
from lockhil.targets.inworld import target_in
from lockhil.targets.onboard import BoardBench, parts
from lockhil.targets.options import Options
from lockhil.virtual.loop import VirtualLoop
from locksim.timeline import Timeline


@contextmanager
def open_target(name: str, **options: Any) -> Iterator[Target]:
    """A world of its own around a board that was just switched on; see `Options`."""
    begin = Options(**options)
    with parts(begin) as made:
        loops: list[VirtualLoop] = []

        def loop(timeline: Timeline) -> VirtualLoop:
            loops.append(VirtualLoop(timeline, made.wiring, made.disk))
            return loops[0]

        world = begin.world(made.settings, loop=loop, target=name)
        loops[0].on_reset = world.reset
        try:
            yield target_in(begin, world, name, "virtual", BoardBench(world, made.wiring))
        finally:
            world.loop.stop()
