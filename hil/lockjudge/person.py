"""The conditions of one push-button sequence as a person tapped and answered it.

The taps give the order and the long limits, the answers what a hand is too slow for. Judges what a
person reported, and nothing that an instrument saw.
"""

from typing import Any

from lockjudge import limits, supply
from lockjudge.signals import Press, Signals
from lockjudge.trace import Event
from lockjudge.tristate import (
    HOLDS,
    UNKNOWN,
    VIOLATED,
    Check,
    Condition,
    at_least,
    at_most,
    condition,
)

# The answer that is expected of an honest good pack; a contrary one is violated ...
_GOOD = {
    "dark_before": "yes",
    "green_at_once": "yes",
    "red_while_green": "no",
    "red_short": "yes",
    "watched_to_end": "yes",
    "nothing_plugged_in": "yes",
}
# ... except where it only means that too little is known.
_ONLY_UNKNOWN = ("watched_to_end", "nothing_plugged_in")


def taps(signals: Signals) -> list[Event]:
    """The taps, a finger's double taps made one: of `start` the first, of others the last.

    Two taps are one only if no other word came between them: an interleaved tap gives an order.
    """
    merged: list[Event] = []
    for _, tap in signals.of("tap"):
        counted = merged[-1] if merged else None
        if counted is None or counted.v != tap.v or tap.t_ms - counted.t_ms > limits.TAP_BOUNCE_MS:
            merged.append(tap)
        elif tap.v != "start":
            merged[-1] = tap
    return merged


