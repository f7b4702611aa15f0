"""How often a technician's eyes refuse good packs, and allow what a perfect observer refuses.

It measures the judge together with the assumed people of `people`; it says nothing of real ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from lockjudge.trace import FORMAT, Event, Trace
from lockjudge.verdict import judge
from locksim.light_faults import FLASHES, GROSS, NEAR
from locksim.light_patterns import Lights, Maker
from locksim.people import Eyes, Technician, Wording

WATCHED_MS = 30_000
INCONCLUSIVE = 4


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `n` procedures of one kind."""

    kind: str
    n: int
    count: int

    @property
    def percent(self) -> float:
        """The share in per cent."""
        return 100 * self.count / self.n


def seen_perfectly(lights: Lights) -> Trace:
    """What an instrument without uncertainty records of `lights`, watched from before they came."""
    pulses = [("led.green", p) for p in lights.green] + [("led.red", p) for p in lights.red]
    begin = min([0, *(on for _, (on, _) in pulses)]) - 1
    first = [("button", 0), ("led.green", 0), ("led.red", 0), ("power.source", "battery")]
    events = [Event(begin, ch, v) for ch, v in first]
    edges = [Event(0, "button", 1), Event(150, "button", 0)]
    for ch, (on, off) in pulses:
        edges.append(Event(on, ch, 1))
        if off is not None:
            edges.append(Event(off, ch, 0))
    events += sorted(edges, key=lambda edge: edge.t_ms)
    events.append(Event(max(events[-1].t_ms, WATCHED_MS), "end", "complete"))
    header = {"format": FORMAT, "observer": "instrument", "t_uncertainty_ms": 0}
    return Trace(header, events)


def refused_perfectly(lights: Lights) -> bool:
    """Whether a perfect observer of `lights` refuses."""
    return judge(seen_perfectly(lights)).exit_code != 0


def allowed_by(technician: Technician, lights: Lights) -> bool:
    """Whether the procedure ends in a yes: after INCONCLUSIVE it is repeated, once."""
    first = judge(technician.observe(lights)).exit_code
    if first != INCONCLUSIVE:
        return first == 0
    return judge(technician.observe(lights)).exit_code == 0


def refused_good_packs(
    maker: Maker, n: int, seed: int, wording: Wording | None = None, eyes: Eyes | None = None
) -> int:
    """How many of `n` good packs whose lights `maker` makes are refused."""
    rng = _random(f"good {seed}")
    technician = Technician(rng, eyes=eyes or Eyes(), wording=wording or Wording())
    return sum(not allowed_by(technician, maker(rng)) for _ in range(n))


def allowed_faults(
    kinds: dict[str, Maker],
    n: int,
    seed: int,
    wording: Wording | None = None,
    eyes: Eyes | None = None,
) -> Iterator[Share]:
    """For each kind how many of `n` faulty units are allowed though a perfect observer refuses.

    A pattern that happens to be good is made anew.
    """
    for kind, make in kinds.items():
        rng = _random(f"{kind} {seed}")
        technician = Technician(rng, eyes=eyes or Eyes(), wording=wording or Wording())
        yield Share(kind, n, sum(allowed_by(technician, _faulty(make, rng)) for _ in range(n)))


def _random(seed: str) -> Random:
    return Random(seed)  # noqa: S311 - a measurement must be repeatable


def _faulty(make: Maker, rng: Random) -> Lights:
    while not refused_perfectly(lights := make(rng)):
        pass
    return lights


EVERY_KIND = {**GROSS, **NEAR, **FLASHES}
