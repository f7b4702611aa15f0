"""Virtual boards in one air, on one virtual clock: what `ble:virtual` and a made-up scan share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from simpy import Environment

from lockhil.radio.air import Air
from lockhil.targets.onboard import Parts, parts
from lockhil.targets.options import Options
from lockhil.virtual.loop import VirtualLoop
from locksim.timeline import Timeline
from locksim.world import World

# A connection as Linux makes it: its ends meet every 30 ms, and take it for lost after 420 ms.
INTERVAL_MS = 30
SUPERVISION_MS = 420


@dataclass(frozen=True, slots=True)
class Airborne:
    """A board that was just switched on: its world, its parts, and its address in the air."""

    world: World
    made: Parts
    address: str


@contextmanager
def made_air(seed: int = 0) -> Iterator[tuple[Air, Environment]]:
    """An air with nobody in it, and the clock of all that will be."""
    env = Environment()
    air = Air(Timeline(env), seed)
    air.everywhere(interval_ms=INTERVAL_MS, supervision_ms=SUPERVISION_MS)
    try:
        yield air, env
    finally:
        air.close()


@contextmanager
def board_in(
    air: Air, env: Environment, address: str, begin: Options, target: str
) -> Iterator[Airborne]:
    """A virtual board that begins so, in the air; see `Options`."""
    with parts(begin) as made:
        loops: list[VirtualLoop] = []

        def loop(timeline: Timeline) -> VirtualLoop:
            radio = air.unit(address)
            loops.append(VirtualLoop(timeline, made.wiring, made.disk, radio=radio))
            return loops[0]

        world = begin.world(made.settings, loop=loop, target=target, env=env)
        loops[0].on_reset = world.reset
        try:
            yield Airborne(world, made, address)
        finally:
            world.loop.stop()
