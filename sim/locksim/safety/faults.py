"""What goes wrong on top during a diagnostic: resets, cables, contacts, lights, readings.

Each fault is drawn for one case and put on its world; it never touches what is true of the pack.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random

from lockjudge.trace import Event, Trace
from locksim.safety.faulty import Broken
from locksim.world import World

# The unit's own sequence is over by then.
SEQUENCE_MS = 15_000
# Coprime with the number of instants: every one comes once before any comes again.
_STRIDE = 6_151
_BEFORE_MS = 2_000
RESETS = ("brown-out", "watchdog", "power")


@dataclass(frozen=True, slots=True)
class Light:
    """An LED (`ch`) that from `since_ms` after the press (None: always) shows `v`."""

    ch: str
    v: int
    since_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """`events`: (ms from the press, what happens to the world); `bounce`, `hold_ms`: the press."""

    name: str
    broken: Broken = field(default_factory=Broken)
    events: tuple[tuple[int, Callable[[World], None]], ...] = ()
    light: Light | None = None
    supply: str = "battery"
    hold_ms: int = 150
    bounce: tuple[int, ...] = ()
    held_before: bool = False
    dead_button: bool = False


def _cut(world: World, ms: int) -> None:
    world.power_cut(ms)


def _reset(world: World, cause: str) -> None:
    world.reset(cause)


def _supply(world: World, supply: str) -> None:
    world.set_supply(supply)


def _open(world: World) -> None:
    """The motor runs: no fault, but the pack isn't at rest."""
    world.receive(b'{"jsonrpc":"2.0","id":1,"method":"bolt.unlock"}\n')


def _led(ch: str, v: int) -> "Maker":
    def make(rng: Random, _: int, __: int) -> Fault:
        since = None if rng.random() < 0.5 else rng.randint(-1_000, SEQUENCE_MS)
        return Fault("", light=Light(ch, v, since))

    return make


def _bouncing(rng: Random, _: int, __: int) -> Fault:
    flips = 2 * rng.randint(1, 6)
    return Fault("", bounce=tuple(rng.randint(0, 12) for _ in range(flips)))


def _held(rng: Random, _: int, __: int) -> Fault:
    return Fault("", hold_ms=rng.randint(5_000, 60_000))


def _stuck_before(_: Random, __: int, ___: int) -> Fault:
    return Fault("", held_before=True)


def _dead(_: Random, __: int, ___: int) -> Fault:
    return Fault("", dead_button=True)


def _contact(rng: Random, _: int, __: int) -> Fault:
    at = rng.randint(-_BEFORE_MS + 1, SEQUENCE_MS)
    return Fault("", events=((at, partial(_cut, ms=rng.randint(1, 20_000))),))


def _usb_before(rng: Random, _: int, __: int) -> Fault:
    if rng.random() < 0.5:
        return Fault("", supply="external")
    # Unplugged just before, or in the middle.
    at = rng.randint(-500, SEQUENCE_MS)
    return Fault("", supply="external", events=((at, partial(_supply, supply="battery")),))


def _usb_during(rng: Random, _: int, __: int) -> Fault:
    at = rng.randint(0, SEQUENCE_MS)
    events = [(at, partial(_supply, supply="external"))]
    if rng.random() < 0.5:
        events.append((at + rng.randint(0, 5_000), partial(_supply, supply="battery")))
    return Fault("", events=tuple(events))


def _opened(earliest_ms: int, latest_ms: int) -> "Maker":
    def make(rng: Random, _: int, __: int) -> Fault:
        at = rng.randint(earliest_ms, latest_ms)
        return Fault("", events=((at, _open),))

    return make


def _power_cut(rng: Random, index: int, _: int) -> Fault:
    return Fault("", events=((_instant(index), partial(_cut, ms=rng.randint(1, 2_000))),))


def _reset_by(cause: str) -> "Maker":
    def make(_: Random, index: int, __: int) -> Fault:
        return Fault("", events=((_instant(index), partial(_reset, cause=cause)),))

    return make


def _instant(index: int) -> int:
    return index * _STRIDE % (SEQUENCE_MS + 1)


def _adc(rng: Random, _: int, __: int) -> Fault:
    return Fault("", broken=Broken(gain=1 + rng.uniform(-0.01, 0.01)))


def _adc_apart(rng: Random, _: int, cells: int) -> Fault:
    gains = tuple(1 + rng.uniform(-0.01, 0.01) for _ in range(cells))
    return Fault("", broken=Broken(node_gains=gains))


def _no_thermometer(_: Random, __: int, ___: int) -> Fault:
    return Fault("", broken=Broken(no_thermometer=True))


def _offset(rng: Random, _: int, __: int) -> Fault:
    return Fault("", broken=Broken(offset_c=rng.randint(-3, 3)))


def _load(state: str) -> "Maker":
    def make(_: Random, __: int, ___: int) -> Fault:
        return Fault("", broken=Broken(load=state))

    return make


# Makes a fault from chance, the case's number, and how many cells there are.
Maker = Callable[[Random, int, int], Fault]

NONE = "none"
FAULTS: dict[str, Maker] = {
    "green dark": _led("led.green", 0),
    "green stuck lit": _led("led.green", 1),
    "red dark": _led("led.red", 0),
    "red stuck lit": _led("led.red", 1),
    "button held": _held,
    "button stuck before": _stuck_before,
    "button bounces": _bouncing,
    "button dead": _dead,
    "pack's contact lost": _contact,
    "USB before": _usb_before,
    "USB during": _usb_during,
    "power cut in the sequence": _power_cut,
    **{f"{cause} reset in the sequence": _reset_by(cause) for cause in RESETS},
    "readings off by up to 1 %": _adc,
    "each tap off by up to 1 %": _adc_apart,
    "opened just before": _opened(1 - _BEFORE_MS, 0),
    "opened in the sequence": _opened(0, SEQUENCE_MS),
    "no thermometer": _no_thermometer,
    "thermometer off by up to 3 C": _offset,
    "load never on": _load("off"),
    "load always on": _load("on"),
}
# So many cases have none.
_NO_FAULT = 0.4


def draw_fault(rng: Random, index: int, cells: int) -> Fault:
    """A fault for the case with this number, or none."""
    if rng.random() < _NO_FAULT:
        return Fault(NONE)
    name = rng.choice(list(FAULTS))
    return replace(FAULTS[name](rng, index, cells), name=name)


def seen_with(light: Light | None, trace: Trace, press_ms: int) -> Trace:
    """`trace` as it looks when one LED is broken."""
    if light is None:
        return trace
    begin = trace.events[0].t_ms
    since = begin if light.since_ms is None else max(begin, press_ms + light.since_ms)
    kept = [event for event in trace.events if event.ch != light.ch or event.t_ms < since]
    # Of equal times it stays in front: an LED that is stuck from the start was never seen else.
    events = sorted([Event(since, light.ch, light.v), *kept], key=lambda event: event.t_ms)
    return Trace(trace.header, events, trace.defect)
