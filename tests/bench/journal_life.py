# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.journal_life [DAYS]`: the journal of five years, read over a slow link.

The core in a world, 16 visits a day, each an unlocking and its relock, cells that live, packs that
are changed, power that goes. Every other week somebody reads at 9,600 baud, with the command's own
code, and most visits are interrupted. It ends with 1 unless the file has each record once, genuine,
and as many as the world saw events.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from locksim.scenarios.events import Event
from tests.lockhil.journal.lives import Whole, complaints, live, scenario
from tests.lockhil.journal.slowline import KINDS

DAYS = 5 * 365 + 1
LEAST_INTERRUPTED = 100
# Something goes wrong with the unit itself in the middle of a run, three times a year.
_RESETS_EVERY = 120
_PRESSES_EVERY = 90


def life(days: int, every_days: int) -> Whole:
    """The whole of it."""
    resets = [
        Event(what="reset", on_day=day, cause="watchdog", in_motor_run=True)
        for day in range(5, days, _RESETS_EVERY)
    ]
    presses = [Event(what="diagnose", on_day=day) for day in range(9, days, _PRESSES_EVERY)]
    with tempfile.TemporaryDirectory() as folder:
        told = scenario(days, event=(*resets, *presses))
        return live(told, Path(folder) / "journal", every_days=every_days, faults=6)


def table(whole: Whole, days: int) -> list[str]:
    """What it came to."""
    reader, told, seen = whole.reader, whole.told, whole.counted
    line = reader.line
    rows = [
        ("days", days),
        ("runs of the motor, of them cut off by a reset", f"{seen['runs']:,}, {seen['runs cut']}"),
        ("moves by hand", seen["by hand"]),
        ("starts", seen["starts"] + 1),
        ("packs", whole.life.rows[-1].pack),
        ("records, good signatures", f"{told.last:,}, {told.verified:,}"),
        ("visits", reader.visits),
        ("interruptions", line.happened.total()),
        *((f"- {kind}", line.happened[kind]) for kind in KINDS),
        ("records that were read again, the same", f"{line.read_again:,}"),
        ("MB on the line", f"{line.bytes / 1e6:.2f}"),
        ("hours on the line", f"{reader.link_ms / 3.6e6:.1f}"),
        ("findings", len(told.findings)),
        ("seconds that it took", f"{whole.seconds:.0f}"),
    ]
    return ["| | |", "| --- | ---: |", *(f"| {name} | {value} |" for name, value in rows)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("days", nargs="?", type=int, default=DAYS)
    parser.add_argument("--every", type=int, default=14, metavar="DAYS", help="between visits")
    options = parser.parse_args()
    whole = life(options.days, options.every)
    print("\n".join(table(whole, options.days)))
    wrong = complaints(whole)
    few = options.days >= DAYS and whole.reader.line.happened.total() < LEAST_INTERRUPTED
    wrong += ["too few interruptions"] if few else []
    for text in wrong:
        print(f"\nwrong: {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
