"""The account of one pack in a life: its milestones, its warnings, how soon it was told of.

It is told what happened, and takes the truth of that moment down; it lets no time pass.
"""

from collections.abc import Callable

from locksim.scenarios.agenda import DAY_MS
from locksim.scenarios.ear import Ear
from locksim.scenarios.result import Lead, Milestone, Prompt
from locksim.scenarios.truth import Truth

_LEVELS = ("UNKNOWN", "GOOD", "CHANGE_SOON", "CHANGE_NOW", "SUSPECTED_DISCHARGED")
_TOLD_NOW = _LEVELS[3:]
NONE_ENDED = "no run of the motor came to its end after the model's cell showed it"


class Account:
    """Of the pack `number` (the first is 1)."""

    def __init__(
        self, number: int, truth: Truth, now_mv: int, clock: Callable[[], int], ear: Ear
    ) -> None:
        self.number = number
        self.truth = truth
        self.milestones: list[Milestone] = []
        self._now_mv = now_mv
        self._clock = clock
        self._ear = ear
        self._shown_on: float | None = None
        self._runs_since = 0
        self._told_after: int | None = None

    @property
    def day(self) -> float:
        """Days of the life so far."""
        return round(self._clock() / DAY_MS, 3)

    def has(self, what: str) -> bool:
        """Whether it has reached this milestone."""
        return any(stone.what == what for stone in self.milestones)

    def reach(self, what: str, why: str = "", cell: int = 0) -> bool:
        """It reaches a milestone now; False if it had reached it before."""
        if any((stone.what, stone.cell) == (what, cell) for stone in self.milestones):
            return False
        self.milestones.append(self.milestone(what, why, cell))
        return True

    def milestone(
        self, what: str, why: str = "", cell: int = 0, *, day: float | None = None
    ) -> Milestone:
        """One as it would be now, with the truth of now; `day`: of another one."""
        return Milestone(
            day=self.day if day is None else round(day, 3),
            pack=self.number,
            what=what,
            why=why,
            cell=cell,
            cells=self.truth.cells(),
        )

    def add(self, milestone: Milestone) -> None:
        """Put one in that was reached earlier than could be known."""
        self.milestones.append(milestone)
        self.milestones.sort(key=lambda stone: stone.day)

    def look(self) -> None:
        """Take down what happened to its cells."""
        for what, cell in self.truth.news():
            self.reach(what, cell=cell)

    def level(self) -> None:
        """The unit told its level."""
        level, ground = self._ear.level, self._ear.ground
        if level in _TOLD_NOW and self._shown_on is not None and self._told_after is None:
            self._told_after = self._runs_since
        if level not in _LEVELS[:2]:
            self.reach(level, "" if ground == "none" else ground)

    def run(self, result: str, by: str) -> None:
        """A run of the motor ended, or didn't even begin."""
        if by == "relock" and result == "INSUFFICIENT_BATTERY":
            self.reach("stays_open", result)
        if self._told_after is not None:
            return
        if self._shown_on is None:
            if self._ear.level in _TOLD_NOW or self.truth.weakest_mv() >= self._now_mv:
                return
            self._shown_on = self.day
        if result == "done":
            self._runs_since += 1

    def lead(self) -> Lead:
        """How many days before its end the levels came."""
        days = {stone.what: stone.day for stone in reversed(self.milestones)}
        end = days.get("end")

        def before(*levels: str) -> float | None:
            told = [days[level] for level in levels if level in days]
            return None if end is None or not told else round(end - min(told), 3)

        return Lead(
            pack=self.number,
            soon_days=before(*_LEVELS[2:]),
            now_days=before(*_LEVELS[3:]),
            end_day=end,
        )

    def prompt(self, why_never: str) -> Prompt:
        """How soon the unit said CHANGE_NOW; `why_never`: what else may have kept it from it."""
        if self._shown_on is None:
            told = any(self.has(level) for level in _TOLD_NOW)
            why = "the unit said it before the model's cell showed it" if told else ""
            return Prompt(pack=self.number, shown_on=None, runs=None, why_not=why)
        if self._told_after is not None:
            return Prompt(pack=self.number, shown_on=self._shown_on, runs=self._told_after)
        why = why_never if self._runs_since else NONE_ENDED
        return Prompt(pack=self.number, shown_on=self._shown_on, runs=None, why_not=why)
