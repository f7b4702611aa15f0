"""What a trace tells of the world around a unit: how it began, and what was then done to the unit.

It reads causes out of what was seen. What can't be read out of it is named in `notes`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lockhil.replay.hand import Edge, hand_edges
from lockhil.replay.lines import CantReplayError, is_boot, message, sent
from lockjudge.trace import Event, Trace
from locksim.board import DOORS, RESETS, SUPPLIES
from locksim.bolt import PLACES
from lockunit.settings import KINDS

STIMULI = ("button", "door", "power.source", "power", "reset", "rx")
OUTPUTS = ("led.green", "led.red", "motor", "load", "bolt", "tx")
_LONGEST_MS = 10 * 366 * 86_400_000
# A busy machine lets things wait, which an instrument in it doesn't see.
_REAL_MS = 100
ASSUMED = "a good pack, 20 C, the settings a unit is delivered with, nothing jammed or broken"


class NothingToReplayError(Exception):
    """The trace shows nothing that a unit did; the message says what it is instead."""


@dataclass(frozen=True, slots=True)
class Action:
    """One stimulus: at `t_ms` of the trace, what is done and with which value.

    A channel's name and value; `rx` with the bytes; `power cut` with its milliseconds.
    """

    t_ms: int
    what: str
    value: Any

    def __str__(self) -> str:
        return f"{self.what} {self.value!r:.60}"


@dataclass(frozen=True, slots=True)
class Plan:
    """How to open a target, what to do to it, and what of the trace to compare.

    `start_ms` to `end_ms`: the time that is replayed; `whole`: the trace says until when it goes.
    `boots`: when the unit said that it started; `begins_with_boot`: that is where the trace begins.
    `channels`: what of it is compared. `dark_ms`: for how long there is no power at its start.
    """

    options: dict[str, Any]
    actions: list[Action]
    start_ms: int
    end_ms: int
    whole: bool
    boots: list[int]
    channels: tuple[str, ...]
    begins_with_boot: bool = False
    dark_ms: int = 0
    hand: list[Edge] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plan(trace: Trace) -> Plan:
    """The plan of a trace. NothingToReplayError, CantReplayError."""
    by_unit = trace.header.get("observer") == "unit"
    # A unit doesn't see its own LEDs, and calls the bolt by other names than an onlooker.
    known = {"tx", "rx"} if by_unit else {*STIMULI, *OUTPUTS}
    watched = {event.ch for event in trace.events} & known
    if trace.events and trace.events[-1].t_ms - trace.events[0].t_ms > _LONGEST_MS:
        raise CantReplayError("it lasts for more than ten years")
    channels = tuple(ch for ch in (*STIMULI, *OUTPUTS) if ch in watched)
    if not set(channels) & set(OUTPUTS):
        raise NothingToReplayError(
            "it shows nothing of what a unit did; expected an instrument's trace or a monitor's"
        )
    events = [event for event in trace.events if event.ch in watched]
    start = trace.events[0].t_ms
    first = {event.ch: event.v for event in reversed(events) if event.t_ms == start}
    made = Plan(
        options=_options(trace, first),
        actions=[],
        start_ms=start,
        end_ms=trace.events[-1].t_ms,
        whole=trace.defect is None and trace.events[-1].ch == "end",
        boots=[event.t_ms for event in events if is_boot(event)],
        channels=channels,
        begins_with_boot=_begins_with_boot(events),
        dark_ms=_dark_ms(events, trace.events[-1].t_ms) if first.get("power") == 0 else 0,
    )
    made.actions.extend(_initial(first, start, made.notes))
    made.actions.extend(_stimuli(events, made))
    if {"bolt", "motor"} <= watched:
        made.hand.extend(hand_edges(events, uncertainty_ms(trace), made.notes))
    elif "bolt" in watched:
        made.notes.append("the motor wasn't watched: only it is taken to have moved the bolt")
    # Stable: what was done at one instant keeps its order.
    made.actions.sort(key=lambda action: action.t_ms)
    made.notes.extend(_unknown(trace, made, first))
    return made


def _begins_with_boot(events: list[Event]) -> bool:
    """Whether nothing comes before a boot but how things were at the start."""
    seen: set[str] = set()
    for event in events:
        if is_boot(event):
            return True
        if event.ch in seen or event.ch in ("tx", "rx", "reset"):
            return False
        seen.add(event.ch)
    return False


def uncertainty_ms(trace: Trace) -> int:
    """How far off the trace's own times may be."""
    told = trace.header.get("t_uncertainty_ms")
    uncertain = told if type(told) is int and told > 0 else 0
    return max(uncertain, _REAL_MS) if trace.header.get("clock") == "real" else uncertain


