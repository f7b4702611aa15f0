"""The report as one HTML file that needs nothing else: no network, no script, no server.

It lays results out and judges none; how the page looks stands in `page/`.
"""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lockhil.report import text
from lockhil.report.bars import bar
from lockhil.report.matrix import requirement_matrix, requirements
from lockhil.report.model import Report, Result, by_name, dump, measured, worst
from lockhil.report.waves import plot
from lockhil.report.write import write_beside
from lockjudge.trace import NotATraceError, read_trace

DRAWINGS_MAX = 2_000_000
"""Characters of drawings in one page; later ones are left to their trace files."""
DETAIL_MAX = 6_000
ELSEWHERE = "Tests that name no requirement"


@dataclass(frozen=True, slots=True)
class Run:
    """One test on one target: the repetition that speaks for all, and its drawing."""

    anchor: str
    result: Result
    repetitions: int
    passed: int
    spreads: dict[int, str]
    link: str
    drawing: Markup
    no_drawing: str

    @property
    def told(self) -> bool:
        """Its reason only repeats a measurement that is shown anyway."""
        return self.result.reason in {measured(m) for m in self.result.measurements}


@dataclass(frozen=True, slots=True)
class Test:
    """One test with a run for each target that it met."""

    test: str
    title: str
    requirements: tuple[str, ...]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The tests whose first requirement belongs to one group."""

    heading: str
    tests: tuple[Test, ...]


def write_report(report: Report, folder: Path) -> Path:
    """Write report.json and report.html into `folder` (made if missing); the page's path.

    Traces are read from `folder` by their results' relative paths. ReportNotWrittenError (an
    OSError) says in one line what to do if the folder can't be written.
    """
    page = folder / "report.html"
    write_beside({folder / "report.json": dump(report), page: render(report, folder)})
    return page


def render(report: Report, folder: Path) -> str:
    """The page's text; traces are read from `folder`."""
    source = files("lockhil.report").joinpath("page")
    script = source.joinpath("report.js").read_text("utf-8")
    pages = _environment()
    sections = _sections(report, folder, pages)
    tests = [test for section in sections for test in section.tests]
    rows = requirement_matrix(report)
    return pages.get_template("report.html.j2").render(
        report=report,
        sections=sections,
        failures=[(t, run) for t in tests for run in t.runs if run.result.outcome == "failed"],
        rows=rows,
        groups=[(g, list(m)) for g, m in groupby(rows, lambda row: row.requirement.group)],
        states=[
            [cell.state for row in rows for cell in row.cells if cell.target == target.name]
            for target in report.targets
        ],
        anchors={(t.test, run.result.target): run.anchor for t in tests for run in t.runs},
        style=Markup(source.joinpath("report.css").read_text("utf-8")),  # noqa: S704 - our own
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _environment() -> Environment:
    pages = Environment(
        loader=PackageLoader("lockhil.report", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Whatever a unit or a test wrote passes here, so nothing invisible reaches the page.
        finalize=lambda value: text.printable(value) if type(value) is str else value,
    )
    pages.globals |= {"text": text, "bar": bar, "DETAIL_MAX": DETAIL_MAX}
    return pages


def _sections(report: Report, folder: Path, pages: Environment) -> list[Section]:
    """Tests in the order of the requirements they name, under their groups."""
    known = {requirement.id: n for n, requirement in enumerate(requirements())}
    by_test: dict[str, list[Result]] = {}
    for result in report.results:
        by_test.setdefault(result.test, []).append(result)

    def place(results: Sequence[Result]) -> int:
        named = [known[i] for r in results for i in r.requirements if i in known]
        return min(named, default=len(known))

    ordered = sorted(by_test.values(), key=place)
    runs = _runs(ordered, folder, pages)
    headings: dict[str, list[Test]] = {}
    for results in ordered:
        first = place(results)
        heading = requirements()[first].group if first < len(known) else ELSEWHERE
        names = sorted(
            {i for r in results for i in r.requirements},
            key=lambda i: (known.get(i, len(known)), i),
        )
        name = results[0].test
        headings.setdefault(heading, []).append(
            Test(name, results[0].title or name, tuple(names), tuple(runs[name]))
        )
    return [Section(heading, tuple(tests)) for heading, tests in headings.items()]


def _runs(
    tests: Iterable[Sequence[Result]], folder: Path, pages: Environment
) -> dict[str, list[Run]]:
    """Each test's runs; failures are drawn first, while there is room."""
    grouped: list[list[Result]] = []
    for results in tests:
        by_target: dict[str, list[Result]] = {}
        for result in results:
            by_target.setdefault(result.target, []).append(result)
        grouped += by_target.values()
    drawn: dict[int, tuple[Markup, str]] = {}
    room = DRAWINGS_MAX
    shape = pages.get_template("plot.html.j2")
    for n, group in sorted(enumerate(grouped), key=lambda item: worst(item[1]).outcome != "failed"):
        result = worst(group)
        markup, why_not = Markup(""), ""
        if result.trace is not None:
            try:
                wave = plot(read_trace(_inside(folder, result.trace)), result.measurements)
                if wave is None:
                    why_not = "The trace has no events."
                else:
                    markup = Markup(shape.render(plot=wave, result=result))  # noqa: S704 - escaped
            except (OSError, NotATraceError, ValueError, OverflowError) as error:
                why_not = f"The trace can't be drawn: {text.one_line(str(error))}"
            if len(markup) > room:
                markup = Markup("")
                why_not = "Not drawn, to keep this page small; the trace file has it all."
            room -= len(markup)
        drawn[n] = markup, why_not
    runs: dict[str, list[Run]] = {}
    for n, group in enumerate(grouped):
        result = worst(group)
        runs.setdefault(result.test, []).append(
            Run(
                anchor=f"run-{n + 1}",
                result=result,
                repetitions=len(group),
                passed=sum(r.outcome == "passed" for r in group),
                spreads=_spreads(group),
                link=_link(folder, result.trace),
                drawing=drawn[n][0],
                no_drawing=drawn[n][1],
            )
        )
    return runs


def _spreads(group: Sequence[Result]) -> dict[int, str]:
    """What the shown result's n-th measurement spread over, where repetitions differ."""
    others = [by_name(result.measurements) for result in group]
    found = {}
    for n, key in enumerate(by_name(worst(group).measurements)):
        same = [ms[key] for ms in others if key in ms]
        values = [m.value for m in same if m.value is not None]
        if values and min(values) != max(values):
            shown = text.quantity(max(values), same[0].unit)
            found[n] = f"{text.number(min(values))} to {shown}"
    return found


def _inside(folder: Path, trace: str) -> Path:
    """The trace's file, which must lie in the report's folder."""
    relative = PurePosixPath(trace)
    if relative.is_absolute() or ".." in relative.parts or "\\" in trace or "\0" in trace:
        raise ValueError(f"expected a path inside the report's folder, got {trace!r:.80}")
    return folder / relative


def _link(folder: Path, trace: str | None) -> str:
    if trace is None:
        return ""
    try:
        _inside(folder, trace)
    except ValueError:
        return ""
    # A first part with a colon would be a scheme.
    return "./" + quote(trace)
