"""Which requirement was proved on which target, by which tests, and if not, why.

It reads outcomes only: no measurement is judged anew here.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lockhil.report import text
from lockhil.report.model import Report, Result
from lockhil.report.results import outside

STATES = ("failed", "open", "not_run", "partly", "proved")
"""`open`: not proved, as its test failed, but on what was measured for other requirements."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement by its id; `not_tested` says what no test can prove yet."""

    id: str
    group: str
    text: str
    not_tested: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One requirement on one target: one of STATES, why it isn't proved, and its tests."""

    target: str
    state: str
    reason: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement with a cell for each of the report's targets, in their order."""

    requirement: Requirement
    cells: tuple[Cell, ...]

    def merged(self) -> list[tuple[Cell, int]]:
        """The cells with how many targets each is for: one where all say the same."""
        said = {(cell.state, cell.reason, cell.tests) for cell in self.cells}
        if len(said) == 1 and not self.cells[0].tests:
            return [(self.cells[0], len(self.cells))]
        return [(cell, 1) for cell in self.cells]


@cache
def requirements() -> tuple[Requirement, ...]:
    """The requirements of `requirements.toml`, in its order."""
    data = files("lockhil.report").joinpath("requirements.toml").read_text("utf-8")
    return tuple(Requirement(**entry) for entry in tomllib.loads(data)["requirement"])


def requirement_matrix(report: Report, known: Sequence[Requirement] | None = None) -> list[Row]:
    """A row for each requirement, and for each id besides that a test names."""
    rows = list(requirements() if known is None else known)
    ids = {requirement.id for requirement in rows}
    strangers = dict.fromkeys(i for r in report.results for i in r.requirements if i not in ids)
    rows += [Requirement(i, "Named by tests alone", "not in the list") for i in strangers]
    return [
        Row(
            requirement, tuple(_cell(requirement, target.name, report) for target in report.targets)
        )
        for requirement in rows
    ]


def _cell(requirement: Requirement, target: str, report: Report) -> Cell:
    anywhere = [r for r in report.results if requirement.id in _named(r)]
    here = [r for r in anywhere if r.target == target]
    tests = tuple(dict.fromkeys(r.test for r in here))
    failed = [r for r in here if r.outcome == "failed"]
    blamed = [r for r in failed if requirement.id in _blamed(r)]
    skipped = [r for r in here if r.outcome == "not_run"]
    if blamed:
        return Cell(target, "failed", _joined(_why(r, requirement.id) for r in blamed), tests)
    if failed:
        others = dict.fromkeys(i for r in failed for i in _blamed(r))
        return Cell(target, "open", f"its test failed on {', '.join(others)}", tests)
    if len(skipped) < len(here):
        missing = [reason for reason in (_reasons(skipped), requirement.not_tested) if reason]
        return Cell(target, "partly" if missing else "proved", "; ".join(missing), tests)
    if skipped:
        return Cell(target, "not_run", _reasons(skipped), tests)
    if anywhere:
        return Cell(target, "not_run", "its tests ran on another target only", ())
    return Cell(target, "not_run", requirement.not_tested or "no test of this run names it", ())


def _named(result: Result) -> set[str]:
    """The ids that the test names, and those that a measurement of it broke."""
    return {*result.requirements, *(m.requirement for m in outside(result) if m.requirement)}


def _blamed(result: Result) -> list[str]:
    """The ids that a failed test speaks against: the measured ones, if each has its id, or all."""
    ids = [m.requirement for m in outside(result)]
    named = [i for i in ids if i is not None]
    return named if named and len(named) == len(ids) else [*result.requirements, *named]


def _why(result: Result, requirement: str) -> str:
    """Why it failed: what was measured for that requirement, else the test's own reason."""
    mine = [text.measured(m) for m in outside(result) if m.requirement == requirement]
    return "; ".join(mine) or result.reason or "no reason given"


def _reasons(results: Iterable[Result]) -> str:
    return _joined(result.reason or "no reason given" for result in results)


def _joined(reasons: Iterable[str]) -> str:
    """The reasons, each once."""
    return "; ".join(dict.fromkeys(reasons))
