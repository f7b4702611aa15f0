"""Kinds that are counted apart: what no unit can see, or isn't set up to see.

A past elsewhere, another pack's profile, a thermometer that lies, a pack without taps.
"""

from dataclasses import replace

from locksim.packs.load import PackKind, kinds
from locksim.safety.draw import Draw
from locksim.safety.emptied import evenly_emptied, one_weak_cell, rested
from locksim.safety.setup import Setup


def second_hand_reversed(draw: Draw) -> Setup:
    """A cell was driven below 0 V in another unit; it has charge left."""
    setup = rested(draw, draw.evenly(draw.rng.uniform(0.0, 0.9)))
    draw.rng.choice(setup.pack.slots).cell.reversed = True
    return setup


def second_hand_discharged(draw: Draw) -> Setup:
    """One cell comes discharged from elsewhere, or all do."""
    return one_weak_cell(draw) if draw.chance(0.5) else evenly_emptied(draw)


def wrong_profile(draw: Draw) -> Setup | None:
    """A discharged pack of another kind than the unit's settings are for."""
    others = [kind for kind in kinds().values() if kind.name != draw.kind.name]
    if not others:
        return None
    other: PackKind = draw.rng.choice(others)
    pack = draw.evenly(draw.rng.uniform(0.98, 1.05), other)
    setup = rested(draw, pack)
    return replace(setup, kind=other)


def thermometer_stuck(draw: Draw) -> Setup:
    """A discharged pack; the thermometer shows some other temperature for ever."""
    setup = evenly_emptied(draw) if draw.chance(0.5) else one_weak_cell(draw)
    setup.stuck_c = draw.temperature_c()
    return setup


def no_taps(draw: Draw) -> Setup:
    """One weak cell among good ones, and a unit that sees the whole pack alone."""
    setup = one_weak_cell(draw)
    setup.pack.tapped = False
    return setup
