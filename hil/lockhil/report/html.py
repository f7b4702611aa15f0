"""The report as one HTML file that needs nothing else: no network, no script, no server.

It lays results out and judges none; how the page looks stands in `page/`.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lockhil.report import text
from lockhil.report.bars import bar
from lockhil.report.layout import Run, Test, base, sections
from lockhil.report.matrix import Cell, requirement_matrix
from lockhil.report.model import Report, Result, dump
from lockhil.report.results import where
from lockhil.report.waves import plot
from lockhil.report.write import write_beside
from lockjudge.trace import NotATraceError, read_trace

DRAWINGS_MAX = 2_000_000
"""Characters of drawings in one page; later ones are left to their trace files."""
DETAIL_MAX = 6_000


@dataclass(frozen=True, slots=True)
class Drawing:
    """A run's waveforms, or why there are none."""

    markup: Markup
    why_not: str


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
    parts = sections(report)
    tests = [test for section in parts for test in section.tests]
    # Failures are drawn first, while there is room.
    runs = sorted((r for t in tests for r in t.runs), key=lambda r: r.result.outcome != "failed")
    rows = requirement_matrix(report)
    by_name = {test.name: test for test in tests}
    return pages.get_template("report.html.j2").render(
        report=report,
        sections=parts,
        failures=[(t, run) for t in tests for run in t.runs if run.result.outcome == "failed"],
        drawings=_drawings(runs, folder, pages),
        rows=rows,
        groups=[(g, list(m)) for g, m in groupby(rows, lambda row: row.requirement.group)],
        states={
            target.name: [c.state for row in rows for c in row.cells if c.target == target.name]
            for target in report.targets
        },
        tests_of=lambda cell: _tests_of(cell, by_name),
        link=lambda trace: _link(folder, trace),
        style=Markup(source.joinpath("report.css").read_text("utf-8")),  # noqa: S704 - our own
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


@cache
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
    pages.globals |= {"text": text, "bar": bar, "where": where, "DETAIL_MAX": DETAIL_MAX}
    return pages


def _tests_of(cell: Cell, tests: dict[str, Test]) -> list[tuple[str, int]]:
    """The anchor and number of each test behind a cell: of its failure there, if it has one."""
    found = []
    for name in dict.fromkeys(base(test)[0] for test in cell.tests):
        failed = (
            run.anchor
            for run in tests[name].runs
            if (run.result.outcome, run.result.target) == ("failed", cell.target)
        )
        found.append((next(failed, f"test-{tests[name].number}"), tests[name].number))
    return found


def _drawings(runs: Iterable[Run], folder: Path, pages: Environment) -> dict[str, Drawing]:
    """The drawing of each run by its anchor, until the page is full."""
    found = {}
    room = DRAWINGS_MAX
    for run in runs:
        drawing = _drawing(run.result, folder, pages)
        if len(drawing.markup) > room:
            drawing = Drawing(
                Markup(""), "Not drawn, to keep this page small; the trace file has it all."
            )
        room -= len(drawing.markup)
        found[run.anchor] = drawing
    return found


def _drawing(result: Result, folder: Path, pages: Environment) -> Drawing:
    if result.trace is None:
        return Drawing(Markup(""), "")
    try:
        wave = plot(read_trace(_inside(folder, result.trace)), result.measurements)
    except (OSError, NotATraceError, ValueError, OverflowError) as error:
        return Drawing(Markup(""), f"The trace can't be drawn: {text.one_line(str(error))}")
    if wave is None:
        return Drawing(Markup(""), "The trace has no events.")
    markup = pages.get_template("plot.html.j2").render(plot=wave, result=result)
    return Drawing(Markup(markup), "")  # noqa: S704 - the template escaped it


def _inside(folder: Path, trace: str) -> Path:
    """The trace's file, which must lie in the report's folder."""
    relative = PurePosixPath(trace)
    if relative.is_absolute() or ".." in relative.parts or {"\\", "\0", ":"} & set(trace):
        raise ValueError(f"expected a path inside the report's folder, got {trace!r:.80}")
    return folder / relative


def _link(folder: Path, trace: str | None) -> str:
    """The trace's address relative to the page; empty if it lies elsewhere."""
    if trace is None:
        return ""
    try:
        _inside(folder, trace)
    except ValueError:
        return ""
    return quote(trace, errors="replace")
