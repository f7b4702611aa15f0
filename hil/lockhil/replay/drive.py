"""Doing to a unit what a plan says, when it says so, and seeing what it does.

Where trace and target both have virtual clocks, every millisecond is the trace's own. Else a boot
takes as long as it takes: what follows it is counted from the unit's own word that it started.
"""

from collections.abc import Callable, Iterator
from functools import partial

from lockhil.bench import NotOnThisBenchError
from lockhil.replay.hand import bring, hold, strokes
from lockhil.replay.lines import is_boot
from lockhil.replay.plan import Action, Plan
from lockhil.targets import Target
from lockjudge.trace import Event, Trace

# How long a real board may take to start, and how often one looks.
_BOOT_MS = 10_000
_LOOK_MS = 10
# What is due at the trace's last instant may come a little later on a real clock.
_LINGER = 2

Step = tuple[int, str, Callable[[], None]]


class StimulusError(Exception):
    """The target's bench can't do that; the message names the stimulus, its time, and why."""


class Player:
    """One replay on one open target. NotOnThisBenchError."""

    def __init__(self, plan: Plan, target: Target, *, exact: bool) -> None:
        self._plan = plan
        self._target = target
        self._bench = target.bench
        self._exact = exact
        self._boots = plan.boots
        self._mark = 0
        if not plan.begins_with_boot:
            if not exact:
                self._until_booted(1)
            if plan.dark_ms:
                self._bench.power_cut(plan.dark_ms)
            self._mark = self._bench.mark()
        # The trace's times plus this are the target's.
        self._offset = self._first_offset = self._bench.clock.now_ms - plan.start_ms

    def run(self) -> None:
        """Do it all. StimulusError, and what the target raises when contact is lost."""
        for t_ms, words, act in sorted(self._steps(), key=lambda step: step[0]):
            self._wait(t_ms)
            try:
                act()
            except (NotOnThisBenchError, ValueError) as error:
                raise StimulusError(f"at {t_ms} ms the trace wants {words}: {error}") from None
        self._wait(self._plan.end_ms)
        if not self._exact:
            self._let_pass(_LINGER * self._target.tolerance_ms)

    def _steps(self) -> Iterator[Step]:
        for action in self._plan.actions:
            yield action.t_ms, str(action), partial(self._act, action)
        if not self._exact:
            for t_ms, place, took in strokes(self._plan.hand):
                yield t_ms, f"hand {place}", partial(self._bench.thumb_turn, place, took)
            return
        for edge in self._plan.hand:
            yield edge.t_ms - 1, f"hand {edge.place}", partial(bring, self._bench, edge)
            yield edge.t_ms, f"hand {edge.place}", partial(hold, self._bench, edge)

    def _act(self, action: Action) -> None:
        bench, value = self._bench, action.value
        if action.what == "button":
            (bench.hold_button if value else bench.release_button)()
        elif action.what == "door":
            bench.door(value)
        elif action.what == "power.source":
            bench.supply(value)
        elif action.what == "power cut":
            bench.power_cut(value)
        elif action.what == "reset":
            bench.reset(value)
        else:
            self._target.link.send_raw(value)

    def _wait(self, t_ms: int) -> None:
        if not self._exact:
            self._align(sum(boot <= t_ms for boot in self._boots))
        self._let_pass(t_ms + self._offset - self._bench.clock.now_ms)

    def _let_pass(self, ms: int) -> None:
        if ms <= 0:
            return
        try:
            self._bench.clock.advance(ms)
        except NotOnThisBenchError as error:
            raise StimulusError(f"the trace is too long for {self._target.name}: {error}") from None

    def _align(self, count: int) -> None:
        """Count times from the last of so many boots, once it is there."""
        if count and (booted := self._until_booted(count)) is not None:
            self._offset = booted - self._boots[count - 1]

    def _until_booted(self, count: int) -> int | None:
        """When the unit said for the so-manieth time that it started; waits for that."""
        until = self._bench.clock.now_ms + _BOOT_MS
        while self._bench.clock.now_ms < until:
            seen = [event.t_ms for event in self._bench.since(self._mark) if is_boot(event)]
            if len(seen) >= count:
                return seen[count - 1]
            self._let_pass(_LOOK_MS)
        return None

    def played(self) -> Trace:
        """What was seen until now, as the target's own trace."""
        return self._bench.trace(self._mark)

    def in_trace_time(self) -> list[Event]:
        """The events so far at the trace's times, each counted from its boot."""
        offset = self._first_offset
        boots = iter(self._boots)
        events = []
        for event in self.played().events:
            if not self._exact and is_boot(event) and (boot := next(boots, None)) is not None:
                offset = event.t_ms - boot
            events.append(Event(event.t_ms - offset, event.ch, event.v))
        return events