def _options(trace: Trace, first: dict[str, Any]) -> dict[str, Any]:
    """See `lockhil.targets.inworld.Options`."""
    options: dict[str, Any] = {}
    for ch, option, words in (
        ("bolt", "bolt", PLACES),
        ("door", "door", DOORS),
        ("power.source", "supply", SUPPLIES),
    ):
        if ch in first:
            options[option] = _one_of(first[ch].lower(), words, ch, trace.events[0].t_ms)
    unit, seed = trace.header.get("unit"), trace.header.get("seed")
    if isinstance(unit, str) and unit.isprintable() and 0 < len(unit) <= 64:
        options["unit_id"] = unit
    if type(seed) is int:
        options["seed"] = seed
    for event in trace.events:
        hello = message(event.v).get("result") if event.ch == "tx" else None
        if isinstance(hello, dict) and hello.get("kind") in KINDS:
            options["kind"] = hello["kind"]
    return options


def _one_of(word: str, words: dict[str, Any], ch: str, t_ms: int) -> str:
    if word not in words:
        raise CantReplayError(
            f"at {t_ms} ms {ch} is {word!r:.40}: expected one of {', '.join(words)}"
        )
    return word


def _initial(first: dict[str, Any], start: int, notes: list[str]) -> Iterator[Action]:
    """What must be done at once, because no target can be opened like that."""
    if first.get("button") == 1:
        notes.append("the button was held from before the trace on: it is pressed at its start")
        yield Action(start, "button", 1)


def _stimuli(events: list[Event], made: Plan) -> Iterator[Action]:
    seen: set[str] = set()
    for number, event in enumerate(events):
        # The first value of a channel is how things were, not what happened.
        lasting = event.ch in ("button", "door", "power.source", "power")
        begins = event.ch not in seen and event.t_ms == made.start_ms
        seen.add(event.ch)
        if not (lasting and begins):
            yield from _stimulus(events, number, made)


def _stimulus(events: list[Event], number: int, made: Plan) -> Iterator[Action]:
    event = events[number]
    t, ch, v = event.t_ms, event.ch, event.v
    if ch == "door":
        yield Action(t, ch, _one_of(v, DOORS, ch, t))
    elif ch in ("button", "power.source"):
        yield Action(t, ch, v)
    elif ch == "rx":
        yield Action(t, ch, sent(v, t))
    elif ch == "power" and v == 0:
        yield Action(t, "power cut", _dark_ms(events[number:], made.end_ms))
    elif ch == "reset" and not _by_power(events, number):
        yield Action(t, ch, _one_of(v, RESETS, ch, t))


def _dark_ms(events: list[Event], end_ms: int) -> int:
    """For how long power is away from the first of these on."""
    back = next((event.t_ms for event in events if event.ch == "power" and event.v == 1), None)
    # Past the end: it isn't seen to come back.
    return (end_ms + 1 if back is None else back) - events[0].t_ms


def _by_power(events: list[Event], number: int) -> bool:
    """Whether this reset is what the power's return leads to."""
    power = [event for event in events[:number] if event.ch == "power"]
    # Not the first of all: that is how things were.
    returned = len(power) > 1 and power[-1].v == 1
    return events[number].v == "power" and returned and power[-1].t_ms == events[number].t_ms


def _unknown(trace: Trace, made: Plan, first: dict[str, Any]) -> Iterator[str]:
    """What the trace doesn't tell, and what is done about it."""
    missing = [ch for ch in ("door", "bolt", "power.source", "button") if ch not in first]
    if missing:
        yield f"not in the trace at its start, so as in a new unit: {', '.join(missing)}"
    if not made.begins_with_boot:
        yield "the trace doesn't begin with the unit's boot: what it had been doing isn't known"
    others = {event.ch for event in trace.events} & {"tap", "screen", "answers"}
    if others:
        yield f"not replayed, because a person's own: {', '.join(sorted(others))}"
    if trace.defect is not None:
        yield f"the trace is broken in line {trace.defect.line}: replayed up to there"
    elif not made.whole:
        yield "the trace has no end: its last instant may be incomplete and isn't compared"
