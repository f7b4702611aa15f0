# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.thirty_days [DAYS]`: days of use in virtual time, as seconds of a PC's.

An unlock every 20 minutes, each with its relock, on both targets in turns: what else the machine
does meanwhile slows both.
"""

import argparse
import time
from contextlib import ExitStack

from lockhil.targets import Target, open_target

TARGETS = ("sim", "virtual")
EVERY_MINUTES = 20
A_DAY = 24 * 60 // EVERY_MINUTES


def day(unit: Target) -> None:
    """One day of use."""
    for _ in range(A_DAY):
        answer = unit.link.call("bolt.unlock")
        assert answer["result"] == "done", answer
        until = (unit.bench.clock.now_ms // 60_000 // EVERY_MINUTES + 1) * EVERY_MINUTES * 60_000
        unit.bench.clock.advance(until - unit.bench.clock.now_ms)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("days", nargs="?", type=int, default=30, metavar="DAYS")
    days = parser.parse_args(arguments).days

    seconds, cpu = dict.fromkeys(TARGETS, 0.0), dict.fromkeys(TARGETS, 0.0)
    with ExitStack() as stack:
        units = {name: stack.enter_context(open_target(name)) for name in TARGETS}
        for _ in range(days):
            for name, unit in units.items():
                began, used = time.perf_counter(), time.process_time()
                day(unit)
                seconds[name] += time.perf_counter() - began
                cpu[name] += time.process_time() - used
        traces = [unit.bench.trace().events for unit in units.values()]
        wakes = {name: len(unit.bench.wakes()) for name, unit in units.items()}
    assert traces[0] == traces[1], "the targets disagree"
    moves = sum(event.ch == "tx" and '"by":"relock"' in event.v for event in traces[0])
    assert moves == days * A_DAY, f"{moves} relocks"

    print(f"{days} days, {days * A_DAY} unlocks and relocks, the same trace on both\n")
    print("| target | seconds | of them this process's | wakes | days a second | as long as sim |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in TARGETS:
        print(
            f"| {name} | {seconds[name]:.2f} | {cpu[name]:.2f} | {wakes[name]} | "
            f"{days / seconds[name]:.1f} | {seconds[name] / seconds['sim']:.1f} |"
        )


if __name__ == "__main__":
    main()
