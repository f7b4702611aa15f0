"""Every kind of faulty pattern that a unit's two lights may show after a press.

Each is a good pattern of our own timing with one thing wrong: so nothing else gives it away.
"""

from collections.abc import Callable
from random import Random

from locksim.light_patterns import Lights, Maker, Pulse, own_timing


def _with(
    *,
    green: tuple[Pulse, ...] | None = None,
    red: tuple[Pulse, ...] | None = None,
    rng: Random,
) -> Lights:
    """A good pack of our own timing with some of its lights replaced."""
    good = own_timing(rng)
    return Lights(good.green if green is None else green, good.red if red is None else red)


def _long(rng: Random) -> int:
    """The length in ms of a light that nobody could overlook."""
    return rng.randint(100, 2_000)


def _no_green(rng: Random) -> Lights:
    return _with(green=(), rng=rng)


def _green_late(low: int, high: int) -> Maker:
    def make(rng: Random) -> Lights:
        late = rng.randint(low, high)
        shift = max(0, late + 500 - 4_000)
        red = ((7_000 + shift, 7_300 + shift),)
        return Lights(((late, max(4_000, late + 500)),), red)

    return make


def _green_stays(rng: Random) -> Lights:
    reds = own_timing(rng).red if rng.random() < 0.5 else ()
    return _with(green=((rng.randint(0, 200), None),), red=reds, rng=rng)


def _green_off_late(low: int, high: int) -> Maker:
    def make(rng: Random) -> Lights:
        off = rng.randint(low, high)
        begin = rng.randint(off + 500, 19_600)
        return Lights(((rng.randint(0, 200), off),), ((begin, begin + 300),))

    return make


def _green_short(low: int, high: int) -> Maker:
    def make(rng: Random) -> Lights:
        on = rng.randint(0, 200)
        return _with(green=((on, on + rng.randint(low, high)),), rng=rng)

    return make


def _second_green(length: Callable[[Random], int]) -> Maker:
    def make(rng: Random) -> Lights:
        again = rng.randint(4_100, 29_900)
        (first,) = own_timing(rng).green
        return _with(green=(first, (again, again + length(rng))), rng=rng)

    return make


def _flicker(low: int, high: int) -> Maker:
    def make(rng: Random) -> Lights:
        ((t, _),) = own_timing(rng).green
        green: list[Pulse] = []
        for _ in range(rng.randint(1, 3)):
            dark = rng.randint(t + 100, t + 700)
            green.append((t, dark))
            t = dark + rng.randint(low, high)
        return _with(green=(*green, (t, 4_000)), rng=rng)

    return make


def _no_red(rng: Random) -> Lights:
    return _with(red=(), rng=rng)


def _many_reds(rng: Random) -> Lights:
    reds: list[Pulse] = []
    t = rng.randint(4_300, 8_000)
    for _ in range(rng.randint(3, 6)):
        reds.append((t, t := t + rng.randint(100, 600)))
        t += rng.randint(20, 1_500)
    return _with(red=tuple(reds), rng=rng)


def _red_long(low: int, high: int) -> Maker:
    def make(rng: Random) -> Lights:
        return _with(red=((7_000, 7_000 + rng.randint(low, high)),), rng=rng)

    return make


def _red_early(low: int, high: int) -> Maker:
    """Red that comes on some ms before green goes off."""

    def make(rng: Random) -> Lights:
        on = 4_000 - rng.randint(low, high)
        return _with(red=((on, on + 300),), rng=rng)

    return make


def _red_late(low: int, high: int) -> Maker:
    def make(rng: Random) -> Lights:
        off = rng.randint(low, high)
        return _with(red=((off - rng.randint(50, 1_000), off),), rng=rng)

    return make


def _another_light(rng: Random) -> Lights:
    on = rng.randint(20_001, 30_000)
    extra = (on, on + _long(rng))
    good = own_timing(rng)
    if rng.random() < 0.5:
        return Lights((*good.green, extra), good.red)
    return Lights(good.green, (*good.red, extra))


def _lit_before(low: int, high: int) -> Maker:
    def make(rng: Random) -> Lights:
        on = -rng.randint(low, high)
        if rng.random() < 0.5:
            return _with(green=((on, 4_000),), rng=rng)
        good = own_timing(rng)
        return Lights(good.green, ((on, rng.randint(1, 3_000)), *good.red))

    return make


