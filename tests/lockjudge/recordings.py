"""Traces for the judge's tests: a good one of each kind, and ways to spoil it.

All times are ms from the press or from START, which comes `PRESS_MS` into the trace. Every trace is
written and read back, so that the judge sees what a file would give it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from lockjudge.trace import FORMAT, Event, Trace, format_trace, parse_trace
from lockjudge.verdict import Verdict, judge

PRESS_MS = 5_000
CONDITIONS = (
    "dark before",
    "now",
    "green",
    "red",
    "nothing else",
    "one press",
    "alive",
    "on the battery",
    "watched",
)
HOLDS, UNKNOWN, VIOLATED = "holds", "unknown", "violated"
ALLOWED, SUSPECTED, INCONCLUSIVE = "CHANGE_ALLOWED", "SUSPECTED_DISCHARGED", "INCONCLUSIVE"
FIRST = (
    (-PRESS_MS, "button", 0),
    (-PRESS_MS, "led.green", 0),
    (-PRESS_MS, "led.red", 0),
    (-PRESS_MS, "power.source", "battery"),
)
GOOD_GREEN = ((100, 4_000),)
GOOD_RED = ((7_000, 7_300),)
Pulses = Sequence[tuple[int, int | None]]
Extra = Iterable[tuple[int, str, Any]]

GOOD_ANSWERS = {
    "dark_before": "yes",
    "green_at_once": "yes",
    "red_while_green": "no",
    "red_short": "yes",
    "watched_to_end": "yes",
    "nothing_plugged_in": "yes",
    "red_blinks": 1,
}


def without(ch: str) -> list[tuple[int, str, Any]]:
    """The first values of a recording that doesn't begin with `ch`."""
    return [event for event in FIRST if event[1] != ch]


def reread(header: dict[str, Any], events: Iterable[Event]) -> Trace:
    """The trace as a file of it would be read."""
    return parse_trace("\n".join(format_trace(header, events)).encode())


def in_order(events: Extra, shift: int = 0) -> list[Event]:
    """Events sorted by time; equal times keep the order in which they were given."""
    return [Event(t + shift, ch, v) for t, ch, v in sorted(events, key=lambda event: event[0])]


def recorded(
    *,
    green: Pulses = GOOD_GREEN,
    red: Pulses = GOOD_RED,
    button: Pulses = ((0, 150),),
    end: int | None = 30_000,
    u: Any = 0,
    observer: Any = "instrument",
    first: Extra = FIRST,
    extra: Extra = (),
    before: Extra = (),
) -> Trace:
    """An instrument's trace of one sequence; `extra` events follow others of the same time."""
    events = [*first, *before]
    for ch, pulses in (("button", button), ("led.green", green), ("led.red", red)):
        for on, off in pulses:
            events.append((on, ch, 1))
            if off is not None:
                events.append((off, ch, 0))
    events += extra
    if end is not None:
        events.append((end, "end", None))
    header = {"format": FORMAT, "observer": observer, "t_uncertainty_ms": u}
    return reread({k: v for k, v in header.items() if v != "absent"}, in_order(events, PRESS_MS))


def observed(
    *,
    taps: Iterable[tuple[int, str]] | None = None,
    green_on: int = 900,
    green_off: int = 4_600,
    reds: Sequence[int] = (7_600,),
    answers: dict[str, Any] | None = None,
    answers_at: int = 32_000,
    end: int | None = 32_000,
    u: Any = 10,
    extra: Extra = (),
    **answered: Any,
) -> Trace:
    """A person's trace of one sequence; keyword arguments that are answers replace good ones."""
    if taps is None:
        taps = [(0, "start"), (green_on, "green_on"), (green_off, "green_off")]
        taps += [(red, "red") for red in reds]
    given = {**GOOD_ANSWERS, "red_blinks": len(reds), **answered} if answers is None else answers
    events: list[tuple[int, str, Any]] = [(t, "tap", word) for t, word in taps]
    events += [*extra, (answers_at, "answers", given)]
    if end is not None:
        events.append((end, "end", None))
    header = {"format": FORMAT, "observer": "person", "t_uncertainty_ms": u}
    return reread({k: v for k, v in header.items() if v != "absent"}, in_order(events, PRESS_MS))


def states(trace: Trace, sequence: int = 0) -> dict[str, str]:
    """Condition -> state."""
    return {row.name: row.state for row in judge(trace).sequences[sequence].conditions}


def spoilt(trace: Trace, sequence: int = 0) -> dict[str, str]:
    """The conditions that don't hold."""
    return {name: state for name, state in states(trace, sequence).items() if state != HOLDS}


def end_of(verdict: Verdict) -> tuple[str, int]:
    """What a verdict comes to; checked against each other by every test that asks."""
    expected = {ALLOWED: 0, SUSPECTED: 3, INCONCLUSIVE: 4}[verdict.outcome]
    assert verdict.exit_code == expected
    return verdict.outcome, verdict.exit_code


def outcome(trace: Trace, doubts: Sequence[str] = ()) -> str:
    """The outcome, its exit code checked."""
    return end_of(judge(trace, doubts))[0]
