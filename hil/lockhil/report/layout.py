"""Which test stands where in the report: sections, tests, and a test's runs by case and target.

It puts results in order and picks the repetition to show; it draws nothing and makes no markup.
"""

import re
from dataclasses import dataclass

from lockhil.report import text
from lockhil.report.matrix import requirements
from lockhil.report.model import Report, Result
from lockhil.report.results import by_name, numbered, told, worst

ELSEWHERE = "Tests that name no requirement"


@dataclass(frozen=True, slots=True)
class Run:
    """One case of a test on one target: all its repetitions."""

    anchor: str
    case: str
    """The test's parameters, or its number where they aren't known; empty for a plain test."""
    repetitions: tuple[Result, ...]

    @property
    def result(self) -> Result:
        """The repetition that speaks for all."""
        return worst(self.repetitions)

    @property
    def passed(self) -> int:
        """How many repetitions passed."""
        return sum(r.outcome == "passed" for r in self.repetitions)

    @property
    def marginal(self) -> bool:
        """Whether the shown repetition came near a limit."""
        return any(m.marginal for m in self.result.measurements)

    @property
    def told(self) -> bool:
        """Whether its reason only repeats a measurement that is shown anyway."""
        return told(self.result)

    def spreads(self) -> dict[int, str]:
        """What the shown repetition's n-th measurement spread over, where repetitions differ."""
        others = [by_name(result.measurements) for result in self.repetitions]
        found = {}
        for n, key in enumerate(by_name(self.result.measurements)):
            same = [ms[key] for ms in others if key in ms]
            values = [m.value for m in same if m.value is not None]
            if values and min(values) != max(values):
                shown = text.quantity(max(values), same[0].unit)
                found[n] = f"{text.number(min(values))} to {shown}"
        return found


@dataclass(frozen=True, slots=True)
class Test:
    """One test function with its runs."""

    number: int
    name: str
    title: str
    requirements: tuple[str, ...]
    runs: tuple[Run, ...]

    def tallies(self) -> list[tuple[str, str, str]]:
        """For each target: its name, its worst outcome, and how many runs had it if not all."""
        found = []
        for target in dict.fromkeys(run.result.target for run in self.runs):
            here = [run.result for run in self.runs if run.result.target == target]
            outcome = worst(here).outcome
            same = sum(result.outcome == outcome for result in here)
            count = "" if len(here) == 1 else f"{same} of {len(here)} "
            found.append((target, outcome, count))
        return found


@dataclass(frozen=True, slots=True)
class Section:
    """The tests whose first requirement belongs to one group."""

    heading: str
    tests: tuple[Test, ...]


def base(test: str) -> tuple[str, str]:
    """A node id without its parameters, and the parameters."""
    found = re.fullmatch(r"(.*?)(?:\[(.*)\])?", test, re.DOTALL)
    assert found is not None
    return found[1], found[2] or ""


def sections(report: Report) -> list[Section]:
    """Tests in the order of the first requirement that they name, under its group."""
    known = {requirement.id: n for n, requirement in enumerate(requirements())}
    by_test: dict[str, dict[tuple[str, str], list[Result]]] = {}
    for (test, target, occurrence, _), result in numbered(report.results).items():
        name, case = base(test)
        case = case or (f"#{occurrence}" if occurrence > 1 else "")
        by_test.setdefault(name, {}).setdefault((case, target), []).append(result)

    def ids(name: str) -> list[str]:
        named = {i for rs in by_test[name].values() for r in rs for i in r.requirements}
        return sorted(named, key=lambda i: (known.get(i, len(known)), i))

    def place(name: str) -> int:
        return known.get(next(iter(ids(name)), ""), len(known))

    found: dict[str, list[Test]] = {}
    runs = 0
    for number, name in enumerate(sorted(by_test, key=place), start=1):
        groups = list(by_test[name].items())
        cases = tuple(
            Run(f"run-{runs + n}", case, tuple(results))
            for n, ((case, _), results) in enumerate(groups, start=1)
        )
        runs += len(groups)
        first = place(name)
        heading = requirements()[first].group if first < len(known) else ELSEWHERE
        title = cases[0].result.title or name
        found.setdefault(heading, []).append(Test(number, name, title, tuple(ids(name)), cases))
    return [Section(heading, tuple(tests)) for heading, tests in found.items()]