def _stuck(rng: Random) -> Lights:
    for_ever = ((-60_000, None),)
    return _with(green=for_ever, rng=rng) if rng.random() < 0.5 else _with(red=for_ever, rng=rng)


def _swapped_colours(rng: Random) -> Lights:
    good = own_timing(rng)
    return Lights(good.red, good.green)


def _red_first(rng: Random) -> Lights:
    red = rng.randint(0, 1_000)
    green = rng.randint(red + 400, 9_000)
    return Lights(((green, green + 3_000),), ((red, red + 300),))


def _dies(rng: Random) -> Lights:
    """Dark from an instant on, before the first blink is one."""
    death = rng.randint(1, 7_000)
    good = own_timing(rng)
    return Lights(tuple((on, min(off or death, death)) for on, off in good.green if on < death))


def _red_flash(rng: Random) -> Lights:
    return _with(red=((7_000, 7_000 + rng.randint(1, 49)),), rng=rng)


def _third_red_flash(rng: Random) -> Lights:
    on = rng.randint(9_000, 29_900)
    red: tuple[Pulse, ...] = ((7_000, 7_300), (8_500, 8_800), (on, on + rng.randint(1, 99)))
    return _with(red=red, rng=rng)


def _red_flash_beside_one(rng: Random) -> Lights:
    on = rng.randint(7_600, 19_900)
    return _with(red=((7_000, 7_300), (on, on + rng.randint(1, 49))), rng=rng)


def _red_flash_during_green(rng: Random) -> Lights:
    on = rng.randint(300, 3_850)
    return _with(red=((on, on + rng.randint(1, 99)), (7_000, 7_300)), rng=rng)


def _random(rng: Random) -> Lights:
    def pulses() -> tuple[Pulse, ...]:
        made: list[Pulse] = []
        t = rng.randint(0, 15_000)
        for _ in range(rng.randint(0, 3)):
            made.append((t, t := t + rng.randint(100, 4_000)))
            t += rng.randint(100, 8_000)
        return tuple(made)

    return Lights(pulses(), pulses())


GROSS: dict[str, Maker] = {
    "no light at all": lambda _: Lights(),
    "no green": _no_green,
    "green comes late by more than 1 s": _green_late(2_001, 9_000),
    "green never goes off": _green_stays,
    "green goes off late by more than 1 s": _green_off_late(11_001, 18_000),
    "a second green": _second_green(_long),
    "green flickers, dark for 0.1 to 0.4 s": _flicker(100, 400),
    "no red": _no_red,
    "three to six blinks": _many_reds,
    "red too long by more than 1 s": _red_long(2_001, 12_000),
    "red more than 1 s before green goes off": _red_early(1_001, 3_500),
    "red too late by more than 1 s": _red_late(21_001, 29_900),
    "another light from 20 to 30 s": _another_light,
    "lit for more than 1 s before the press": _lit_before(1_001, 60_000),
    "an LED stuck on": _stuck,
    "colours swapped": _swapped_colours,
    "red before green": _red_first,
    "the unit dies: dark from an instant on": _dies,
    "random lights of 0.1 s and more": _random,
}
"""What nobody ought to allow."""

NEAR: dict[str, Maker] = {
    "green comes late by less than 1 s": _green_late(1_001, 2_000),
    "green too short, 0.1 to 0.5 s": _green_short(100, 499),
    "green goes off late by less than 1 s": _green_off_late(10_001, 11_000),
    "red too long by less than 1 s": _red_long(1_001, 2_000),
    "red less than 1 s before green goes off": _red_early(1, 1_000),
    "red too late by less than 1 s": _red_late(20_001, 21_000),
    "lit for less than 1 s before the press": _lit_before(1, 1_000),
}
"""Limits missed by less than 1 s."""

FLASHES: dict[str, Maker] = {
    "green for less than 0.1 s": _green_short(1, 99),
    "a second green of less than 0.1 s": _second_green(lambda rng: rng.randint(1, 99)),
    "green flickers, dark for 0.02 to 0.1 s": _flicker(20, 99),
    "red for less than 0.05 s": _red_flash,
    "a red flash of less than 0.05 s beside one blink": _red_flash_beside_one,
    "a third red flash of less than 0.1 s": _third_red_flash,
    "a red flash of less than 0.1 s while green is on": _red_flash_during_green,
}
"""Lights, and darknesses, of less than 0.1 s."""

INVISIBLE: dict[str, Maker] = {"green flickers, dark for less than 0.02 s": _flicker(1, 19)}
"""What no eye sees; no part of any goal."""
