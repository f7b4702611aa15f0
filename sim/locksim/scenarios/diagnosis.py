"""The push-button diagnostic in a life: pressed in the world, and judged on what was recorded.

The verdict is `lockjudge`'s; here somebody only presses and watches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lockjudge.trace import Event
from lockjudge.tristate import HOLDS
from lockjudge.verdict import Verdict, judge
from locksim.world import World

# Watched for so long: the judge wants 30 s.
_WATCHED_MS = 31_000


@dataclass(frozen=True, slots=True)
class Observed:
    """The lights, the verdict with its reasons, and the events that it was judged by."""

    green: bool
    red_blinks: int
    verdict: Verdict
    why: list[str]
    events: Sequence[Event]


def press_and_watch(world: World) -> Observed:
    """Press now and watch to the end."""
    since = len(world.recorder.events)
    world.press()
    world.run(_WATCHED_MS)
    trace = world.trace(since)
    verdict = judge(trace)
    lit = {ch: sum(e.v == 1 for e in trace.events if e.ch == ch) for ch in _LEDS}
    why = [
        f"{r.name}: {r.reason}" for s in verdict.sequences for r in s.conditions if r.state != HOLDS
    ]
    return Observed(
        green=lit["led.green"] > 0,
        red_blinks=lit["led.red"],
        verdict=verdict,
        why=[*why, *verdict.doubts],
        events=trace.events[:-1],
    )


_LEDS = ("led.green", "led.red")
