"""The conditions of one push-button sequence as an instrument recorded its edges.

Judges edges alone; taps and answers of a person are judged in `person`.
"""

from lockjudge import limits, supply
from lockjudge.signals import Press, Signals, Span
from lockjudge.tristate import (
    HOLDS,
    UNKNOWN,
    VIOLATED,
    Check,
    Condition,
    at_least,
    at_most,
    condition,
    no_worse_than_unknown,
    worst,
)

LEDS = ("led.green", "led.red")


class Sequence:
    """One press and what followed it; all times are ms from the press, ± `u`."""

    def __init__(self, signals: Signals, press: Press, others: list[Press], u_ms: int) -> None:
        self.signals = signals
        self.press = press
        self.others = others
        self.u = u_ms
        self.until = signals.until - press.t_ms
        self.greens = self._after_press("led.green")
        self.reds = self._after_press("led.red")

    def conditions(self) -> tuple[Condition, ...]:
        """The nine conditions, in the table's order."""
        return (
            condition("dark before", self.dark_before()),
            condition("now", self.now()),
            condition("green", self.green()),
            condition("red", self.red()),
            condition("nothing else", self.nothing_else()),
            condition("one press", self.one_press()),
            condition("alive", supply.alive(self.signals, self.press, self.u)),
            condition("on the battery", supply.on_the_battery(self.signals, self.press, self.u)),
            condition("watched", self.watched()),
        )

    def _rel(self, t_ms: int) -> int:
        return t_ms - self.press.t_ms

    def _known(self, ch: str) -> bool:
        return self.signals.known_at(ch, self.press)

    def _after_press(self, ch: str) -> list[Span]:
        """The pulses that begin after the press, or may, and may begin inside the window."""
        return [
            pulse
            for pulse in self.signals.pulses(ch)
            if (pulse.on_index > self.press.index or self._lit_from_the_press(pulse))
            and self._rel(pulse.on) - self.u <= limits.WINDOW_MS
        ]

    def _lit_from_the_press(self, pulse: Span) -> bool:
        """Whether a pulse recorded just before the press may have begun after it, and lasted."""
        lasted = pulse.off is None or self._rel(pulse.off) - self.u > 0
        return pulse.covers(self.press.index) and lasted and self._rel(pulse.on) + self.u > 0

    def _surely_inside(self, pulse: Span) -> bool:
        on = self._rel(pulse.on)
        return on - self.u >= 0 and on + self.u <= limits.WINDOW_MS

    def _missing(self, ch: str, what: str, limit: int) -> Check:
        """The check of something on `ch` that must come by `limit` and wasn't seen to come."""
        text = f"at most {limit}"
        if not self._known(ch):
            return Check(UNKNOWN, f"{ch} wasn't watched")
        if self.until - self.u > limit:
            return Check(VIOLATED, f"{what} never came", self.until, text)
        return Check(UNKNOWN, f"{what} wasn't seen, nor watched long enough", self.until, text)

    def dark_before(self) -> list[Check]:
        """Both LEDs dark at the press."""
        checks = []
        for ch in LEDS:
            if not self._known(ch):
                checks.append(Check(UNKNOWN, f"{ch} wasn't watched before the press"))
            checks += [self._dark_beside(ch, pulse) for pulse in self.signals.pulses(ch)]
        return checks or [Check(HOLDS, "both LEDs were dark at the press")]

    def _dark_beside(self, ch: str, pulse: Span) -> Check:
        on = self._rel(pulse.on)
        # A light that is still on was on at least until the last event.
        off = self._rel(pulse.off) if pulse.off is not None else max(self.until, 0) + self.u + 1
        if pulse.covers(self.press.index):
            sure = on + self.u <= 0 and off - self.u >= 0
            return Check(VIOLATED if sure else UNKNOWN, f"{ch} was lit at the press")
        if on - self.u < 0 < off + self.u:
            return Check(UNKNOWN, f"{ch} was lit within {self.u} ms of the press")
        return Check(HOLDS, "both LEDs were dark at the press")

    def now(self) -> list[Check]:
        """Green on at once."""
        if not self.greens:
            return [self._missing("led.green", "green", limits.GREEN_ON_MS)]
        first = self.greens[0]
        on = self._rel(first.on)
        state = at_most(on, limits.GREEN_ON_MS, self.u) if first.on_seen else UNKNOWN
        return [Check(state, "green came on", on, f"at most {limits.GREEN_ON_MS}")]

    def green(self) -> list[Check]:
        """One green, long enough, and off in time."""
        if not self.greens:
            return [self._missing("led.green", "green", limits.GREEN_OFF_MS)]
        first = self.greens[0]
        limit = f"at most {limits.GREEN_OFF_MS}"
        if first.off is None:
            state = worst((at_most(self.until, limits.GREEN_OFF_MS, self.u), UNKNOWN))
            return [Check(state, "green wasn't seen to go off", self.until, limit)]
        off, length = self._rel(first.off), first.off - first.on
        long_enough = at_least(length, limits.GREEN_LENGTH_MS, 2 * self.u)
        return [
            Check(at_most(off, limits.GREEN_OFF_MS, self.u), "green went off", off, limit),
            Check(
                long_enough if first.on_seen else no_worse_than_unknown(long_enough),
                "green was on for",
                length,
                f"at least {limits.GREEN_LENGTH_MS}",
            ),
        ]

    def red(self) -> list[Check]:
        """One or two blinks, each brief, after green-off and in time."""
        blinks = [red for red in self.reds if not self._late(red)]
        if not blinks:
            return [self._missing("led.red", "red", limits.RED_END_MS)]
        checks = [check for blink in blinks for check in self._blink(blink)]
        if len(blinks) > limits.RED_MOST:
            sure = sum(map(self._surely_inside, blinks)) > limits.RED_MOST
            reason = f"red blinked {len(blinks)} times, at most {limits.RED_MOST} expected"
            checks.append(Check(VIOLATED if sure else UNKNOWN, reason))
        return checks

    def _late(self, red: Span) -> bool:
        return self._rel(red.on) - self.u > limits.RED_END_MS

    def _blink(self, red: Span) -> list[Check]:
        on = self._rel(red.on)
        # An LED that is still lit goes off later than anything seen: what is too late or too long
        # already is violated, the rest unknown.
        off = self._rel(red.off) if red.off is not None else self.until
        end = at_most(off, limits.RED_END_MS, self.u)
        longest = at_most(off - on, limits.RED_LONGEST_MS, 2 * self.u)
        shortest = at_least(off - on, limits.RED_SHORTEST_MS, 2 * self.u)
        if not red.on_seen:
            # It was lit before anybody looked.
            longest, shortest = worst((longest, UNKNOWN)), UNKNOWN
        if red.off is None:
            end, longest, shortest = worst((end, UNKNOWN)), worst((longest, UNKNOWN)), UNKNOWN
        length = "red was on for"
        return [
            Check(longest, length, off - on, f"at most {limits.RED_LONGEST_MS}"),
            Check(shortest, length, off - on, f"at least {limits.RED_SHORTEST_MS}"),
            Check(end, "red went off", off, f"at most {limits.RED_END_MS}"),
            self._after_green(red),
        ]

    def _after_green(self, red: Span) -> Check:
        first = self.greens[0] if self.greens else None
        if first is not None and first.off is not None:
            gap = red.on - first.off
            if first.covers(red.on_index):
                # At equal times the file's order counts: red came while green was on.
                gap = min(gap, -1)
            return Check(
                at_least(gap, 0, 2 * self.u), "red came after green went off", gap, "at least 0"
            )
        # Green hasn't gone off in all that was seen, so it can't have before this red.
        gap = red.on - self.signals.until
        state = VIOLATED if self._known("led.green") and gap + 2 * self.u < 0 else UNKNOWN
        return Check(state, "red came before green went off")

    def nothing_else(self) -> list[Check]:
        """No other light on either LED until the window's end."""
        late = [red for red in self.reds if self._late(red)]
        checks = [
            Check(
                VIOLATED if self._surely_inside(light) else UNKNOWN,
                "another light came on",
                self._rel(light.on),
                f"none until {limits.WINDOW_MS}",
            )
            for light in [*self.greens[1:], *late]
        ]
        watched = no_worse_than_unknown(at_least(self.until, limits.WINDOW_MS, self.u))
        if not all(map(self._known, LEDS)):
            watched = UNKNOWN
        checks.append(Check(watched, "no other light", self.until, f"until {limits.WINDOW_MS}"))
        return checks

    def one_press(self) -> list[Check]:
        """No further press until the window's end."""
        later = [self._rel(p.t_ms) for p in self.others if p.index > self.press.index]
        checks = [
            Check(UNKNOWN, "a further press", t, f"none until {limits.WINDOW_MS}")
            for t in later
            if t - self.u <= limits.WINDOW_MS
        ]
        return checks or [Check(HOLDS, "no further press")]

    def watched(self) -> list[Check]:
        """Button and both LEDs were watched, until the window's end."""
        checks = [
            Check(UNKNOWN, f"{ch} wasn't watched")
            for ch in ("button", *LEDS)
            if not self._known(ch)
        ]
        end = self.signals.end()
        if end is None:
            return [*checks, Check(UNKNOWN, "the recording has no end")]
        long_enough = no_worse_than_unknown(at_least(self._rel(end), limits.WINDOW_MS, self.u))
        limit = f"at least {limits.WINDOW_MS}"
        return [*checks, Check(long_enough, "watched until", self._rel(end), limit)]
