"""A battery's whole life in a lock: the real core in a world, day after day, past its end.

It lets things happen as the scenario says and takes down what came of it; it decides nothing that
the unit, the judge or the physics decide.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from lockjudge.trace import Event
from locksim.packs.live import LivePack
from locksim.scenarios.account import Account
from locksim.scenarios.agenda import DAY_MS, HOUR_MS, Events, ask_times, visit_times
from locksim.scenarios.diagnosis import press_and_watch
from locksim.scenarios.hands import Doer, Hands
from locksim.scenarios.kept import Kept
from locksim.scenarios.load import Scenario
from locksim.scenarios.result import Diagnosis, Life, Milestone, Row
from locksim.scenarios.truth import Truth
from locksim.scenarios.visitors import Counts, Visitors
from locksim.scenarios.weather import Climate
from locksim.world import World

# Somebody presses every morning, before the first visit.
_PRESS_HOUR = 6
_MINUTE_MS = 60_000
_LEVELS = ("", "UNKNOWN", "GOOD", "CHANGE_SOON", "CHANGE_NOW", "SUSPECTED_DISCHARGED")


@dataclass
class _Today:
    """What is counted within a day."""

    temperatures: list[int] = field(default_factory=list)
    runs_before: int = 0
    diagnoses: list[list[Event]] = field(default_factory=list)


class Lived:
    """One life in `world`, which was made for the scenario (see `begin`) and has not yet run.

    `progress` is told after each day how many are over; an exception of its ends the life.
    """

    def __init__(
        self, scenario: Scenario, world: World, hands: Hands | None = None, seed: int | None = None
    ) -> None:
        self.scenario = scenario
        self.world = world
        self.seed = scenario.seed if seed is None else seed
        self.kept = Kept()
        self.progress: Callable[[int], None] = lambda _: None
        self._doer = Doer(scenario, self.seed, world, hands or world)
        self._ear, self._agenda = self._doer.ear, self._doer.agenda
        self._events = Events(scenario)
        self._visitors = Visitors(scenario, world, self._ear, self._agenda)
        self._visitors.on_refused = self._refused
        self._climate = Climate(scenario.air)
        self._accounts: list[Account] = []
        self._second_hand = False
        self._today = _Today()
        self._rows: list[Row] = []
        self._diagnoses: list[Diagnosis] = []
        # Reached if it never comes up again.
        self._dead: Milestone | None = None
        pack = world.plant.pack
        assert isinstance(pack, LivePack)
        self._new_account(pack)
        self._ear.on_level = self._level
        # Not the account's own: there is another one after a change of the pack.
        self._ear.on_run = self._run
        self._doer.on_pack = self._pack
        self._doer.on_press = self._press

    @property
    def _account(self) -> Account:
        return self._accounts[-1]

    @property
    def _end_day(self) -> float:
        """When the pack let somebody down, or the unit died where nobody came; never: infinite."""
        found = self._account.lead().end_day
        if found is None and self._dead is not None:
            found = self._dead.day
        return math.inf if found is None else found

    def live(self, days: int | None = None) -> Life:
        """Live for `days`, at most the scenario's. FirmwareCrashError."""
        self._doer.supply()
        self.world.run()
        days = min(days or self.scenario.days, self.scenario.days)
        for day in range(days):
            self._day(day)
            self.progress(day + 1)
            if day + 1 >= self._end_day + self.scenario.past_end_days:
                break
        if self._dead is not None:
            self._account.add(self._dead)
        return self._result()

    def _day(self, day: int) -> None:
        self._today = _Today(runs_before=self._ear.runs)
        self._visitors.counts = Counts()
        self._plan(day)
        over = (day + 1) * DAY_MS
        for at_ms, deed in self._agenda.until(over):
            self._wait(at_ms)
            deed()
            self._account.look()
        self._wait(over)
        self._account.look()
        self._close(day)

    def _wait(self, until_ms: int) -> None:
        if until_ms > self.world.now:
            self.world.run(until_ms - self.world.now)

    def _plan(self, day: int) -> None:
        """Put the day's visits, weather and events into the agenda."""
        shown = self.world.temperature_c
        for hour in range(24):
            celsius = self._climate.at(day * 24 + hour)
            self._today.temperatures.append(celsius)
            if celsius != shown:
                shown = celsius
                self._agenda.add(day * DAY_MS + hour * HOUR_MS, partial(self._air, celsius))
        if day * DAY_MS >= self._doer.resting_until:
            for at_ms in visit_times(self.scenario, self.seed, day):
                self._agenda.add(at_ms, self._visitors.visit)
        poller = self.scenario.poller
        if poller is not None and day == poller.from_day:
            self._agenda.add(day * DAY_MS, self._doer.poll_from)
        for at_ms in ask_times(self.scenario, day):
            self._agenda.add(at_ms, self._ear.poll)
        if self._pressing():
            self._agenda.add(day * DAY_MS + _PRESS_HOUR * HOUR_MS, self._press)
        for event in self._events.due(day):
            self._doer.plan(event, day)

    def _pressing(self) -> bool:
        wanted = self.scenario.diagnose_from
        told = [*self._events.level_days, self._ear.level]
        return bool(wanted) and any(
            level in _LEVELS and _LEVELS.index(level) >= _LEVELS.index(wanted) for level in told
        )

    def _air(self, celsius: int) -> None:
        self.world.temperature_c = celsius

    def _refused(self, why: str, let_down: bool) -> None:
        if why != "BUSY":
            self._account.reach("refused", why)
        if let_down and self._account.reach("end", why):
            self.kept.end_day = self.world.now // DAY_MS

    def _press(self) -> None:
        # Where it is still busy with what somebody else just asked, a person waits too.
        self.world.run(_MINUTE_MS)
        seen = press_and_watch(self.world)
        self._today.diagnoses.append([*seen.events])
        self._diagnoses.append(
            Diagnosis(
                day=self._account.day,
                pack=self._account.number,
                green=seen.green,
                red_blinks=seen.red_blinks,
                outcome=seen.verdict.outcome,
                exit_code=seen.verdict.exit_code,
                why=seen.why,
                level=self._ear.level,
                answers=self.world.loop.running,
                discharged=self._account.truth.discharged(),
                second_hand=self._second_hand,
            )
        )

    def _run(self, result: str, by: str) -> None:
        self._account.run(result, by)

    def _level(self) -> None:
        self._events.level_days.setdefault(self._ear.level, self.world.now // DAY_MS)
        self._account.level()

    def _new_account(self, pack: LivePack) -> None:
        profile = self.scenario.pack_kind.profile
        truth = Truth(self.world, pack, profile)
        number = len(self._accounts) + 1
        self._accounts.append(
            Account(number, truth, profile.now_mv, lambda: self.world.now, self._ear)
        )

    def _pack(self, pack: LivePack, used: bool, told: str) -> None:
        self._dead = None
        self._events.new_pack()
        self._new_account(pack)
        self._second_hand = used
        self._account.reach("pack", told)

    def _close(self, day: int) -> None:
        """The day is over: a row, and the trace let go of."""
        world, today, ledger = self.world, self._today, self._doer.ledger
        counts = self._visitors.counts
        events = world.recorder.forget(world.now)
        world.wakes.clear()
        ledger.take(events, world.now)
        self._doer.supply()
        if world.loop.running:
            self._dead = None
        elif self._dead is None:
            since = max((e.t_ms for e in events if e.ch == "reset"), default=world.now)
            self._dead = self._account.milestone("dead", day=since / DAY_MS)
        self._rows.append(
            Row(
                day=day,
                pack=self._account.number,
                temperature_c=today.temperatures[-1],
                coldest_c=min(today.temperatures),
                warmest_c=max(today.temperatures),
                level=self._ear.level,
                ground=self._ear.ground,
                up=world.loop.running,
                resets=sum(event.ch == "reset" for event in events),
                visits=counts.visits,
                opened=counts.opened,
                found_open=counts.found_open,
                refused=counts.refused,
                by_hand=counts.by_hand,
                runs=self._ear.runs - today.runs_before,
                motor_mah=round(ledger.motor_mah, 3),
                test_mah=round(ledger.test_mah, 3),
                standby_mah=round(ledger.standby_mah, 3),
                radio_mah=round(ledger.radio_mah, 3),
                cells=self._account.truth.cells(),
            )
        )
        self.kept.add(day, events, today.diagnoses)

    def _result(self) -> Life:
        scenario, kind = self.scenario, self.scenario.pack_kind
        why = "the unit was asked often enough, and didn't say it"
        if self.world.loop.running and not self._ear.report().get("fits", True):
            why = "the unit's profile isn't this pack's: it judges no reading"
        return Life(
            scenario=scenario.name,
            about=" ".join(scenario.about.split()),
            pack_kind=kind.name,
            unit_kind=scenario.unit_kind.name,
            unsupported=kind.unsupported,
            lock=scenario.lock,
            seed=self.seed,
            empty_mv=kind.profile.empty_mv,
            soon_mv=kind.profile.soon_mv,
            now_mv=kind.profile.now_mv,
            discharged_mv=kind.profile.discharged_mv,
            days=len(self._rows),
            visits=sum(row.visits for row in self._rows),
            opened=sum(row.opened for row in self._rows),
            found_open=sum(row.found_open for row in self._rows),
            refused=sum(row.refused for row in self._rows),
            by_hand=sum(row.by_hand for row in self._rows),
            runs=self._ear.runs,
            milestones=[stone for account in self._accounts for stone in account.milestones],
            leads=[account.lead() for account in self._accounts],
            prompts=[account.prompt(why) for account in self._accounts],
            diagnoses=self._diagnoses,
            rows=self._rows,
        )
