"""What a sweep came to, as a table for people and as JSON for programs, and how far it is.

It adds up, and judges nothing.
"""

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from lockhil.powercut.flash import Manner
from lockhil.powercut.sweep import Swept, Violation

# So many of one invariant in one scenario tell all there is to tell.
_SHOWN = 3


def document(swept: list[Swept], seconds: float) -> dict[str, Any]:
    """The whole result; `seconds` is how long it took, those of scenarios add up over processes."""
    scenarios = [
        {
            "scenario": one.scenario.name,
            "tells": one.scenario.tells,
            "operations": one.uncut.operations,
            "erases": one.uncut.erases,
            "cuts": one.total,
            "manners": {manner.value: count for manner, count in sorted(one.cuts.items())},
            "twice": one.twice,
            "violations": [_violation(violation) for violation in one.violations],
            "seconds": round(one.seconds, 1),
        }
        for one in swept
    ]
    return {
        "format": "lockrig-powercut/1",
        "operations": sum(one.uncut.operations for one in swept),
        "cuts": sum(one.total for one in swept),
        "violations": sum(len(one.violations) for one in swept),
        "seconds": round(seconds, 1),
        "scenarios": scenarios,
    }


def _violation(violation: Violation) -> dict[str, str]:
    return {
        "requirement": violation.requirement,
        "invariant": violation.invariant,
        "cuts": violation.cuts,
        "seen": violation.seen,
    }


def table(swept: list[Swept], seconds: float) -> str:
    """One row a scenario, and the sum."""
    manners = list(Manner)
    heads = ["scenario", "operations", *(manner.value for manner in manners), "twice"]
    heads += ["cuts", "violations", "seconds"]
    rows = [
        [
            *(one.scenario.name, one.uncut.operations),
            *(one.cuts[manner] for manner in manners),
            *(one.twice, one.total, len(one.violations), round(one.seconds, 1)),
        ]
        for one in swept
    ]
    sums: list[Any] = [sum(row[place] for row in rows) for place in range(1, len(heads) - 1)]
    rows.append(["all", *sums, round(seconds, 1)])
    lines = [f"| {' | '.join(heads)} |", f"| --- {'| ---: ' * (len(heads) - 1)}|"]
    lines += [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join(lines)


def told(violations: Iterable[Violation]) -> list[str]:
    """The violations, a line each; of those that are alike the first few."""
    counts: Counter[tuple[str, str]] = Counter()
    lines = []
    for violation in violations:
        alike = violation.scenario, violation.invariant
        counts[alike] += 1
        if counts[alike] <= _SHOWN:
            lines.append(str(violation))
    for (scenario, invariant), count in counts.items():
        if count > _SHOWN:
            lines.append(f"{scenario}, {invariant}: {count} times in all")
    return lines


class Progress:
    """How far a sweep is, and how long it still takes: a line every few seconds."""

    def __init__(self, total: int, every_s: float = 5.0) -> None:
        self._total = total
        self._every_s = every_s
        self._began = self._said = time.monotonic()

    def line(self, swept: list[Swept]) -> str:
        """A line to show, "" if it isn't time for one."""
        now = time.monotonic()
        if now - self._said < self._every_s:
            return ""
        self._said = now
        done = sum(one.cuts.total() for one in swept)
        broken = sum(len(one.violations) for one in swept)
        left_s = (now - self._began) * (self._total - done) / max(1, done)
        return f"{done} of {self._total} cuts, {broken} violations, {left_s:.0f} s to go"
