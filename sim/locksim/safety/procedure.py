"""The diagnostic by the rules, on one unit: press, watch, judge; an inconclusive one once more.

The verdict is `lockjudge`'s; who watches is an instrument that errs nowhere, or a technician.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random

from simpy import Environment

from lockjudge.trace import Trace
from lockjudge.verdict import judge
from locksim.light_patterns import Lights, Pulse
from locksim.mainloop import Boot
from locksim.people import WATCH_MS, Technician
from locksim.safety.faults import Fault, seen_with
from locksim.safety.faulty import FaultyWorld
from locksim.safety.setup import Setup
from locksim.world import World

INSTRUMENT, PERSON = "instrument", "person"
OBSERVERS = (INSTRUMENT, PERSON)
ALLOWED, INCONCLUSIVE = 0, 4
# The unit is awake for this long before the press.
LEAD_MS = 2_000
# Between two attempts nobody hurries.
_PAUSE_MS = 5_000


@dataclass(slots=True)
class Diagnosis:
    """What came of it: each attempt's trace and exit code; what the unit did is in `world`."""

    world: World
    traces: list[Trace] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)

    @property
    def allowed(self) -> bool:
        """Whether the procedure ends in a yes."""
        return self.codes[-1] == ALLOWED


def diagnose(setup: Setup, fault: Fault, observer: str, rng: Random, firmware: Boot) -> Diagnosis:
    """Go through the procedure with the unit of `setup`."""
    broken = fault.broken
    world = FaultyWorld(
        broken=broken,
        storage=setup.storage,
        env=Environment(initial_time=setup.now),
        settings=setup.settings,
        pack=setup.pack,
        temperature_c=setup.temperature_c,
        supply=fault.supply,
        boot=firmware,
    )
    if fault.held_before:
        world.button(1)
    for at, happens in fault.events:
        world.timeline.after(LEAD_MS + at, partial(happens, world))
    done = Diagnosis(world)
    watch = partial(_with_eyes, Technician(rng)) if observer == PERSON else _exactly
    for _ in range(2):
        since = len(world.recorder.events)
        world.run(LEAD_MS)
        press_ms = world.now
        if not fault.dead_button:
            world.press(fault.hold_ms, fault.bounce)
        world.run(WATCH_MS)
        seen = seen_with(fault.light, world.trace(since), press_ms)
        trace = watch(seen, press_ms)
        done.traces.append(trace)
        done.codes.append(judge(trace).exit_code)
        if done.codes[-1] != INCONCLUSIVE:
            break
        world.run(_PAUSE_MS)
    return done


Watch = Callable[[Trace, int], Trace]


def _exactly(trace: Trace, _: int) -> Trace:
    return trace


def _with_eyes(technician: Technician, trace: Trace, press_ms: int) -> Trace:
    return technician.observe(
        Lights(_pulses(trace, "led.green", press_ms), _pulses(trace, "led.red", press_ms))
    )


def _pulses(trace: Trace, ch: str, press_ms: int) -> tuple[Pulse, ...]:
    pulses: list[Pulse] = []
    on: int | None = None
    for event in trace.events:
        if event.ch != ch:
            continue
        if event.v and on is None:
            on = event.t_ms - press_ms
        elif not event.v and on is not None:
            pulses.append((on, event.t_ms - press_ms))
            on = None
    return (*pulses, (on, None)) if on is not None else tuple(pulses)
