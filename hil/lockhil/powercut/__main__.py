# ruff: noqa: T201 - it talks to who runs it
"""`python -m lockhil.powercut`: the whole sweep, or some scenarios of it. Exit code 1: violations.

The table goes to standard output, progress to standard error, the JSON to a file.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from lockhil.powercut import report
from lockhil.powercut.scenarios import SCENARIOS
from lockhil.powercut.sweep import all_violations, plan, sweep


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m lockhil.powercut", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="by default all")
    parser.add_argument("--firmware", type=Path, help="a folder like firmware/")
    parser.add_argument("--twice", action="store_true", help="cut the boots after the cuts too")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes at once")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there too")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.scenarios if name not in SCENARIOS]
    if unknown:
        parser.error(f"expected some of {', '.join(SCENARIOS)}; got {unknown[0]!r}")
    began = time.monotonic()
    names = options.scenarios or SCENARIOS
    planned = [plan(SCENARIOS[name], options.firmware) for name in names]
    progress = report.Progress(sum(len(one.cuts) for one in planned))
    swept = []
    for swept in sweep(planned, twice=options.twice, jobs=options.jobs):
        if line := progress.line(swept):
            print(line, file=sys.stderr, flush=True)
    seconds = time.monotonic() - began
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(report.document(swept, seconds), indent=1) + "\n")
    found = all_violations(swept)
    print(report.table(swept, seconds))
    for line in report.told(found):
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
