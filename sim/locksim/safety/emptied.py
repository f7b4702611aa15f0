"""Packs whose state is set: emptied, unequal, recovered or good; the unit remembers no suspicion.

That memory is the worst case: the unit's electronics were new, or it never looked in time. Packs
with a life before the diagnostic are in `lives`.
"""

import math

from locksim.packs.live import LivePack
from locksim.plant import IDLE_UA
from locksim.safety.draw import DAY_MS, Draw
from locksim.safety.setup import UNSUSPECTING, Setup, stored
from lockunit.battery import G_BELOW, G_BROWN_OUT, G_REVERSED, GOOD, SUSPECTED


def rested(draw: Draw, pack: LivePack, *, longest_ms: int | None = None, now: int = 0) -> Setup:
    """A unit with `pack` after some light use and a rest, each at its own temperature."""
    before_c = draw.temperature_c()
    now = draw.used_lightly(pack, now, before_c)
    rest_ms = draw.rest_ms() if longest_ms is None else draw.rest_ms(longest_ms)
    pack.carry(now, 0, 0, before_c)
    now += rest_ms
    temp_c = draw.temperature_c()
    pack.carry(now, 0, 0, temp_c)
    return Setup(
        draw.kind, pack, now, temp_c, draw.kind.settings(), dict(draw.rng.choice(UNSUSPECTING))
    )


def evenly_emptied(draw: Draw) -> Setup:
    return rested(draw, draw.evenly(draw.rng.uniform(0.98, 1.05)))


def barely_discharged(draw: Draw) -> Setup:
    """As little gone as may be, so as far above every threshold as a discharged pack gets."""
    gone = draw.rng.uniform(0.9801, 0.985)
    pack = draw.evenly(gone) if draw.chance(0.5) else draw.one_weak(gone, (0.0, 0.97))
    return rested(draw, pack, longest_ms=2 * DAY_MS)


def one_weak_cell(draw: Draw) -> Setup:
    return rested(draw, draw.one_weak(draw.rng.uniform(0.98, 1.10), (0.0, 0.9)))


def half_used_swapped_in(draw: Draw) -> Setup:
    """Half-used cells of unequal pasts were swapped in, nobody said so, and emptied in the unit."""
    cells = draw.cells()
    left = []
    for cell in cells:
        whole = draw.deliverable(cell)
        cell.delivered_mah = draw.rng.uniform(0.2, 0.7) * whole
        left.append(whole - cell.delivered_mah)
    given = draw.rng.uniform(0.98, 1.05) * min(left)
    for cell in cells:
        cell.delivered_mah += given
    setup = rested(draw, draw.kind.pack(cells))
    # The unit still believes in the pack before.
    setup.storage = stored(GOOD)
    return setup


def latched(draw: Draw) -> Setup:
    """A cell was driven below 0 V in this unit, which latched it; now it looks good, by whatever
    mends a cell: only what the unit remembers speaks against it."""
    setup = good_anywhere(draw)
    draw.rng.choice(setup.pack.slots).cell.reversed = True
    setup.storage = stored(SUSPECTED, draw.rng.choice((G_BELOW, G_BROWN_OUT, G_REVERSED)))
    return setup


def reversed_by_standby(draw: Draw) -> Setup | None:
    """What the electronics take drove the weak cell below 0 V, slowly, between two looks."""
    pack = draw.one_weak(draw.rng.uniform(0.99, 1.02), (0.05, 0.9))
    temp_c = draw.temperature_c()
    now = 0
    pack.carry(now, 0, IDLE_UA, temp_c)
    while not any(slot.cell.reversed for slot in pack.slots):
        now += DAY_MS + now // 10
        if now > 3_000 * DAY_MS:
            return None
        pack.carry(now, 0, IDLE_UA, temp_c)
    return rested(draw, pack, now=now)


def reversed_under_the_diagnostic(draw: Draw) -> Setup:
    """Little is left in one cell: in the cold the diagnostic's own load drives it below 0 V."""
    pack = draw.one_weak(draw.rng.uniform(0.94, 0.98), (0.0, 0.6))
    draw.stiffen_weakest(pack)
    setup = rested(draw, pack)
    lowest = math.ceil(draw.profile.lowest_c)
    setup.temperature_c = draw.rng.randint(lowest, lowest + 8)
    return setup


def good_at(temp_c: int | None) -> "_Good":
    """Good packs at `temp_c`, or at the profile's lowest."""
    return _Good(temp_c)


class _Good:
    """Makes good packs at one temperature."""

    def __init__(self, temp_c: int | None) -> None:
        self.temp_c = temp_c

    def __call__(self, draw: Draw) -> Setup:
        setup = good_anywhere(draw)
        lowest = math.ceil(draw.profile.lowest_c)
        setup.temperature_c = lowest if self.temp_c is None else self.temp_c
        return setup


def good_anywhere(draw: Draw) -> Setup:
    """Good packs over the whole range, any charge as often as another."""
    return rested(draw, draw.evenly(draw.rng.uniform(0.0, 0.9)))
