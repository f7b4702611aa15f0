"""A simulated technician: watches two lights with human eyes, taps with a human hand, answers.

Gives what a person's trace would hold. It knows the lights alone: neither the verdict nor what a
perfect observer saw. What is assumed of eyes and hands stands in `Eyes`, `Hands` and `Wording`;
none of it was measured on technicians (`docs/safety.md` says what follows).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from lockjudge.trace import FORMAT, Event, Trace
from locksim.light_patterns import Lights, Pulse

WATCH_MS = 32_000
# START lies this far into the trace.
ORIGIN_MS = 1_000
_FOR_EVER = 10**9

# A light as it was seen: on and off, in ms from the press.
Seen = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Eyes:
    """What is seen, in seconds where not said otherwise."""

    weber: float = 0.15
    """Standard deviation of a judged duration, as a share of it. Visual intervals of 0.07 s to
    minutes: 0.1-0.2 (Lewis & Miall 2009); 0.22 for 3 and 6 s (Wackermann & Spati 2006)."""
    shortest: float = 0.12
    """Every shorter light seems to last this long: 0.12-0.24 (Efron 1970)."""
    order: float = 0.04
    """Standard deviation of which of two events came first; 0.02 tells them apart in three of four
    trials (Hirsh & Sherrick 1961), which is a deviation of 0.03."""
    before: float = 0.05
    """A light that comes this little before one's own press seems to come with it (assumed)."""
    fusion_ms: int = 20
    """A shorter darkness isn't seen."""
    blinks_per_min: float = 4.5
    """Eye blinks while attending (Bentivoglio et al. 1997, reading)."""
    closure_ms: int = 100
    """What begins and ends within one isn't seen."""


