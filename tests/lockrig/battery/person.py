"""A technician who does what the screens ask, on a real simulated unit, and may be killed anywhere.

The unit lives on in `target` whatever happens to the command. No test in here.
"""

import secrets
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from lockhil.targets.base import Target
from lockrig.battery.change import Step
from lockrig.battery.driver import Driver
from lockrig.battery.procedure import Procedure
from lockrig.battery.training import TrainingUnit
from lockrig.diagnose.keeping import now
from lockrig.diagnose.terminal import RealClock

RUNS = ("bolt.lock", "bolt.unlock", "bolt.release")


class Clock(RealClock):
    """A clock that stands still unless somebody waits for a key."""

    resolution_ms = 1

    def __init__(self) -> None:
        super().__init__()
        self.t_ms = 1_000_000

    def ms(self) -> int:
        return self.t_ms


class Killed(BaseException):
    """kill -9: nothing catches it."""


class Person:
    """A terminal with somebody at it: `habits` says what is tapped at a step, ENTER where nothing.

    `at` is called before each key, with the procedure and how many keys came before.
    """

    def __init__(self, at: Callable[[Procedure, int], None] | None = None, **habits: str) -> None:
        self.habits = {"SIGNS": "n", "SIGNS_AGAIN": "n", "CONFIRM": "y", "PULLED": "y", **habits}
        self.keys_given = 0
        self.seen: list[str] = []
        self.steps: Counter[Step] = Counter()
        self.driver: Driver | None = None
        self.clock: RealClock | None = None
        self._at = at

    def keys(self, timeout_s: float) -> list[str]:
        assert self.driver is not None
        procedure = self.driver.procedure
        if timeout_s == 0 or procedure.step is Step.WAIT:
            return []
        self.keys_given += 1
        if self._at is not None:
            self._at(procedure, self.keys_given)
        self.steps[procedure.step] += 1
        typed = {Step.LABEL: "t-1", Step.LABEL_AGAIN: "t-1", Step.CASE: procedure.change.case}
        if procedure.step in typed:
            return [*typed[procedure.step], "enter"]
        key = self.habits.get(procedure.step.name, "enter")
        return [] if key == "wait" else [key]

    def key(self) -> str:
        while True:
            if keys := self.keys(3600):
                return keys[0]

    def drop(self) -> None:
        """Nothing is tapped before it is asked for."""

    def draw(self, text: str) -> None:
        self.seen.append(text)

    def bell(self) -> None:
        """Nobody listens."""


class Watcher(Person):
    """One who goes through the diagnosis, too, with eyes on the training unit's lights.

    `presses`: the lock's button as well, after START. It reacts within 0.6 s.
    """

    ANSWERS = (
        ("red light from green", "y"),
        ("bulging, hot or wet", "n"),
        ("free of cables? No charger", "y"),
        ("standing ready", "enter"),
        ("Question 1 ", "y"),
        ("Question 2 ", "y"),
        ("Question 3 ", "n"),
        ("Question 4 ", "2"),
        ("Question 5 ", "y"),
        ("Question 6 ", "y"),
        ("Question 7 ", "y"),
        ("this is right", "enter"),
    )

    def __init__(self, *, presses: bool = True, **habits: str) -> None:
        super().__init__(**habits)
        self.clock: Clock = Clock()
        self.presses = presses
        self._started_ms: int | None = None
        self._taps = [(50, "b"), (700, "g"), (4_300, "g"), (7_500, "r"), (9_100, "r")]

    def keys(self, timeout_s: float) -> list[str]:
        assert self.driver is not None
        self.clock.t_ms += int(min(timeout_s, 1) * 1_000)
        if self.driver.procedure.step is not Step.DIAGNOSE:
            return super().keys(timeout_s)
        if "START:" in self.seen[-1] and self._started_ms is None and timeout_s:
            self._started_ms = self.clock.t_ms
            return [" "]
        if self._started_ms is not None and "Recording" in self.seen[-1]:
            return self._tap(self.clock.t_ms - self._started_ms)
        if timeout_s < 1:
            return []
        return next([key] for text, key in self.ANSWERS if text in self.seen[-1])

    def _tap(self, since_ms: int) -> list[str]:
        if not self._taps or since_ms < self._taps[0][0]:
            return []
        key = self._taps.pop(0)[1]
        return [key] if self.presses or key != "b" else []


def change(target: Target, folder: Path, person: Person, **options: object) -> Procedure:
    """One run of the command at `target`, as far as it comes."""
    role = str(options.get("role", "staff"))
    ident = secrets.token_hex(4)
    procedure = Procedure(role, "CASE-7" if role == "desk" else "", now(), ident)
    new_pack, silent = str(options.get("new_pack", "good")), bool(options.get("silent"))
    unit = TrainingUnit(target, new_pack, silent=silent)
    clock = person.clock
    person.driver = Driver(procedure, folder, StringIO(), unit, target.name, clock=clock)
    person.driver.run(person)  # type: ignore[arg-type]
    return procedure


def commanded(target: Target) -> int:
    """How many runs of the motor were asked for on the unit's link so far."""
    asked = [event.v for event in target.bench.trace().events if event.ch == "rx"]
    return sum(f'"{method}"' in str(line) for line in asked for method in RUNS)
