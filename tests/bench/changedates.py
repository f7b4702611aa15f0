# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.changedates`: how far off the expected date of a battery change is.

Whole simulated lives of several kinds of packs and seeds; somebody asks the unit now and then, as
`lockrig battery state` does, and what was remembered is laid before the prediction some time
before the unit really said CHANGE_NOW. Takes minutes; the unit's own core runs, the model is the
simulator's, so this says nothing of cells that aren't like it.
"""

import random
import statistics
import sys
from collections.abc import Iterator

import msgspec

from lockrig.overview.cells import curve, warm_mv
from lockrig.overview.expected import Expected, Reading, expected
from locksim.packs.load import kinds
from locksim.scenarios.begin import first_pack
from locksim.scenarios.life import Lived
from locksim.scenarios.load import Scenario, scenarios
from locksim.scenarios.weather import Climate
from locksim.world import World

# Pack, life, seed, visits a day (None: as the life has it).
LIVES = (
    ("cr2-2s", "normal", 1, None),
    ("cr2-2s", "normal", 3, None),
    ("cr2-2s", "cold-winter", 2, None),
    ("cr2-2s", "forgotten", 6, None),
    ("cr123a-2s", "normal", 1, None),
    ("cr123a-2s", "normal", 5, None),
    ("cr123a-2s", "cold-winter", 2, None),
    ("cr123a-2s", "forgotten", 4, None),
    ("alkaline-4s", "normal", 1, None),
    ("alkaline-4s", "cold-winter", 2, None),
    ("alkaline-4s", "forgotten", 3, None),
    ("l91-4s", "normal", 1, [6, 12]),
    ("l91-4s", "cold-winter", 2, [6, 12]),
)
BEFORE_DAYS = (180, 90, 30)
# Every so many days somebody asks, give or take two fifths.
EVERY_DAYS = (7, 30)
HABITS = 3
_NOW = ("CHANGE_NOW", "SUSPECTED_DISCHARGED")


def scenario(pack: str, life: str, visits: list[int] | None) -> Scenario:
    """A life in which nobody changes the pack."""
    made = msgspec.structs.replace(
        scenarios()[life], pack=pack, days=3_000, diagnose_from="", past_end_days=1
    )
    if life == "normal":
        # There the pack is changed in time.
        made = msgspec.structs.replace(made, event=[])
    if life == "cold-winter":
        air, lowest = made.air, kinds()[pack].profile.lowest_c
        mean_c = lowest + air.year_swing_c + air.day_swing_c
        made = msgspec.structs.replace(made, air=msgspec.structs.replace(air, mean_c=mean_c))
    if visits:
        made = msgspec.structs.replace(
            made, visits=msgspec.structs.replace(made.visits, a_day=visits)
        )
    return made


def lived(pack: str, life: str, seed: int, visits: list[int] | None) -> tuple[float, list[Reading]]:
    """The day on which the unit said CHANGE_NOW, and what it would have told at each day's end."""
    made = scenario(pack, life, visits)
    degrees = Climate(made.air).at(0)
    world = World(made.settings(), first_pack(made, seed, degrees), temperature_c=degrees)
    told: list[Reading] = []
    one = Lived(made, world, seed=seed)

    def ask(day: int) -> None:
        said = one._ear.report() if world.loop.running else {}
        values = [said.get(name) for name in ("last_rest_mv", "last_loaded_mv", "temp_c")]
        if all(isinstance(value, int) for value in values):
            told.append(Reading(day, warm_mv(kinds()[pack], *values)))

    one.progress = ask
    stones = one.live().milestones
    return next(stone.day for stone in stones if stone.what in _NOW), told


def asked(told: list[Reading], every_days: int, luck: random.Random) -> Iterator[Reading]:
    """What somebody heard who asks every so many days, about."""
    due = 0.0
    for reading in told:
        if reading.day >= due:
            yield reading
            due = reading.day + every_days * luck.uniform(0.6, 1.4)


def main() -> int:
    found: dict[tuple[int, int, bool], list[tuple[Expected, float]]] = {}
    for pack, life, seed, visits in LIVES:
        end, told = lived(pack, life, seed, visits)
        print(f"{pack} {life} {seed}: CHANGE_NOW on day {end:.0f}", file=sys.stderr, flush=True)
        for every in EVERY_DAYS:
            for habit in range(HABITS):
                heard = list(asked(told, every, random.Random(habit)))
                for before in BEFORE_DAYS:
                    today = end - before
                    upto = [reading for reading in heard if reading.day <= today]
                    for known in (True, False):
                        new_on = 0.0 if known else None
                        said = expected(upto, curve(pack), today, new_on)
                        found.setdefault((before, every, known), []).append((said, end))
    print("| days before | asked every | change of pack | a date | median | nine in ten | within |")
    print("| ---: | ---: | --- | ---: | ---: | ---: | ---: |")
    for (before, every, known), said in sorted(found.items(), reverse=True):
        print(_row(before, every, known, said))
    return 0


def _row(before: int, every: int, known: bool, said: list[tuple[Expected, float]]) -> str:
    dates = [(told, end) for told, end in said if told.day is not None]
    off = sorted(abs(told.day - end) for told, end in dates if told.day is not None)
    within = sum(
        told.earliest <= end <= told.latest
        for told, end in dates
        if told.earliest is not None and told.latest is not None
    )
    median = f"{statistics.median(off):.0f} d" if off else "-"
    most = f"{off[int(0.9 * (len(off) - 1))]:.0f} d" if off else "-"
    pack = "known" if known else "not known"
    share = f"{100 * within / len(off):.0f} %" if off else "-"
    return (
        f"| {before} | {every} d | {pack} | {len(off)} of {len(said)} | "
        f"{median} | {most} | {share} |"
    )


if __name__ == "__main__":
    sys.exit(main())
