"""One run of tests in a forked child, with one module's source replaced.

A fork costs milliseconds where a new Python with pytest costs half a second. The parent must not
have imported the packages under test. POSIX only; nothing here knows what a mutant is.
"""

import contextlib
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import types
from collections.abc import Callable, Sequence
from pathlib import Path

# Preloaded: what tests import and what must not be imported anew by every child.
import hypothesis
import hypothesis.stateful
import pytest

PRELOADED = (hypothesis, hypothesis.stateful, pytest)
# A fault may make a list grow for ever; it shall not take the machine with it.
MEMORY_BYTES = 2 << 30

OVERTIME = (signal.SIGPROF, signal.SIGALRM)

# Plain asserts spare rewriting the tests anew; who is killed needs no explanation.
PYTEST_ARGS = ("-x", "-q", "--assert=plain", "--tb=no", "-p", "no:faulthandler")


class _Replaced(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: str, source: str) -> None:
        super().__init__(fullname, path)
        self._source = source

    def get_code(self, fullname: str) -> types.CodeType | None:
        code = compile(self._source, self.path, "exec", dont_inherit=True)
        assert isinstance(code, types.CodeType)
        return code


class Replacing(importlib.abc.MetaPathFinder):
    """Finds module `name`, of the file at `path`, with `source` in place of the file's own."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        self._name, self._path, self._source = name, str(path), source

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """The one module; None for every other."""
        if fullname != self._name:
            return None
        loader = _Replaced(fullname, self._path, self._source)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


class Selection:
    """A pytest plugin that runs only the tests named, in that order, and leaves at a failure."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._place = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self._place),
            key=lambda item: self._place[item.nodeid],
        )

    def pytest_exception_interact(self) -> None:
        # That it failed is all that is asked; pytest would go on to tell how, at length.
        os._exit(int(pytest.ExitCode.TESTS_FAILED))


def fork(work: Callable[[], int], cpu_s: float, log: Path | None = None) -> int:
    """Start `work` in a child and return its process id; its result becomes the exit code.

    What it prints goes to the file `log`, or nowhere. A signal of OVERTIME ends it after
    `cpu_s` seconds of work, or, should it wait for something, ten times as long by the clock.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    gc.freeze()  # else collecting would copy the parent's memory
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        gc.disable()
        for overtime in OVERTIME:
            signal.signal(overtime, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, cpu_s)
        signal.setitimer(signal.ITIMER_REAL, 10 * cpu_s)
        with contextlib.suppress(OSError, ValueError):  # macOS refuses
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        sink = os.open(log or os.devnull, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(sink, stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        code = int(work())
    except BaseException:  # noqa: S110 - a child must never return into the parent's code
        pass
    finally:
        os._exit(code)


def run_tests(tests: Sequence[str], replacing: Replacing | None = None) -> int:
    """Run the tests named (pytest's node ids) in this process; pytest's exit code."""
    if replacing is not None:
        sys.meta_path.insert(0, replacing)
    files = sorted({test.split("::")[0] for test in tests})
    return pytest_main(files, Selection(tests))


def pytest_main(paths: Sequence[str], plugin: object) -> int:
    """pytest on `paths` with one plugin of ours; its exit code."""
    # Installed plugins take time, and would import what is under test.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return int(pytest.main([*PYTEST_ARGS, *paths], plugins=[plugin]))
