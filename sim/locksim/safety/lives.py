"""Packs with a life in this unit before the diagnostic: the real core runs through it.

Each makes a case or, where chance gave no such life, none: then it is drawn anew. What the unit
remembers is what it stored itself, unless the kind says that its electronics were new.
"""

import math
from collections.abc import Callable

from simpy import Environment

from locksim.motor import RUNNING_MA
from locksim.packs.live import LivePack
from locksim.safety.draw import LONGEST_REST_MS, Draw
from locksim.safety.faulty import Broken, FaultyWorld
from locksim.safety.setup import UNSUSPECTING, Setup
from locksim.world import World

_UNLOCK = b'{"jsonrpc":"2.0","id":1,"method":"bolt.unlock"}\n'
_LOCK = b'{"jsonrpc":"2.0","id":2,"method":"bolt.lock"}\n'
_RUN_MS = 3_500
# A cell that gives so little under the running motor is driven below 0 V by its start.
_NEARLY_MV = 350
_LONGEST_WORK_MS = 40 * 60_000
# After so many uses of a pack it isn't going to happen.
_MOST_USES = 3


def _life(draw: Draw, pack: LivePack, temp_c: int, now: int = 0) -> FaultyWorld:
    return FaultyWorld(
        broken=Broken(),
        env=Environment(initial_time=now),
        storage=dict(draw.rng.choice(UNSUSPECTING)),
        settings=draw.kind.settings(),
        pack=pack,
        temperature_c=temp_c,
    )


def _reversed(pack: LivePack) -> bool:
    return any(slot.cell.reversed for slot in pack.slots)


def _use(draw: Draw, world: World) -> None:
    """Somebody opens or locks the door, or presses the button."""
    if draw.chance(0.15):
        world.press()
    else:
        world.receive(_LOCK if world.recorder.shown["bolt"] == "unlocked" else _UNLOCK)


def _weak_pack(draw: Draw) -> LivePack:
    """A pack that a run of the motor may drive below 0 V: one cell resists more than most."""
    pack = draw.one_weak(draw.rng.uniform(0.96, 1.08), (0.0, 0.6))
    draw.stiffen_weakest(pack)
    return pack


def _after(draw: Draw, world: World, temp_c: int) -> Setup:
    """The unit after that life and a rest, somewhere warmer or not."""
    pack = world.plant.pack
    assert isinstance(pack, LivePack)
    now = world.now
    pack.carry(now, 0, 0, temp_c)
    now += draw.rest_ms(LONGEST_REST_MS)
    later_c = draw.temperature_c()
    pack.carry(now, 0, 0, later_c)
    return Setup(draw.kind, pack, now, later_c, draw.kind.settings(), dict(world.storage))


def _until(
    draw: Draw, done: Callable[[World], bool], temp_c: int, pack: LivePack, now: int = 0
) -> World | None:
    """A world whose unit was used from `now` on until `done`, and no longer."""
    world = _life(draw, pack, temp_c, now)
    world.run(1_000)
    for _ in range(_MOST_USES):
        if done(world):
            # It began so: that is another kind's life.
            return None
        _use(draw, world)
        if world.timeline.run_until(lambda: done(world), _RUN_MS):
            return world
        world.run(draw.rng.randint(0, 20_000))
    return None


def reversed_in_the_cold(draw: Draw) -> Setup | None:
    """A cell was driven below 0 V by the motor or the button's load in the cold; long ago or not.

    Does the latch hold over what came since?
    """
    temp_c = draw.cold_c()
    pack = _weak_pack(draw)
    world = _until(draw, lambda _: _reversed(pack), temp_c, pack)
    if world is None:
        return None
    world.run(_RUN_MS)
    return _after(draw, world, temp_c)


def reversed_then_new_electronics(draw: Draw) -> Setup | None:
    """The same, but what the unit had latched is lost: it got new electronics."""
    setup = reversed_in_the_cold(draw)
    if setup is not None:
        setup.storage = {}
    return setup


def browned_out(draw: Draw) -> Setup | None:
    """The pack took the unit down while the motor ran; then it rested."""
    temp_c = draw.temperature_c()
    gone = draw.rng.uniform(0.975, 1.05)
    pack = draw.evenly(gone) if draw.chance(0.5) else draw.one_weak(gone, (0.2, 0.97))

    def browned(world: World) -> bool:
        return any(e.ch == "reset" and e.v == "brown-out" for e in world.recorder.events)

    world = _until(draw, browned, temp_c, pack)
    if world is None:
        return None
    world.run(_RUN_MS)
    return _after(draw, world, temp_c)


def cut_before_it_was_stored(draw: Draw) -> Setup | None:
    """A cell was driven below 0 V, and the unit was reset before it could store that."""
    temp_c = draw.cold_c()
    pack = _weak_pack(draw)
    world = _until(draw, lambda _: _reversed(pack), temp_c, pack)
    if world is None:
        return None
    _interrupt(draw, world)
    return _after(draw, world, temp_c)


def _interrupt(draw: Draw, world: World) -> None:
    """Reset the unit before its next look at the motor, or hardly after."""
    world.run(draw.rng.randint(0, 45))
    cause = draw.rng.choice(("cut", "watchdog", "soft", "power"))
    if cause == "cut":
        world.power_cut(draw.rng.randint(1, 5_000))
    else:
        world.reset(cause)
    world.run(6_000)


def _overworked(draw: Draw) -> tuple[World, int] | None:
    """The motor ran for minutes on end in the cold: a cell that isn't empty was driven below 0 V,
    for want of charge at its electrodes. Rest brings that back."""
    pack = draw.one_weak(draw.rng.uniform(0.85, 0.96), (0.0, 0.6))
    weak = max(pack.slots, key=lambda slot: slot.cell.delivered_mah).cell
    lowest = math.ceil(draw.profile.lowest_c)
    temp_c = draw.rng.randint(lowest, lowest + 5)
    mean_ma, now = draw.rng.randint(200, 600), 0
    while weak.at(now).mv(RUNNING_MA) > _NEARLY_MV:
        if now > _LONGEST_WORK_MS:
            return None
        pack.carry(now, mean_ma, 0, temp_c)
        now += 5_000
    pack.carry(now, 0, 0, temp_c)
    if _reversed(pack):
        return None
    world = _until(draw, lambda _: _reversed(pack), temp_c, pack, now)
    return None if world is None else (world, temp_c)


def recovered(draw: Draw) -> Setup | None:
    """A cell was driven below 0 V by overwork, and recovered by rest: only the latch knows."""
    found = _overworked(draw)
    if found is None:
        return None
    world, temp_c = found
    world.run(_RUN_MS)
    return _after(draw, world, temp_c)


def recovered_cut(draw: Draw) -> Setup | None:
    """The same, and the unit was reset before it could store what it saw, or see it."""
    found = _overworked(draw)
    if found is None:
        return None
    world, temp_c = found
    _interrupt(draw, world)
    return _after(draw, world, temp_c)


def used_good(draw: Draw) -> Setup | None:
    """A good pack whose unit was used at that temperature just before."""
    temp_c = draw.temperature_c()
    pack = draw.evenly(draw.rng.uniform(0.0, 0.89))
    world = _life(draw, pack, temp_c)
    world.run(1_000)
    for _ in range(3):
        _use(draw, world)
        world.run(_RUN_MS + draw.rng.randint(0, 40_000))
    setup = _after(draw, world, temp_c)
    setup.temperature_c = temp_c
    return setup
