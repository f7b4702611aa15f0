"""The pytest plugin of the conformance suite: targets, requirement ids, measurements, the report.

It runs tests and collects what they measured; what a unit owes stands in the tests, and how a
report looks in `report`.
"""

import datetime
import hashlib
import importlib
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import pytest

import lockunit
from lockhil.bench import NotOnThisBenchError
from lockhil.differential import Differential
from lockhil.report import Firmware, Measurement, Report, Result, Target, html, summary
from lockhil.targets import open_target
from lockhil.targets.base import Target as OpenTarget
from lockjudge.trace import write_trace


class Opener(Protocol):
    """Opens the target under test with the options that a test needs."""

    def __call__(self, **options: Any) -> OpenTarget: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `lockrig hil` hands to the suite."""
    group = parser.getgroup("lockrig")
    group.addoption("--lockrig-target", action="append", default=[], help="a target to test")
    group.addoption("--lockrig-out", default=None, help="the folder of the report")
    group.addoption("--lockrig-repeat", type=int, default=1, help="how often each test runs")
    group.addoption("--lockrig-command", default="", help="what the report says was run")
    group.addoption("--lockrig-given", action="store_true", help="the firmware was given by path")


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker, and collect for the report."""
    try:
        importlib.import_module("lockunit.unit")
    except (Exception, SystemExit) as error:
        raise pytest.UsageError(f"the firmware can't be loaded: {error!r}") from error
    config.addinivalue_line("markers", "req(*ids): the requirements that a test proves")
    config.pluginmanager.register(Collector(config), "lockrig-collector")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test on each target, as often as was asked."""
    config = metafunc.config
    targets = config.getoption("--lockrig-target") or ["sim"]
    repeats = range(1, config.getoption("--lockrig-repeat") + 1)
    metafunc.fixturenames.append("place")
    places = [(target, repeat) for repeat in repeats for target in targets]
    names = [target if repeat == 1 else f"{target}#{repeat}" for target, repeat in places]
    metafunc.parametrize("place", places, ids=names, scope="function")


@pytest.fixture
def collected(request: pytest.FixtureRequest) -> "Collected":
    """What this test measured and where its traces are."""
    found: Collected = request.node.stash.setdefault(_COLLECTED, Collected())
    return found


@pytest.fixture
def open_unit(
    request: pytest.FixtureRequest, place: tuple[str, int], collected: "Collected"
) -> Iterator[Opener]:
    """Opens units on the target under test; they are closed, and their traces kept, at the end."""
    collector = request.config.pluginmanager.get_plugin("lockrig-collector")
    assert isinstance(collector, Collector)
    opened: list[OpenTarget] = []
    with ExitStack() as stack:

        def open_one(**options: Any) -> OpenTarget:
            target = stack.enter_context(open_target(place[0], **options))
            opened.append(target)
            collector.targets[place[0]] = target
            return target

        yield open_one
        for number, target in enumerate(opened, start=1):
            collected.trace = collector.keep_trace(request.node.nodeid, number, target)
        apart = collector.compare(_without_place(request.node), place, opened)
    if apart:
        pytest.fail(apart, pytrace=False)


@pytest.fixture
def unit(open_unit: Opener) -> OpenTarget:
    """One door lock with a good pack, locked, its door closed."""
    return open_unit()


Measure = Callable[..., None]


@pytest.fixture
def measure(collected: "Collected") -> Measure:
    """Note a value beside its limits, and fail with both if it is outside.

    `measure(requirement, name, value, unit, at_least=..., at_most=..., channel=..., from_ms=...,
    at_ms=...)`; the last three say where in the trace it was taken.
    """

    def note(requirement: str, name: str, value: float | None, unit: str, **more: Any) -> None:
        made = Measurement.of(name, value, unit, requirement=requirement, **more)
        collected.measurements.append(made)
        limits = [
            f"{word} {limit} {unit}"
            for word, limit in (("at least", made.at_least), ("at most", made.at_most))
            if limit is not None
        ]
        if not made.ok:
            shown = "not seen" if value is None else f"{value} {unit}"
            pytest.fail(f"{requirement}: {name}: {shown}, {' and '.join(limits)}", pytrace=False)

    return note


class Collected:
    """What one test left behind."""

    def __init__(self) -> None:
        self.measurements: list[Measurement] = []
        self.trace: str | None = None


_COLLECTED = pytest.StashKey[Collected]()


class Collector:
    """Gathers the results of a session and writes the report at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        out = config.getoption("--lockrig-out")
        self.out = Path(out) if out else None
        self.results: list[Result] = []
        self.targets: dict[str, OpenTarget] = {}
        self._differential = Differential()

    def compare(self, test: str, place: tuple[str, int], opened: list[OpenTarget]) -> str:
        """How these units' traces differ from those that another target left; "" if in nothing."""
        if any(target.clock_kind != "virtual" for target in opened):
            return ""
        traces = [target.bench.trace() for target in opened]
        return self._differential.note(test, place[1], place[0], traces)

    def keep_trace(self, node: str, number: int, target: OpenTarget) -> str | None:
        """Write the trace of a unit under test; its path relative to the report."""
        if self.out is None:
            return None
        name = re.sub(r"[^A-Za-z0-9]+", "-", node.rsplit("::", maxsplit=1)[-1]).strip("-")
        path = Path("traces") / f"{name}{'' if number == 1 else f'-{number}'}.jsonl"
        (self.out / "traces").mkdir(parents=True, exist_ok=True)
        trace = target.bench.trace()
        with (self.out / path).open("w", encoding="utf-8") as file:
            write_trace(file, trace.header, trace.events)
        return path.as_posix()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, Any, Any]:
        """Note the phase's result."""
        report: Any = yield
        if call.excinfo is not None and call.excinfo.errisinstance(NotOnThisBenchError):
            report.outcome = "skipped"
            report.longrepr = ("", 0, str(call.excinfo.value))
        if report.when == "call" or report.outcome != "passed":
            self._note(item, call, report)
        elif report.when == "teardown" and self.results:
            # The trace is written when the unit is closed, after the test's own result.
            self.results[-1].trace = item.stash.get(_COLLECTED, Collected()).trace
        return report

    def _note(self, item: Any, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
        kept = item.stash.get(_COLLECTED, Collected())
        place = item.callspec.params["place"]
        lines = (item.function.__doc__ or item.name).strip().splitlines()
        reason = ""
        if call.excinfo is not None:
            reason = str(call.excinfo.value).strip().splitlines()[0][:400] or repr(
                call.excinfo.value
            )
            if report.outcome == "failed" and not isinstance(
                call.excinfo.value, (AssertionError, pytest.fail.Exception)
            ):
                reason = f"{call.excinfo.typename}: {reason}"
        self.results.append(
            Result(
                test=_without_place(item),
                title=lines[0],
                target=place[0],
                requirements=[str(i) for m in item.iter_markers("req") for i in m.args],
                outcome={"skipped": "not_run"}.get(report.outcome, report.outcome),
                reason=reason,
                detail=report.longreprtext if report.failed else "",
                duration_s=round(report.duration, 4),
                repeat=place[1],
                measurements=kept.measurements,
                trace=kept.trace,
            )
        )

    def report(self) -> Report:
        """The report of what ran so far."""
        return Report(
            created_utc=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            lockrig_version=version("lockrig"),
            command=self.config.getoption("--lockrig-command"),
            firmware=Firmware(
                lockunit.VERSION, firmware_sha256(), self.config.getoption("--lockrig-given")
            ),
            targets=[
                Target(name, target.kind, target.clock_kind, target.unit_id)
                for name, target in self.targets.items()
            ],
            results=self.results,
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the summary, and write the report where one was asked for."""
        report = self.report()
        for line in summary.lines(report):
            terminalreporter.write_line(line)
        if self.out is not None and self.results:
            html.write_report(report, self.out)


def _without_place(item: Any) -> str:
    """The test's id without the target and the repetition, which come first of its parameters."""
    name, _, parameters = item.nodeid.partition("[")
    place, repeat = item.callspec.params["place"]
    rest = parameters.removesuffix("]").removeprefix(place)
    rest = rest.removeprefix(f"#{repeat}").removeprefix("-")
    return f"{name}[{rest}]" if rest else name


def firmware_sha256() -> str:
    """The hash over the names and contents of the firmware's files under test."""
    digest = hashlib.sha256()
    folder = Path(lockunit.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()
