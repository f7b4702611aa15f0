"""A run in a few lines for the terminal: counts, failures beside their limits, what wasn't run.

It returns lines and prints none.
"""

from collections.abc import Iterator

from lockhil.report import text
from lockhil.report.matrix import Row, requirement_matrix
from lockhil.report.model import Report, Result
from lockhil.report.results import outside, told, where

VERDICT = {"passed": "PASSED", "failed": "FAILED", "not_run": "NOTHING RAN"}
WORDS = {"not_run": "not run", "partly": "partly", "open": "not proved"}


def lines(report: Report) -> list[str]:
    """The lines, without line ends: the weightier, the nearer the end, where a prompt leaves it."""
    rows = requirement_matrix(report)
    said = [*_not_run(rows), *_failures(report), *_targets(report, rows), _verdict(report)]
    return [line.replace("\u00a0", " ") for line in said]


def _failures(report: Report) -> Iterator[str]:
    for result in (r for r in report.results if r.outcome == "failed"):
        name = text.one_line(result.test)
        repeat = f", repetition {result.repeat}" if result.repeat > 1 else ""
        yield f"FAILED  {name} on {result.target}{repeat}"
        for m in outside(result):
            ids = m.requirement or ", ".join(result.requirements) or "no requirement"
            place = f"  [{where(m)}]" if where(m) else ""
            yield f"        {ids}  {text.one_line(text.measured(m))}{place}"
        if result.reason and not told(result):
            yield f"        {_ids(result)}  {text.one_line(result.reason)}"


def _ids(result: Result) -> str:
    return ", ".join(result.requirements) or "no requirement"


def _not_run(rows: list[Row]) -> Iterator[str]:
    """Requirements that aren't proved and didn't fail, those of one reason on one line."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        targets: dict[tuple[str, str], list[str]] = {}
        for cell in row.cells:
            if cell.state in WORDS:
                targets.setdefault((cell.state, cell.reason), []).append(cell.target)
        for (state, reason), mine in targets.items():
            found.setdefault((state, ", ".join(mine), reason), []).append(row.requirement.id)
    for (state, names, reason), ids in found.items():
        yield f"{WORDS[state]} on {names}: {', '.join(ids)}: {text.one_line(reason)}"


def _targets(report: Report, rows: list[Row]) -> Iterator[str]:
    for target in report.targets:
        cells = [cell for row in rows for cell in row.cells if cell.target == target.name]
        proved = sum(cell.state == "proved" for cell in cells)
        counts = (report.count(outcome, target.name) for outcome in ("passed", "failed", "not_run"))
        yield (
            "{}: {} passed, {} failed, {} not run; ".format(target.name, *counts)
            + f"{proved} of {len(cells)} requirements proved"
        )


def _verdict(report: Report) -> str:
    skipped = report.count("not_run")
    return VERDICT[report.verdict] + (f", {skipped} not run" if skipped else "")
