"""What the two lights of a unit do after a press, and how they do it with a good pack.

Light alone: no unit makes it here, and nobody judges it. Faulty patterns are in `light_faults`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

# On and off (None: never), in ms from the press.
Pulse = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Lights:
    """Each LED's pulses, oldest first, none overlapping another of its own."""

    green: tuple[Pulse, ...] = ()
    red: tuple[Pulse, ...] = ()


Maker = Callable[[Random], Lights]


def own_timing(rng: Random) -> Lights:
    """A good pack in a unit of ours: one blink, or two."""
    reds = ((7_000, 7_300), (8_500, 8_800))
    return Lights(((rng.randint(0, 200), 4_000),), reds[: rng.randint(1, 2)])


def other_makers(rng: Random) -> Lights:
    """A good pack in a unit that stays somewhere inside the judge's limits."""
    on = rng.randint(0, 1_000)
    off = rng.randint(on + 500, 10_000)
    reds: list[Pulse] = []
    t = off
    for _ in range(rng.randint(1, 2)):
        length = rng.randint(50, 1_000)
        latest = 20_000 - length
        if t + 20 > latest:
            break
        begin = rng.randint(t + 20, latest)
        t = begin + length
        reds.append((begin, t))
    return Lights(((on, off),), tuple(reds))