@dataclass(frozen=True, slots=True)
class Hands:
    """How it is tapped, in seconds."""

    lead: tuple[float, float] = (0.1, 0.5)
    """START before the press."""
    reaction: tuple[float, float] = (0.2, 0.9)
    missed: float = 0.003
    doubled: float = 0.002
    double_gap: tuple[float, float] = (0.1, 0.7)
    late: float = 0.003
    lateness: tuple[float, float] = (2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Wording:
    """Where the questions' words set the limit between two answers, in seconds."""

    at_once: float = 0.6
    """'No time to wonder, well under a second'."""
    blink: float = 0.7
    """'A blink, well under a second'."""
    flash: float = 0.2
    """'Each time alike; a mere flash, too short to see that it was lit: unsure'; 0: not said."""
    lasting: float = 1.0
    """'Only once, steadily, for longer than a second'; 0: not asked."""
    pause: float = 0.2
    """'No clear pause of darkness between green and red'; 0: only whether both were lit."""
    countable: float = 0.3
    """'Too quick to count for sure: answer unsure' for shorter gaps; 0: not said."""


TERSE = Wording(flash=0, lasting=0, pause=0, countable=0)
"""The bare questions, to measure what their hints are worth."""


@dataclass(slots=True)
class Technician:
    """Somebody with these eyes and hands who was asked in these words."""

    rng: Random
    eyes: Eyes = field(default_factory=Eyes)
    hands: Hands = field(default_factory=Hands)
    wording: Wording = field(default_factory=Wording)

    def observe(self, lights: Lights) -> Trace:
        """One observation of `lights`, as the trace of a person's taps and answers."""
        closures = list(self._closures())
        green = self._seen(lights.green, closures)
        red = self._seen(lights.red, closures)
        lead = round(1_000 * self.rng.uniform(*self.hands.lead))
        start = ORIGIN_MS
        taps = self._tapped("start", start)
        for on, off in self._tappable(green):
            taps += self._reacted("green_on", start + lead + on, start)
            taps += self._reacted("green_off", start + lead + off, start)
        for on, _ in red:
            taps += self._reacted("red", start + lead + on, start)
        # What comes after the signal at the end isn't recorded.
        taps = sorted((t, word) for t, word in taps if t < start + WATCH_MS)
        done = start + WATCH_MS + round(1_000 * self.rng.uniform(3, 20))
        events = [Event(t, "tap", word) for t, word in taps]
        events.append(Event(done, "answers", self._answers(green, red)))
        events.append(Event(done, "end", "complete"))
        return Trace({"format": FORMAT, "observer": "person", "t_uncertainty_ms": 10}, events)

    # Eyes

    def _closures(self) -> Iterator[tuple[int, int]]:
        """The eyelids' closures around the watch, in ms from the press."""
        mean_ms = 60_000 / self.eyes.blinks_per_min
        t = -2_000.0
        while (t := t + self.rng.expovariate(1 / mean_ms)) < WATCH_MS:
            yield int(t), int(t) + self.eyes.closure_ms
            t += self.eyes.closure_ms

    def _seen(self, pulses: tuple[Pulse, ...], closures: list[tuple[int, int]]) -> list[Seen]:
        """The pulses as they were seen; what never goes off does so after the watch."""
        seen: list[Seen] = []
        for on, end in pulses:
            off = _FOR_EVER if end is None else end
            if _hidden(on, off, closures):
                continue
            if seen and (
                on - seen[-1][1] < self.eyes.fusion_ms or _hidden(seen[-1][1], on, closures)
            ):
                seen[-1] = (seen[-1][0], off)
            else:
                seen.append((on, off))
        return seen

    def _lasts(self, ms: int, limit_s: float) -> bool:
        """Whether a light or a wait of `ms` seems longer than `limit_s`."""
        lasts = max(ms / 1_000, self.eyes.shortest)
        return lasts * math.exp(self.rng.gauss(0, self.eyes.weber)) > limit_s

    def _jitter(self) -> float:
        """How far off, in ms, the order of two events seems."""
        return 1_000 * self.rng.gauss(0, self.eyes.order)

    # Hands

    def _tappable(self, green: list[Seen]) -> list[Seen]:
        """A green that flickers quicker than a hand is tapped as one."""
        one: list[Seen] = []
        for on, off in green:
            if one and on - one[-1][1] < 300:
                one[-1] = (one[-1][0], off)
            else:
                one.append((on, off))
        return one

    def _reacted(self, word: str, t: int, start: int) -> list[tuple[int, str]]:
        """The taps for what is seen at `t`; what was so before START isn't tapped."""
        if t < start:
            return []
        return self._tapped(word, t + round(1_000 * self.rng.uniform(*self.hands.reaction)))

    def _tapped(self, word: str, t: int) -> list[tuple[int, str]]:
        """A tap that was meant for `t`, as it became."""
        chance = self.rng.random()
        if chance < self.hands.missed:
            return []
        chance -= self.hands.missed
        if chance < self.hands.doubled:
            return [(t, word), (t + round(1_000 * self.rng.uniform(*self.hands.double_gap)), word)]
        if chance - self.hands.doubled < self.hands.late:
            t += round(1_000 * self.rng.uniform(*self.hands.lateness))
        return [(t, word)]

    # Answers

    def _answers(self, green: list[Seen], red: list[Seen]) -> dict[str, Any]:
        return {
            "dark_before": _yes(not any(map(self._seems_before, [*green, *red]))),
            "green_at_once": _yes(self._at_once(green)),
            "red_while_green": self._together(green, red),
            "red_short": self._short([off - on for on, off in red]),
            "watched_to_end": "yes",
            "nothing_plugged_in": "yes",
            "red_blinks": self._count(red),
        }

    def _seems_before(self, light: Seen) -> bool:
        return light[0] + self._jitter() < -1_000 * self.eyes.before

    def _at_once(self, green: list[Seen]) -> bool:
        if not green or self._lasts(green[0][0], self.wording.at_once):
            return False
        if not self.wording.lasting:
            return True
        return len(green) == 1 and self._lasts(green[0][1] - green[0][0], self.wording.lasting)

    def _together(self, green: list[Seen], red: list[Seen]) -> str:
        """Whether a red and a green seemed lit together: "unsure" without a clear pause."""
        pauses = [
            max(r_on, g_on) - min(r_off, g_off) + self._jitter()
            for r_on, r_off in red
            for g_on, g_off in green
        ]
        if any(pause < 0 for pause in pauses):
            return "yes"
        return "unsure" if any(ms < 1_000 * self.wording.pause for ms in pauses) else "no"

    def _short(self, lengths_ms: list[int]) -> str:
        """Whether each red seemed a short blink, and all alike: "unsure" of mere flashes."""
        if not lengths_ms or any(self._lasts(ms, self.wording.blink) for ms in lengths_ms):
            return "no"
        clear = [not self.wording.flash or self._lasts(ms, self.wording.flash) for ms in lengths_ms]
        if all(clear):
            return "yes"
        return "no" if any(clear) else "unsure"

    def _count(self, red: list[Seen]) -> int | str:
        if len(red) > 2:
            return "more"
        shortest = 1_000 * self.wording.countable
        quick = shortest and any(
            on - off + self._jitter() < shortest for (_, off), (on, _) in pairwise(red)
        )
        return "unsure" if quick else len(red)


def _hidden(begin: int, end: int, closures: list[tuple[int, int]]) -> bool:
    """Whether something from `begin` to `end` lies wholly behind closed lids."""
    return any(down <= begin and end <= up for down, up in closures)


def _yes(so: bool) -> str:
    return "yes" if so else "no"
