"""Living a scenario on a target: opens it as the scenario begins, and shows how far it is.

The life itself is `locksim.scenarios`'; here are only the target, the terminal and their errors.
"""

import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from lockhil.bench import NotOnThisBenchError
from lockhil.targets import open_target
from lockhil.targets.inworld import WorldBench
from lockjudge.trace import Event
from lockrig.errors import Exit, LockrigError
from lockrig.targets import LOST, enter, one_line
from locksim.scenarios.begin import first_pack
from locksim.scenarios.life import Lived
from locksim.scenarios.load import Scenario
from locksim.scenarios.result import Life
from locksim.scenarios.weather import Climate

TARGETS = ("sim", "virtual")
_SHOWN_AFTER_S = 2.0
_EVERY_S = 0.2
_BAR = 24


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A life, and what was kept of its trace."""

    life: Life
    header: dict[str, Any]
    events: list[Event]


def live(scenario: Scenario, target: str, seed: int, days: int | None) -> Lifetime:
    """Live `scenario` on `target`. LockrigError."""
    climate = Climate(scenario.air)
    degrees = climate.at(0)
    with ExitStack() as stack:
        unit = enter(
            stack,
            open_target(
                target,
                pack=first_pack(scenario, seed, degrees),
                profile=scenario.unit_kind.name,
                kind=scenario.lock,
                temperature=degrees,
                seed=seed,
            ),
        )
        assert isinstance(unit.bench, WorldBench)
        _can_bear(unit.bench, climate, days or scenario.days)
        world = unit.bench.world
        lived = Lived(scenario, world, unit.bench, seed)
        progress = stack.enter_context(Progress(min(days or scenario.days, scenario.days)))
        lived.progress = progress.day
        try:
            life = lived.live(days)
        except NotOnThisBenchError as error:
            raise LockrigError(one_line(error), Exit.NO_CONTACT) from None
        except LOST as error:
            raise LockrigError(f"{target}: {one_line(error)}", Exit.FAILED) from None
        return Lifetime(life, dict(world.recorder.header), list(lived.kept.events()))


def _can_bear(bench: WorldBench, climate: Climate, days: int) -> None:
    """Refuse weather that the bench can't show before the life begins, not years later."""
    now = bench.world.temperature_c
    try:
        for degrees in climate.span(days):
            bench.temperature(degrees)
        bench.temperature(now)
    except NotOnThisBenchError as error:
        raise LockrigError(one_line(error), Exit.NO_CONTACT) from None


class Progress:
    """A line on a terminal's standard error: how far, and how long to go."""

    def __init__(self, days: int) -> None:
        self._days = days
        self._began = self._shown = time.monotonic()
        self._wide = 0
        self._on = sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._wide:
            self._print("")

    def day(self, done: int) -> None:
        """So many days are over."""
        now = time.monotonic()
        if not self._on or now - self._began < _SHOWN_AFTER_S or now - self._shown < _EVERY_S:
            return
        self._shown = now
        filled = _BAR * done // self._days
        to_go = (now - self._began) * (self._days - done) / done
        bar = "#" * filled + "." * (_BAR - filled)
        self._print(f"[{bar}] day {done} of at most {self._days}, {to_go:.0f} s to go at most")

    def _print(self, line: str) -> None:
        with suppress(OSError):
            sys.stderr.write(f"\r{line:<{self._wide}}" + ("" if line else "\r"))
            sys.stderr.flush()
        self._wide = max(self._wide, len(line))
