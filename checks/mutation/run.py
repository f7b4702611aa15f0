"""Tries mutants on the tests that reach them, as many at a time as there are processors.

It says what became of each; whether that is good enough is the report's to say.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from checks.mutation.child import OVERTIME, Replacing, fork, run_tests
from checks.mutation.mutants import Mutant
from checks.mutation.reach import Reach

# A mutant whose tests work this many times longer than usual, and the patience on top, is killed:
# it hangs. What is usual was measured under coverage, which is slow itself.
PATIENCE = 4

KILLED, TIMED_OUT, SURVIVED, UNREACHED = "killed", "timed out", "survived", "unreached"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant: killed, timed out, survived, or unreached by any test."""

    mutant: Mutant
    outcome: str

    @property
    def alive(self) -> bool:
        """Whether no test noticed."""
        return self.outcome in (SURVIVED, UNREACHED)


def module_name(root: Path, path: Path) -> str:
    """The import name of the file `path` under the import root `root`."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _outcome(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return SURVIVED
    return TIMED_OUT if -code in OVERTIME else KILLED


def _start(mutant: Mutant, root: Path, tests: list[str], reach: Reach, patience_s: float) -> int:
    replacing = Replacing(module_name(root, mutant.path), mutant.path, mutant.source)
    usual_s = sum(reach.seconds[test] for test in tests)
    return fork(lambda: run_tests(tests, replacing), patience_s + PATIENCE * usual_s)


def fates(
    mutants: Iterable[Mutant],
    root: Path,
    reach: Reach,
    jobs: int,
    patience_s: float,
) -> Iterator[Fate]:
    """What becomes of each of `mutants`, in the order in which they end."""
    todo = iter(mutants)
    running: dict[int, Mutant] = {}
    while True:
        taken = list(islice(todo, max(jobs - len(running), 0)))
        for mutant in taken:
            tests = reach.tests_for(mutant.path, mutant.lines)
            if tests:
                running[_start(mutant, root, tests, reach, patience_s)] = mutant
            else:
                yield Fate(mutant, UNREACHED)
        if not running:
            if not taken:
                return
            continue  # all of these were out of reach: the rest has yet to come
        pid, status = os.wait()
        yield Fate(running.pop(pid), _outcome(status))
