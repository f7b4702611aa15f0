"""The safety figure: shares with their bounds, and whether they reach the goals.

It adds up what `run` counted, and runs nothing.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from locksim.safety.bounds import upper_bound
from locksim.safety.kinds import APART, DISCHARGED, GOOD, KINDS
from locksim.safety.procedure import PERSON
from locksim.safety.run import UNSUPPORTED, Counts, Row

# The most that may be allowed: by an instrument none, by a person one in a thousand; and the most
# good packs that a person may refuse, in per cent.
PERSON_ALLOWED = 1 / 1_000
PERSON_REFUSED_PERCENT = 5.0


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `n`, `not_drawn` besides; `goal_percent`: at most so many, None: none is set."""

    name: str
    n: int
    count: int
    not_drawn: int = 0
    goal_percent: float | None = None

    @property
    def percent(self) -> float:
        return 100 * self.count / self.n if self.n else 0.0

    @property
    def bound_percent(self) -> float:
        """The upper 95 % bound."""
        return 100 * upper_bound(self.count, self.n) if self.n else 100.0

    @property
    def missed(self) -> bool:
        """Whether there is a goal, and it isn't reached."""
        return self.goal_percent is not None and self.percent > self.goal_percent

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "n": self.n,
            "count": self.count,
            "not_drawn": self.not_drawn,
            "percent": self.percent,
            "bound_95_percent": self.bound_percent,
            "goal_percent": self.goal_percent,
        }


class Figure:
    """All shares of one run."""

    def __init__(self, counts: Counts, observer: str) -> None:
        self.counts = counts
        self.observer = observer

    @property
    def total(self) -> Share:
        """Discharged packs that were allowed."""
        goal = 100 * PERSON_ALLOWED if self.observer == PERSON else 0.0
        rows = self._rows(DISCHARGED)
        return self._share("all discharged packs", rows, goal=goal)

    def allowed(self, group: str, by: str) -> list[Share]:
        """The allowed of `group` by `kind`, `pack` or `fault`, in their own order."""
        rows = self._rows(group)
        names = dict.fromkeys(getattr(row, by) for row in sorted(rows, key=_order))
        return [
            self._share(name, [row for row in rows if getattr(row, by) == name]) for name in names
        ]

    def refused(self) -> list[Share]:
        """Good packs that were refused, by kind."""
        shares = []
        for kind in KINDS.values():
            rows = [row for row in self._rows(GOOD) if row.kind == kind.name]
            if rows:
                goal = kind.goal
                if goal is not None and self.observer == PERSON:
                    goal = PERSON_REFUSED_PERCENT
                shares.append(self._share(kind.name, rows, goal=goal, refused=True))
        return shares

    @property
    def reached(self) -> bool:
        """Whether every goal is."""
        return not any(share.missed for share in (self.total, *self.refused()))

    def as_dict(self) -> dict[str, Any]:
        """All of it, for programs."""
        groups = (DISCHARGED, UNSUPPORTED, APART)
        return {
            "observer": self.observer,
            "reached": self.reached,
            "total": self.total.as_dict(),
            "allowed": {
                group: {
                    by: [share.as_dict() for share in self.allowed(group, by)]
                    for by in ("kind", "pack", "fault")
                }
                for group in groups
            },
            "refused": [share.as_dict() for share in self.refused()],
            "cases": sorted(self.counts.cases),
        }

    def _rows(self, group: str) -> list[Row]:
        counted: Counter[Row] = self.counts.n + self.counts.not_drawn
        return [row for row in counted if row.group == group]

    def _share(
        self, name: str, rows: list[Row], *, goal: float | None = None, refused: bool = False
    ) -> Share:
        n = sum(self.counts.n[row] for row in rows)
        allowed = sum(self.counts.allowed[row] for row in rows)
        missing = sum(self.counts.not_drawn[row] for row in rows)
        return Share(name, n, n - allowed if refused else allowed, missing, goal)


def _order(row: Row) -> tuple[int, str, str]:
    return list(KINDS).index(row.kind), row.pack, row.fault
