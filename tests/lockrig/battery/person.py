"""A technician who does what the screens ask, on a real simulated unit, and may be killed anywhere.

The unit lives on in `target` whatever happens to the command. No test in here.
"""

from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from lockhil.targets.base import Target
from lockrig.battery.change import Step
from lockrig.battery.driver import Driver
from lockrig.battery.procedure import Procedure
from lockrig.battery.training import TrainingUnit
from lockrig.diagnose.driver import now

RUNS = ("bolt.lock", "bolt.unlock", "bolt.release")


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

    def drop(self) -> None:
        """Nothing is tapped before it is asked for."""

    def draw(self, text: str) -> None:
        self.seen.append(text)

    def bell(self) -> None:
        """Nobody listens."""


def change(target: Target, folder: Path, person: Person, **options: object) -> Procedure:
    """One run of the command at `target`, as far as it comes."""
    role = str(options.get("role", "staff"))
    procedure = Procedure(role, "CASE-7" if role == "desk" else "", now())
    new_pack, silent = str(options.get("new_pack", "good")), bool(options.get("silent"))
    unit = TrainingUnit(target, new_pack, silent=silent)
    person.driver = Driver(procedure, folder, StringIO(), unit, target.name)
    person.driver.run(person)  # type: ignore[arg-type]
    return procedure


def commanded(target: Target) -> int:
    """How many runs of the motor were asked for on the unit's link so far."""
    asked = [event.v for event in target.bench.trace().events if event.ch == "rx"]
    return sum(f'"{method}"' in str(line) for line in asked for method in RUNS)
