"""Says what a test run left out and why, from its JUnit files.

It fails only if nothing ran at all: whether the tests passed is the exit code of the run itself.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree


def read(paths: Iterable[Path]) -> tuple[int, list[tuple[str, str]]]:
    """How many tests ran, and (test, reason) of each that didn't."""
    ran, left_out = 0, []
    for path in paths:
        # Written a moment ago by our own test run, so safe to parse.
        for case in ElementTree.parse(path).iter("testcase"):  # noqa: S314
            skipped = case.find("skipped")
            if skipped is None:
                ran += 1
            else:
                name = f"{case.get('classname', '')}::{case.get('name', '')}"
                left_out.append((name, skipped.get("message", "") or "no reason given"))
    return ran, left_out


def main(paths: Iterable[Path]) -> int:
    """Print it; 1 if no test ran."""
    ran, left_out = read(paths)
    print(f"{ran} tests ran, {len(left_out)} not run{':' if left_out else '.'}")
    for name, reason in left_out:
        print(f"  not run: {name}: {reason}")
    return 0 if ran else 1


if __name__ == "__main__":
    sys.exit(main(Path(name) for name in sys.argv[1:]))
