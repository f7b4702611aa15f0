"""Which test reaches which line, and how long each test takes, from one run of them all.

A mutant is then tried on the tests that reach it, the quickest first. Nothing is mutated here.
"""

import json
import os
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import coverage
import pytest

from checks.mutation.child import fork, pytest_main

LONGEST_S = 1800
ON_IMPORT = ""


class TestsFailError(Exception):
    """The tests don't pass on the code as it is, so no mutant can be judged by them."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Seconds by test, and by file and line the tests that reach it (ON_IMPORT: while loading)."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, list[str]]]

    def tests_for(self, path: Path, lines: tuple[int, int]) -> list[str]:
        """The tests that reach any of `lines` (first and last) of `path`, the quickest first.

        What runs while the module is loaded concerns them all.
        """
        by_line = self.lines.get(str(path.resolve()), {})
        found = {test for n in range(lines[0], lines[1] + 1) for test in by_line.get(n, ())}
        others = set(self.seconds) - found if ON_IMPORT in found else set()
        found.discard(ON_IMPORT)
        return sorted(found, key=self._cost) + sorted(others, key=self._cost)

    def _cost(self, test: str) -> tuple[float, str]:
        return self.seconds.get(test, 0.0), test


class _Contexts:
    """A pytest plugin that tells coverage which test is running."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._measured.switch_context(item.nodeid)
        start = time.perf_counter()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.perf_counter() - start
            self._measured.switch_context(ON_IMPORT)


def _measure(root: Path, tests: Sequence[str], out: Path) -> int:
    os.environ["COVERAGE_CORE"] = "ctrace"  # contexts need it
    measured = coverage.Coverage(data_file=None, source=[str(root)], config_file=False)
    contexts = _Contexts(measured)
    measured.start()
    measured.switch_context(ON_IMPORT)
    code = pytest_main(tests, contexts)
    measured.stop()
    data = measured.get_data()
    lines = {path: data.contexts_by_lineno(path) for path in data.measured_files()}
    out.write_text(json.dumps({"seconds": contexts.seconds, "lines": lines}))
    return code


def reach(root: Path, tests: Sequence[str], work: Path) -> Reach:
    """Run all `tests` (paths) over the package in folder `root`; TestsFailError if any fails."""
    work.mkdir(parents=True, exist_ok=True)
    out = work / f"reach-{os.getpid()}.json"
    log = work / "tests.log"
    pid = fork(lambda: _measure(root, tests, out), LONGEST_S, log)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status:
        raise TestsFailError(
            f"expected {' '.join(tests)} to pass on the code as it is, got exit code {status}; "
            f"see {log}"
        )
    found = json.loads(out.read_text())
    out.unlink()
    lines = {
        path: {int(line): tests for line, tests in by_line.items()}
        for path, by_line in found["lines"].items()
    }
    return Reach(found["seconds"], lines)
