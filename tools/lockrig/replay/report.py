"""The outcome of a replay in words: that both agree, or the two side by side.

It says what was compared and what was assumed; it compares nothing itself.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lockhil.differential import side_by_side
from lockhil.replay.plan import ASSUMED, Plan
from lockhil.report.tracediff import Row
from lockrig.trace.terminal import safe


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a replay on the target `name`.

    `rows`: where they part, if they do; `events`: how many of the trace were compared;
    `within_ms`: None is exactly; `assumed`: what the user said of what no trace tells.
    """

    name: str
    plan: Plan
    rows: tuple[Row, ...]
    events: int
    within_ms: int | None
    assumed: Sequence[str]

    def lines(self) -> Iterator[str]:
        """All there is to say."""
        name = safe(self.name)
        if self.rows:
            yield f"{name} does something else than the trace shows; they part here:"
            yield from _columns(self.rows, name)
        else:
            exactly = "to the millisecond"
            if self.within_ms is not None:
                exactly = f"within {self.within_ms} ms"
            yield (
                f"{name} does what the trace shows, {exactly}: {self.events} events over "
                f"{(self.plan.end_ms - self.plan.start_ms) / 1000:.3f} s, "
                f"{len(self.plan.actions) + len(self.plan.hand)} of them done to it"
            )
        yield f"compared: {', '.join(self.plan.channels)}"
        assumed = "".join(f"{safe(word)}, " for word in self.assumed)
        yield f"assumed, because no trace tells it: {assumed}{'else ' if assumed else ''}{ASSUMED}"
        for note in self.plan.notes:
            yield f"note: {safe(note)}"


def _columns(rows: tuple[Row, ...], name: str) -> Iterator[str]:
    """Both side by side, as wide as the terminal; what doesn't fit and differs, below in full."""
    width = max(20, (shutil.get_terminal_size().columns - 8) // 2)
    cut = [Row(_cut(row.a, width), _cut(row.b, width), row.differs) for row in rows]
    yield from side_by_side(cut, "trace", name)
    first = next(row for row in rows if row.differs)
    if max(len(first.a), len(first.b)) > width:
        wide = max(len("trace"), len(name))
        yield "the first that differs, in full:"
        yield f"  {'trace':{wide}} | {safe(first.a)}"
        yield f"  {name:{wide}} | {safe(first.b)}"


def _cut(text: str, width: int) -> str:
    shown = safe(text)
    return shown if len(shown) <= width else f"{shown[: width - 4]} ..."
