"""Where in a trace a hand moved the bolt, and the same movement on a bench.

The bolt changing while the motor stands still is a hand's work. When the hand took hold and when it
let go isn't seen; what it does against a running motor can't be told from the motor's own work.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lockhil.bench import Bench
from lockjudge.trace import Event

# From locked to unlocked.
_STROKE = ("locked", "between", "unlocked")
# Where the motor drives it.
_END = {1: "locked", -1: "unlocked"}
# A hand that brought the bolt half way is still turning it; nobody waits for that long.
_SLOW_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Edge:
    """At `t_ms` a hand has brought the bolt from one place to another."""

    t_ms: int
    came_from: str
    place: str


def hand_edges(events: list[Event], slack_ms: int, notes: list[str]) -> Iterator[Edge]:
    """The edges that a hand made, where motor and bolt were watched.

    So long after the motor stopped the bolt may still be its work: `slack_ms`.

    What a hand did and a bench's hand can't do goes into `notes`.
    """
    place = ""
    half_way = False
    motor = driven = 0
    stopped_ms: int | None = None
    for event in events:
        if event.ch == "motor":
            # Within an instant the bolt arrives before or after the motor is switched off.
            driven, stopped_ms = motor or event.v, None if event.v else event.t_ms
            if motor and not event.v and not slack_ms and place != _END[motor]:
                notes.append(f"at {event.t_ms} ms something had stopped the motor: not replayed")
            motor = event.v
        elif event.ch == "bolt":
            came_from, place = place, event.v.lower()
            if came_from not in _STROKE or place not in _STROKE:
                continue
            if stopped_ms is not None and event.t_ms > stopped_ms + slack_ms:
                driven = 0
            if driven == 0:
                yield Edge(event.t_ms, came_from, place)
            elif half_way:
                notes.append(f"before {event.t_ms} ms a hand left the bolt half way: ours holds on")
            elif _STROKE.index(place) - _STROKE.index(came_from) == driven:
                # The motor's 1 locks: it went the other way than the motor drove it.
                notes.append(f"at {event.t_ms} ms a hand beat the motor: that isn't replayed")
            half_way = driven == 0 and place == "between"


def bring(bench: Bench, edge: Edge) -> None:
    """Let the bolt be there in a millisecond: called one before the edge.

    Only so the edges come when they did, from wherever within an end switch's reach the motor had
    left the bolt.
    """
    if edge.place == "between":
        # Half way in a millisecond, and hardly any further once `hold` is called.
        bench.thumb_turn(_other(edge.came_from), 2)
    else:
        bench.thumb_turn(edge.place, 1)


def hold(bench: Bench, edge: Edge) -> None:
    """Called at the edge: keep the hand on a bolt that it has brought half way."""
    if edge.place == "between":
        bench.thumb_turn(_other(edge.came_from), _SLOW_MS)


def _other(end: str) -> str:
    return "locked" if end == "unlocked" else "unlocked"


def strokes(edges: list[Edge]) -> Iterator[tuple[int, str, int]]:
    """The same as whole turns, for clocks that no millisecond can be counted on: when each begins,
    to which end it goes, and how many milliseconds it takes."""
    began: int | None = None
    for edge in edges:
        if edge.place == "between":
            began = edge.t_ms
        else:
            start = edge.t_ms if began is None else began
            # The switches take up a part of the way, here as in `locksim.bolt`.
            took = max(1, (edge.t_ms - start) * 25 // 24)
            yield start - took // 50, edge.place, took
            began = None