class Observation:
    """One START and what was tapped and answered after it; times are ms from START, ± `u`."""

    def __init__(self, signals: Signals, u_ms: int) -> None:
        self.signals = signals
        self.u = max(limits.PERSON_UNCERTAINTY_MS, u_ms)
        self.taps = taps(signals)
        self.starts = [tap for tap in self.taps if tap.v == "start"]
        self.start = self.starts[0].t_ms if self.starts else 0
        self.green_on = self._times("green_on")
        self.green_off = self._times("green_off")
        self.reds = self._times("red")
        self.given = signals.of("answers")

    def conditions(self) -> tuple[Condition, ...]:
        """The nine conditions, in the table's order."""
        return (
            condition("dark before", [self.answered("dark_before")]),
            condition("now", self.now()),
            condition("green", self.green()),
            condition("red", self.red()),
            condition("nothing else", self.nothing_else()),
            condition("one press", self.one_press()),
            condition("alive", self.alive()),
            condition("on the battery", self.on_the_battery()),
            condition("watched", self.watched()),
        )

    def _times(self, word: str) -> list[int]:
        return [tap.t_ms - self.start for tap in self.taps if tap.v == word]

    def _answer(self, key: str) -> Any:
        # Two sets of answers contradict each other, or were meant for two observations.
        return self.given[0][1].v.get(key) if len(self.given) == 1 else None

    def answered(self, key: str) -> Check:
        """The check of one yes/no answer."""
        answer = self._answer(key)
        if answer == _GOOD[key]:
            return Check(HOLDS, f"{key}: {answer}")
        if answer in ("yes", "no"):
            state = UNKNOWN if key in _ONLY_UNKNOWN else VIOLATED
            return Check(state, f"{key}: {answer}")
        return Check(UNKNOWN, f"{key}: {'unsure' if answer == 'unsure' else 'no clear answer'}")

    def now(self) -> list[Check]:
        """Green on at once, by the answer; a tap sooner than a hand can be is doubted."""
        checks = [self.answered("green_at_once")]
        if self.green_on and self.green_on[0] < limits.PERSON_SOONEST_MS:
            checks.append(
                Check(
                    UNKNOWN,
                    "green was tapped sooner than it can have been seen",
                    self.green_on[0],
                    f"at least {limits.PERSON_SOONEST_MS}",
                )
            )
        return checks

    def green(self) -> list[Check]:
        """One green_on, then one green_off in time."""
        if not self.green_on or not self.green_off:
            return [Check(UNKNOWN, "green on and green off weren't both tapped")]
        on, off = self.green_on[0], self.green_off[0]
        return [
            Check(
                at_most(off, limits.GREEN_OFF_MS, self.u),
                "green off was tapped",
                off,
                f"at most {limits.GREEN_OFF_MS} ± {self.u}",
            ),
            self._order("green off was tapped after green on", off - on),
        ]

    def _order(self, reason: str, gap: int) -> Check:
        """The check that one tap came after another, by `gap` ms.

        Taps in order hold as they stand: both hands were slow alike. In the wrong order they may
        still be two slow taps of the right one, unless they are too far apart for that.
        """
        state = HOLDS if gap > 0 else UNKNOWN if gap + 2 * self.u >= 0 else VIOLATED
        return Check(state, reason, gap, "more than 0")

    def red(self) -> list[Check]:
        """One or two brief blinks, all after green-off and in time, as many as answered."""
        checks = [self.answered("red_while_green"), self.answered("red_short"), self._count()]
        for red in self.reds:
            limit = f"at most {limits.RED_END_MS} ± {self.u}"
            state = at_most(red, limits.RED_END_MS, self.u)
            checks.append(Check(state, "red was tapped", red, limit))
            if self.green_off:
                gap = red - self.green_off[0]
                checks.append(self._order("red was tapped after green off", gap))
        return checks

    def _count(self) -> Check:
        count = self._answer("red_blinks")
        if type(count) is int and count == 0:
            return Check(VIOLATED, "red_blinks: 0")
        if count == "more":
            return Check(VIOLATED, "red_blinks: more than two")
        if type(count) is not int or count not in (1, 2):
            return Check(UNKNOWN, "red_blinks: no clear answer")
        if count != len(self.reds):
            return Check(UNKNOWN, f"red_blinks: {count}, but {len(self.reds)} were tapped")
        return Check(HOLDS, f"red_blinks: {count}")

    def nothing_else(self) -> list[Check]:
        """No second green."""
        checks = [
            Check(VIOLATED, "a second green was tapped", extra, "one green")
            for extra in self.green_on[1:]
        ]
        if len(self.green_off) > 1:
            checks.append(Check(UNKNOWN, "green off was tapped twice", self.green_off[1]))
        return checks or [Check(HOLDS, "no second green was tapped")]

    def one_press(self) -> list[Check]:
        """One START, and it came first."""
        checks = [
            Check(UNKNOWN, "START was tapped again", again.t_ms - self.start)
            for again in self.starts[1:]
        ]
        if self.taps[0].v != "start":
            checks.append(Check(UNKNOWN, "a light was tapped before START"))
        return checks or [Check(HOLDS, "START was tapped once")]

    def alive(self) -> list[Check]:
        """No reset and no loss of power was recorded."""
        # Of double taps on START the first counts, so the trace's first is the one.
        place = next(i for i, tap in self.signals.of("tap") if tap.v == "start")
        return supply.alive(self.signals, Press(self.start, place), self.u)

    def on_the_battery(self) -> list[Check]:
        """Nothing plugged in, by the answer and by whatever recorded the source."""
        checks = [self.answered("nothing_plugged_in")]
        for _, source in self.signals.of("power.source"):
            if source.v != "battery":
                checks.append(Check(UNKNOWN, f"power.source was {source.v}"))
        return checks

    def watched(self) -> list[Check]:
        """Watched to the end, on a visible screen, without an undo."""
        checks = [self.answered("watched_to_end")]
        if any(tap.v == "undo" for _, tap in self.signals.of("tap")):
            checks.append(Check(UNKNOWN, "a tap was undone"))
        if any(screen.v == "hidden" for _, screen in self.signals.of("screen")):
            checks.append(Check(UNKNOWN, "the screen was hidden"))
        checks += [self._late_enough(what) for what in ("answers", "end")]
        if self.given and any(i > self.given[0][0] for i, _ in self.signals.of("tap")):
            checks.append(Check(UNKNOWN, "a tap came after the answers"))
        return checks

    def _late_enough(self, what: str) -> Check:
        events = self.signals.of(what)
        if not events:
            return Check(UNKNOWN, f"{what} missing")
        t = events[0][1].t_ms - self.start
        # The two seconds over the window cover a clock that is off by up to as much.
        sure = t >= limits.PERSON_WATCH_MS and at_least(t, limits.WINDOW_MS, self.u) == HOLDS
        limit = f"at least {limits.PERSON_WATCH_MS}"
        return Check(HOLDS if sure else UNKNOWN, f"{what} came", t, limit)
