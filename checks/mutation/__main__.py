"""`python -m checks.mutation [PACKAGE ...]`: would our tests notice a fault?

It plants faults in the packages of `checks/mutants.toml`, runs their tests on each, and lists the
faults that nobody noticed. Exit code 1: fewer were noticed than is demanded. It changes no file.
"""

import argparse
import json
import os
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from checks.mutation import explained
from checks.mutation.mutants import mutants
from checks.mutation.reach import TestsFailError, reach
from checks.mutation.report import Result, idle, result, show
from checks.mutation.run import Fate, fates

WORK = Path("build/mutants")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m checks.mutation", description=__doc__)
    parser.add_argument("packages", nargs="*", metavar="PACKAGE", help="all by default")
    parser.add_argument("--config", type=Path, default=Path("checks/mutants.toml"))
    parser.add_argument("--explained", type=Path, default=Path("checks/mutants_explained.toml"))
    parser.add_argument("--only", metavar="GLOB", default="*.py", help="files of the package")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--patience", type=float, default=3, metavar="S", help="for what hangs")
    return parser.parse_args()


def _watched(name: str, total: int, ended: Iterable[Fate]) -> Iterator[Fate]:
    """`ended` as it comes, with a line on standard error now and then."""
    start = time.monotonic()
    for count, fate in enumerate(ended, start=1):
        if count % 100 == 0 or count == total:
            seconds = time.monotonic() - start
            print(f"{name}: {count} of {total} mutants in {seconds:.0f} s", file=sys.stderr)
        yield fate


def _try(name: str, config: dict[str, Any], options: argparse.Namespace) -> Result:
    """Try every mutant of the package `name`, and print what survived."""
    root = Path(config["root"])
    reached = reach(root / name, config["tests"], WORK / name)
    every = [m for path in sorted((root / name).rglob(options.only)) for m in mutants(path)]
    tried = fates(every, root, reached, options.jobs, options.patience)
    ended = list(_watched(name, len(every), tried))
    explanations = explained.read(options.explained)
    found = result(name, config["at_least"], ended, explanations)
    show(found)
    for entry in idle(found, explanations):
        print(f"\n{options.explained}: no such survivor: {entry.file}: {entry.mutated}")
    out = json.dumps(found.as_dict(), indent=2, ensure_ascii=False)
    (WORK / f"{name}.json").write_text(out + "\n", encoding="utf-8")
    return found


def main() -> int:
    """Try every package asked for; the exit code."""
    options = _arguments()
    table = tomllib.loads(options.config.read_text(encoding="utf-8"))["packages"]
    unknown = set(options.packages) - set(table)
    if unknown:
        print(f"expected one of {', '.join(table)}, got {', '.join(unknown)}", file=sys.stderr)
        return 2
    os.environ["HYPOTHESIS_PROFILE"] = "mutants"
    try:
        results = [_try(name, table[name], options) for name in options.packages or table]
    except TestsFailError as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 1
    print("\n" + "\n".join(found.summary() for found in results))
    return 0 if all(found.enough for found in results) else 1


if __name__ == "__main__":
    sys.exit(main())
