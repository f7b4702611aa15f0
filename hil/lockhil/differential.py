"""The same test on several virtual clocks must leave the same traces, event by event.

It compares what was seen; verdicts where time isn't exact, on real clocks or through the air, are
compared by `report.compare`.
"""

from collections.abc import Sequence

from lockhil.report.tracediff import Row, first_difference
from lockjudge.trace import Trace


class Differential:
    """The traces of each test so far, by the target that came first."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, int], tuple[str, list[Trace]]] = {}

    def note(self, test: str, repeat: int, target: str, traces: list[Trace]) -> str:
        """Add one run's traces; where they part from an earlier target's, side by side, or ""."""
        other, earlier = self._first.setdefault((test, repeat), (target, traces))
        if other == target:
            return ""
        if len(earlier) != len(traces):
            return f"{other} opened {len(earlier)} units, {target} {len(traces)}"
        for number, (one, two) in enumerate(zip(earlier, traces, strict=True), start=1):
            rows = first_difference(one, two)
            if rows:
                unit = f" of unit {number}" if len(traces) > 1 else ""
                head = f"{other} and {target} disagree: their traces{unit} part here"
                return "\n".join([head, *side_by_side(rows, other, target)])
            if one.events != two.events:
                return f"{other} and {target} disagree on the order of what happens in one instant"
        return ""


def side_by_side(rows: Sequence[Row], one: str, other: str) -> list[str]:
    """The rows as two columns under their targets' names; `!` marks those that differ."""
    width = max(len(one), *(len(row.a) for row in rows))
    width = min(width, 100)
    lines = [f"  {one:{width}} | {other}"]
    lines += [f"{'!' if row.differs else ' '} {row.a:{width}} | {row.b}" for row in rows]
    return lines
