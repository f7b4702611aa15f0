# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.five_years [DAYS]`: five years of one lock in virtual time, real core.

Eight visits a day, each an unlocking and its relock, cells that live, and a new pack a week after
each CHANGE_NOW. Another machine, or one with more to do, takes another time.
"""

import argparse
import time
import tracemalloc

import msgspec

from locksim.scenarios.begin import first_pack
from locksim.scenarios.life import Lived
from locksim.scenarios.load import Visits, scenarios
from locksim.scenarios.weather import Climate
from locksim.world import World

DAYS = 5 * 365 + 1


def life(days: int) -> Lived:
    """The life before its first day."""
    scenario = msgspec.structs.replace(
        scenarios()["normal"], days=days, visits=Visits(a_day=(8, 8)), diagnose_from=""
    )
    degrees = Climate(scenario.air).at(0)
    pack = first_pack(scenario, scenario.seed, degrees)
    return Lived(scenario, World(scenario.settings(), pack, temperature_c=degrees))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("days", nargs="?", type=int, default=DAYS, metavar="DAYS")
    days = parser.parse_args(arguments).days

    began, used = time.perf_counter(), time.process_time()
    lived = life(days).live()
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    packs = lived.rows[-1].pack
    # Tracing what is allocated slows it down: measured on a part, apart.
    part = life(60)
    tracemalloc.start()
    part.live(30)
    early = tracemalloc.get_traced_memory()[0]
    part = life(60)
    part.live(60)
    late = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    print(f"{lived.days} days, {lived.runs:,} runs of the motor, {packs} packs\n")
    print("| seconds | of them this process's | ms a run | days a second | kB kept a day |")
    print("| --- | --- | --- | --- | --- |")
    print(
        f"| {seconds:.1f} | {cpu:.1f} | {cpu * 1000 / max(1, lived.runs):.2f} | "
        f"{lived.days / seconds:.0f} | {(late - early) / 30 / 1000:.1f} |"
    )


if __name__ == "__main__":
    main()
