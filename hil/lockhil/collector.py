"""What a run of the suite leaves behind: results, traces, the report, how the run ended.

It gathers; what the tests are given stands in `plugin`, how a report looks in `report`.
"""

import datetime
import re
from collections.abc import Generator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import lockunit
from lockhil.bench import NotOnThisBenchError
from lockhil.differential import Differential
from lockhil.firmware import firmware_sha256
from lockhil.lab.locks import BusyError, Lease
from lockhil.report import Firmware, Measurement, Report, Result, Target, html, summary
from lockhil.suite import CONTACT_LOST
from lockhil.targets import NAMES
from lockhil.targets.base import Target as OpenTarget
from lockhil.targets.realclock import BenchBrokenError, ContactLostError
from lockjudge.trace import write_trace


class Collected:
    """What one test left behind."""

    def __init__(self) -> None:
        self.measurements: list[Measurement] = []
        self.trace: str | None = None


COLLECTED = pytest.StashKey[Collected]()
# Set where a target can't do what the test needs: what it did until then is compared with nothing.
NOT_RUN = pytest.StashKey[bool]()


class Collector:
    """Gathers the results of a session and writes the report at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        out = config.getoption("--lockrig-out")
        self.out = Path(out) if out else None
        self.results: list[Result] = []
        self.targets: dict[str, OpenTarget] = {}
        self.lost = ""
        self._differential = Differential()
        self._leases: dict[str, Lease] = {}

    def hold(self, target: str) -> None:
        """Let nobody else at the target's board until the run is over. ContactLostError."""
        kind, _, port = target.partition(":")
        if target in NAMES or kind == "ble" or target in self._leases:
            return
        try:
            self._leases[target] = Lease(port if kind == "serial" else target)
        except BusyError as error:
            raise ContactLostError(str(error)) from None

    def compare(self, test: str, place: tuple[str, int], opened: list[OpenTarget]) -> str:
        """How these units' traces differ from those that another target left; "" if in nothing."""
        if any(target.clock_kind != "virtual" or target.tolerance_ms for target in opened):
            return ""
        traces = [target.bench.trace() for target in opened]
        return self._differential.note(test, place[1], place[0], traces)

    def keep_trace(self, node: str, number: int, target: OpenTarget) -> str | None:
        """Write the trace of a unit under test; its path relative to the report."""
        if self.out is None:
            return None
        try:
            trace = target.bench.trace()
        except NotOnThisBenchError:
            return None  # nobody watched
        name = re.sub(r"[^A-Za-z0-9]+", "-", node.rsplit("::", maxsplit=1)[-1]).strip("-")
        path = Path("traces") / f"{name}{'' if number == 1 else f'-{number}'}.jsonl"
        (self.out / "traces").mkdir(parents=True, exist_ok=True)
        with (self.out / path).open("w", encoding="utf-8") as file:
            write_trace(file, trace.header, trace.events)
        return path.as_posix()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: Any, call: pytest.CallInfo[None]
    ) -> Generator[None, Any, Any]:
        """Note the phase's result."""
        report: Any = yield
        lost = call.excinfo is not None and call.excinfo.errisinstance(ContactLostError)
        broken = call.excinfo is not None and call.excinfo.errisinstance(BenchBrokenError)
        if call.excinfo is not None and (broken or (lost and _place(item)[0] not in NAMES)):
            # What can't be reached isn't tested, and waiting for it helps nobody.
            what = "" if broken else "contact lost: "
            self.lost = f"{_place(item)[0]}: {what}{call.excinfo.value}"
            item.session.shouldstop = self.lost
            report.longrepr = str(call.excinfo.value)
        # A bench that is broken says nothing of the lock, so no test of it has failed.
        if call.excinfo is not None and call.excinfo.errisinstance(
            (NotOnThisBenchError, BenchBrokenError)
        ):
            item.stash[NOT_RUN] = True
            report.outcome = "skipped"
            report.longrepr = ("", 0, str(call.excinfo.value))
        if report.when == "call" or report.outcome != "passed":
            self._note(item, call, report)
        elif report.when == "teardown" and self.results:
            # The trace is written when the unit is closed, after the test's own result.
            self.results[-1].trace = item.stash.get(COLLECTED, Collected()).trace
        return report

    def _note(self, item: Any, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
        kept = item.stash.get(COLLECTED, Collected())
        place = _place(item)
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
                test=without_place(item),
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
        if self.lost:
            terminalreporter.write_line(f"{self.lost}; see to it, and run again")

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """Tell a lost contact from ctrl-C, which stops a run likewise."""
        done = yield
        for lease in self._leases.values():
            lease.release()
        if self.lost:
            session.exitstatus = CONTACT_LOST
        return done


def _place(item: Any) -> tuple[str, int]:
    """The target that a test runs on, and its repetition."""
    place: tuple[str, int] = item.callspec.params["place"]
    return place


def without_place(item: Any) -> str:
    """The test's id without the target and the repetition, which come first of its parameters."""
    name, _, parameters = item.nodeid.partition("[")
    place, repeat = _place(item)
    rest = parameters.removesuffix("]").removeprefix(place)
    rest = rest.removeprefix(f"#{repeat}").removeprefix("-")
    return f"{name}[{rest}]" if rest else name
