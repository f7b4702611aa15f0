# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.memory [N]`: the firmware's bytes beside their limits, as tables.

N events of each kind in steady state. It fails where something is taken that mustn't be. Times are
this machine's, and only to be looked at.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from lockhil.bench import NotOnThisBenchError
from lockhil.virtual.child_process import HEAP
from tests.memory import figures
from tests.memory.hardday import alive, smallest_heap
from tests.memory.ports import PORTS, Port, modules, put_firmware


def table(*columns: str) -> None:
    print(f"\n| {' | '.join(columns)} |\n| --- |{' ---: |' * (len(columns) - 1)}")


def row(name: str, *numbers: int | str) -> None:
    cells = [f"{number:,}" if isinstance(number, int) else number for number in numbers]
    print(f"| {name} | {' | '.join(cells)} |")


def sizes(files: dict[str, bytes]) -> None:
    table("in flash, bytes", ".mpy", "limit")
    for place, data in sorted(files.items()):
        row(place, len(data), "")
    row("**all of it**", sum(map(len, files.values())), figures.LIMITS["size"]["total"])


def heap() -> None:
    """The whole firmware on `virtual`: 64 bits, with file system and stand-ins."""
    enough = int(HEAP[:-1]) * 1_024
    stand_ins, code, objects = alive()
    table("the whole firmware on `virtual`, bytes", "found", "limit")
    row("alive: the target's stand-ins", stand_ins, "")
    row("alive: the firmware's code", code, "")
    row("alive: its objects, once booted", objects, "")
    row(
        "the smallest heap for a hard day", smallest_heap(enough), figures.LIMITS["heap"]["virtual"]
    )
    row("what `virtual` has", enough, "")


def days(ports: list[Port], firmware: Path) -> None:
    found = {port.name: figures.day(port, firmware) for port in ports}
    table("the core alone, bytes", *[column for name in found for column in (name, "limit")])
    for name in ("code", "booted", "high"):
        pairs = [
            (day.bytes()[name], figures.LIMITS["core"][port][name]) for port, day in found.items()
        ]
        row(name, *[number for pair in pairs for number in pair])
    table("high water, nothing collected in an event", *found, "longest call, ms (unix)")
    for part in next(iter(found.values())).parts:
        longest = f"{found['unix'].parts[part][1] / 1000:.1f}" if "unix" in found else ""
        row(part, *[day.parts[part][0] for day in found.values()], longest)


def steady(ports: list[Port], firmware: Path, n: int) -> list[str]:
    """What was taken, or not given back, and mustn't be."""
    quiet = {port.name: figures.quiet(port, firmware, n) for port in ports}
    table(f"bytes taken by {n:,} of", *quiet)
    for title in next(iter(quiet.values())):
        row(title, *[taken[title] for taken in quiet.values()])
    told = {port.name: figures.told(port, firmware, n) for port in ports}
    table("bytes that one takes, and gives back", *told)
    for title in next(iter(told.values()))[0]:
        row(title, *[each[title] for each, _, _ in told.values()])
    row(f"alive after {n // 10:,} of these", *[tenth for _, tenth, _ in told.values()])
    row(f"alive after {n:,}", *[end for _, _, end in told.values()])
    wrong = [
        f"{name}: {title}: took {count} bytes"
        for name, taken in quiet.items()
        for title, count in taken.items()
        if count
    ]
    return wrong + [f"{name}: grew" for name, (_, tenth, end) in told.items() if tenth != end]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "n", nargs="?", type=int, default=10_000, help="10,000, or another multiple of 500"
    )
    options = parser.parse_args(arguments)
    ports = []
    for name, opened in PORTS.items():
        try:
            ports.append(opened())
        except NotOnThisBenchError as reason:
            print(f"not run: {name}: {reason}")
    files = modules()
    sizes(files)
    if not ports:
        return 0
    if ports[0].name == "unix":
        heap()
    with tempfile.TemporaryDirectory() as folder:
        put_firmware(Path(folder), files)
        days(ports, Path(folder))
        wrong = steady(ports, Path(folder), options.n)
    for text in wrong:
        print(f"FAILED {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
