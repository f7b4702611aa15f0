"""Which requirement was proved on which target, by which tests, and if not, why.

It reads outcomes only: no measurement is judged anew here.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lockhil.report.model import Report, Result

STATES = ("failed", "not_run", "partly", "proved")


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
    anywhere = [r for r in report.results if requirement.id in r.requirements]
    here = [r for r in anywhere if r.target == target]
    tests = tuple(dict.fromkeys(r.test for r in here))
    failed = [r for r in here if r.outcome == "failed"]
    skipped = [r for r in here if r.outcome == "not_run"]
    if failed:
        return Cell(target, "failed", _reasons(failed), tests)
    if len(skipped) < len(here):
        open_ = [reason for reason in (_reasons(skipped), requirement.not_tested) if reason]
        return Cell(target, "partly" if open_ else "proved", "; ".join(open_), tests)
    if skipped:
        return Cell(target, "not_run", _reasons(skipped), tests)
    if anywhere:
        return Cell(target, "not_run", "its tests ran on another target only", ())
    return Cell(target, "not_run", requirement.not_tested or "no test of this run names it", ())


def _reasons(results: Sequence[Result]) -> str:
    """Their reasons, each once."""
    return "; ".join(dict.fromkeys(r.reason or "no reason given" for r in results))
