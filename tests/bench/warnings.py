# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.warnings [PACK ...]`: how early each kind of pack warns, in whole lives.

Ordinary care, a flat that is forgotten, and a winter down to the profile's lowest temperature, each
until the pack is dead and nobody changes it. It ends with 1 where a warning comes too late (MON-2),
or in a good pack's first half. Takes minutes.
"""

import sys

import msgspec

from locksim.packs.load import PackKind, kinds
from locksim.scenarios.begin import first_pack
from locksim.scenarios.life import Lived
from locksim.scenarios.load import Scenario, scenarios
from locksim.scenarios.result import Life
from locksim.scenarios.weather import Climate
from locksim.world import World

SOON_DAYS, NOW_DAYS = 30, 7
DAYS = 3_000
ENDS = ("end", "dead")


def lives(kind: PackKind) -> dict[str, Scenario]:
    """The lives of one kind of pack."""
    found = {name: scenarios()[name] for name in ("normal", "forgotten", "cold-winter")}
    found["normal"] = msgspec.structs.replace(found["normal"], event=[])
    cold = found["cold-winter"].air
    mean_c = kind.profile.lowest_c + cold.year_swing_c + cold.day_swing_c
    found["cold-winter"] = msgspec.structs.replace(
        found["cold-winter"], air=msgspec.structs.replace(cold, mean_c=mean_c)
    )
    return {
        name: msgspec.structs.replace(life, pack=kind.name, days=DAYS, diagnose_from="")
        for name, life in found.items()
    }


def live(scenario: Scenario) -> Life:
    """The whole of it."""
    degrees = Climate(scenario.air).at(0)
    pack = first_pack(scenario, scenario.seed, degrees)
    return Lived(scenario, World(scenario.settings(), pack, temperature_c=degrees)).live()


def row(name: str, life: Life) -> tuple[str, bool]:
    """One line of the table, and whether it is as it should be."""
    days = {stone.what: stone for stone in reversed(life.milestones)}
    end = min(days[what].day for what in ENDS if what in days)
    now = next(days[what] for what in ("CHANGE_NOW", "SUSPECTED_DISCHARGED") if what in days)
    soon = days.get("CHANGE_SOON", now)
    gone = max(cell.gone_share for cell in soon.cells)
    good = end - soon.day >= SOON_DAYS and end - now.day >= NOW_DAYS and gone >= 0.5
    text = (
        f"| {life.pack_kind} | {name} | {end:,.0f} | {end - soon.day:,.0f} | "
        f"{end - now.day:,.0f} | {100 * gone:.0f} % | {'yes' if good else '**no**'} |"
    )
    return text, good


def main(names: list[str] | None = None) -> int:
    print(
        "| pack | life | ends on day | SOON days before | NOW days before | gone at SOON | good |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    all_good = True
    for kind in kinds().values():
        if kind.unsupported or (names and kind.name not in names):
            continue
        for name, scenario in lives(kind).items():
            text, good = row(name, live(scenario))
            print(text, flush=True)
            all_good = all_good and good
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
