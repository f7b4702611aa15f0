"""The conditions of one push-button sequence as an instrument recorded its edges.

Judges edges alone; taps and answers of a person are judged in `person`.
"""

from lockjudge import limits
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
            condition("alive", alive(self.signals, self.press.t_ms, self.u)),
            condition("on the battery", self.on_the_battery()),
            condition("watched", self.watched()),
        )

    def _rel(self, t_ms: int) -> int:
        return t_ms - self.press.t_ms

    def _after_press(self, ch: str) -> list[Span]:
        """The pulses that begin after the press and may begin inside the window."""
        return [
            pulse
            for pulse in self.signals.pulses(ch)
            if pulse.on_index > self.press.index
            and self._rel(pulse.on) - self.u <= limits.WINDOW_MS
        ]

    def _surely_inside(self, pulse: Span) -> bool:
        on = self._rel(pulse.on)
        return on - self.u >= 0 and on + self.u <= limits.WINDOW_MS

    def _never(self, what: str, limit: int) -> Check:
        """The check of something that must come by `limit` and hasn't come."""
        text = f"at most {limit}"
        if self.until - self.u > limit:
            return Check(VIOLATED, f"{what} never came", self.until, text)
        return Check(UNKNOWN, f"{what} wasn't seen, nor watched long enough", self.until, text)

    def dark_before(self) -> list[Check]:
        """Both LEDs dark at the press."""
        checks = []
        for ch in LEDS:
            if not self.signals.known_at(ch, self.press.index):
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
            if not self.signals.known_at("led.green", self.press.index):
                return [Check(UNKNOWN, "led.green wasn't watched")]
            return [self._never("green", limits.GREEN_ON_MS)]
        first = self.greens[0]
        on = self._rel(first.on)
        state = at_most(on, limits.GREEN_ON_MS, self.u) if first.on_seen else UNKNOWN
        return [Check(state, "green came on", on, f"at most {limits.GREEN_ON_MS}")]

    def green(self) -> list[Check]:
        """One green, long enough, and off in time."""
        if not self.greens:
            if not self.signals.known_at("led.green", self.press.index):
                return [Check(UNKNOWN, "led.green wasn't watched")]
            return [self._never("green", limits.GREEN_OFF_MS)]
        first = self.greens[0]
        if first.off is None:
            return [self._never("green's end", limits.GREEN_OFF_MS)]
        off, length = self._rel(first.off), first.off - first.on
        long_enough = at_least(length, limits.GREEN_LENGTH_MS, 2 * self.u)
        return [
            Check(
                at_most(off, limits.GREEN_OFF_MS, self.u),
                "green went off",
                off,
                f"at most {limits.GREEN_OFF_MS}",
            ),
            Check(
                long_enough if first.on_seen else no_worse_than_unknown(long_enough),
                "green was on for",
                length,
                f"at least {limits.GREEN_LENGTH_MS}",
            ),
        ]

    def red(self) -> list[Check]:
        """One or two blinks, each brief, after green-off and in time."""
        if not self.signals.known_at("led.red", self.press.index):
            return [Check(UNKNOWN, "led.red wasn't watched")]
        blinks = [red for red in self.reds if self._rel(red.on) <= limits.RED_END_MS]
        if not blinks:
            return [self._never("red", limits.RED_END_MS)]
        checks = [check for blink in blinks for check in self._blink(blink)]
        if len(blinks) > limits.RED_MOST:
            sure = sum(map(self._surely_inside, blinks)) > limits.RED_MOST
            reason = f"red blinked {len(blinks)} times, at most {limits.RED_MOST} expected"
            checks.append(Check(VIOLATED if sure else UNKNOWN, reason))
        return checks

    def _blink(self, red: Span) -> list[Check]:
        on = self._rel(red.on)
        # An LED that is still lit goes off later than anything seen: what is too late or too long
        # already is violated, the rest unknown.
        off = self._rel(red.off) if red.off is not None else self.until
        end = at_most(off, limits.RED_END_MS, self.u)
        longest = at_most(off - on, limits.RED_LONGEST_MS, 2 * self.u)
        shortest = at_least(off - on, limits.RED_SHORTEST_MS, 2 * self.u)
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
            return Check(
                at_least(gap, 0, 2 * self.u), "red came after green went off", gap, "at least 0"
            )
        # Green hasn't gone off in all that was seen, so it can't have before this red.
        gap = red.on - self.signals.until
        watched = self.signals.known_at("led.green", self.press.index)
        state = VIOLATED if watched and gap + 2 * self.u < 0 else UNKNOWN
        return Check(state, "red came before green went off")

    def nothing_else(self) -> list[Check]:
        """No other light on either LED until the window's end."""
        late = [red for red in self.reds if self._rel(red.on) > limits.RED_END_MS]
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
        if not all(self.signals.known_at(ch, self.press.index) for ch in LEDS):
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

    def on_the_battery(self) -> list[Check]:
        """`power.source` is `battery` throughout."""
        if not self.signals.known_at("power.source", self.press.index):
            return [Check(UNKNOWN, "nobody recorded what fed the unit (power.source)")]
        checks = [
            Check(UNKNOWN, f"power.source was {span.v}")
            for span in self.signals.spans("power.source")
            if span.v != "battery" and _may_overlap(span, self.press.t_ms, self.u)
        ]
        return checks or [Check(HOLDS, "on the battery throughout")]

    def watched(self) -> list[Check]:
        """Button and both LEDs were watched, until the window's end."""
        checks = [
            Check(UNKNOWN, f"{ch} wasn't watched")
            for ch in ("button", *LEDS)
            if not self.signals.known_at(ch, self.press.index)
        ]
        end = self.signals.end()
        if end is None:
            return [*checks, Check(UNKNOWN, "the recording has no end")]
        long_enough = no_worse_than_unknown(at_least(self._rel(end), limits.WINDOW_MS, self.u))
        limit = f"at least {limits.WINDOW_MS}"
        return [*checks, Check(long_enough, "watched until", self._rel(end), limit)]


def _may_overlap(span: Span, start: int, u_ms: int) -> bool:
    """Whether `span` may reach into the window that begins at `start`."""
    begins = span.on - start - u_ms <= limits.WINDOW_MS
    return begins and (span.off is None or span.off - start + u_ms > 0)


def alive(signals: Signals, start: int, u_ms: int) -> list[Check]:
    """No reset and no loss of power from `start` (ms) to the window's end; unrecorded is none."""
    checks = []
    for _, event in signals.of("reset"):
        t = event.t_ms - start
        if t + u_ms >= 0 and t - u_ms <= limits.WINDOW_MS:
            sure = t - u_ms >= 0 and t + u_ms <= limits.WINDOW_MS
            checks.append(Check(VIOLATED if sure else UNKNOWN, "the unit was reset", t, "never"))
    for span in signals.spans("power"):
        if span.v == 0 and _may_overlap(span, start, u_ms):
            sure = span.on - start + u_ms <= limits.WINDOW_MS and (
                span.off is None or span.off - start - u_ms > 0
            )
            reason = "the unit had no power"
            checks.append(Check(VIOLATED if sure else UNKNOWN, reason, span.on - start, "never"))
    return checks or [Check(HOLDS, "no reset, no loss of power")]
