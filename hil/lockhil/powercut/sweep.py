"""The sweep: one cut for each operation on the flash and each manner, then what was violated.

It enumerates and counts; `life` does the cutting, invariants judge.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from lockhil.powercut.flash import TORN_MANNERS, Cut, Manner
from lockhil.powercut.invariants import COMES_BACK, COMMON
from lockhil.powercut.journaled import JOURNALED
from lockhil.powercut.life import Uncut, with_cuts, with_recorded_cuts, without_cut
from lockhil.powercut.recording import Recording
from lockhil.powercut.scenario import Aftermath, Scenario, told

Cuts = tuple[Cut, ...]
# A boot that writes more than this begins a history anew.
_MOST_AGAIN = 12


@dataclass(frozen=True, slots=True)
class Violation:
    """One invariant that didn't hold after these cuts, and what was seen instead."""

    scenario: str
    cuts: str
    requirement: str
    invariant: str
    seen: str

    def __str__(self) -> str:
        return f"{self.requirement} {self.invariant}: {self.scenario}, cut {self.cuts}: {self.seen}"


def violations(after: Aftermath, cuts: Cuts) -> Iterator[Violation]:
    """What doesn't hold."""
    where = ", then in the boot ".join(map(str, cuts))
    wanted = (*COMMON, *JOURNALED, *after.scenario.invariants)
    # Of a unit that is gone there is nothing else to see.
    for invariant in (COMES_BACK,) if COMES_BACK.broken(after) else wanted:
        if seen := invariant.broken(after):
            yield Violation(after.scenario.name, where, invariant.requirement, invariant.name, seen)


@dataclass(slots=True)
class Swept:
    """What the sweep of one scenario came to."""

    scenario: Scenario
    uncut: Uncut
    cuts: Counter[Manner] = field(default_factory=Counter)
    twice: int = 0
    violations: list[Violation] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def total(self) -> int:
        """How many cuts there were, those in a boot after a cut included."""
        return self.cuts.total() + self.twice


@dataclass(frozen=True, slots=True)
class Planned:
    """A scenario counted without a cut, and the cuts to make in it."""

    scenario: Scenario
    image: bytes
    uncut: Uncut
    cuts: tuple[Cut, ...]
    recording: Recording | None = None

    def after(self, cuts: Cuts) -> Aftermath:
        """What is there after these cuts. SweepError."""
        if self.recording is not None:
            return with_recorded_cuts(self.scenario, self.recording, self.uncut, cuts)
        return with_cuts(self.scenario, self.image, self.uncut, cuts)


def plan(scenario: Scenario, firmware: Path | None = None) -> Planned:
    """Count the operations of a scenario; the cuts are all that there can be."""
    image = scenario.image(firmware)
    recording = scenario.records(scenario, image, firmware) if scenario.records else None
    if recording is not None:
        said = told([line.decode() for line in recording.said])
        uncut = Uncut(said, len(recording.operations), recording.erases, 0)
    else:
        uncut = without_cut(scenario, image)
    cuts = [Cut(Manner.END)]
    cuts += [
        Cut(manner, number) for number in range(1, uncut.operations + 1) for manner in TORN_MANNERS
    ]
    if scenario.every_ms:
        instants = range(1, uncut.duration_ms, scenario.every_ms)
        cuts += [Cut(Manner.INSTANT, ms) for ms in instants]
    return Planned(scenario, image, uncut, () if uncut.died else tuple(cuts), recording)


@dataclass(frozen=True, slots=True)
class _Done:
    """What one first cut, and those in the boots after it, came to."""

    cut: Cut
    twice: int
    violations: list[Violation]
    seconds: float


def _cut(planned: Planned, cut: Cut, twice: bool) -> _Done:
    began = time.perf_counter()
    after = planned.after((cut,))
    found = list(violations(after, (cut,)))
    again = 0
    # The operations of a boot that mends what the first cut left.
    for number in range(1, min(after.recovery, _MOST_AGAIN) + 1 if twice else 1):
        for manner in (Manner.BEFORE, Manner.SCRAMBLED):
            both = (cut, Cut(manner, number))
            found += violations(planned.after(both), both)
            again += 1
    return _Done(cut, again, found, time.perf_counter() - began)


# What the processes of a pool work on: they are forked with it, for functions can't be sent.
_shared: list[Planned] = []


def _cut_shared(place: int, cut: Cut, twice: bool) -> tuple[int, _Done]:
    return place, _cut(_shared[place], cut, twice)


def sweep(
    planned: Iterable[Planned], *, twice: bool = False, jobs: int = 1
) -> Iterator[list[Swept]]:
    """Make all the cuts, in `jobs` processes; yields what there is so far after each. SweepError.

    `twice`: power goes again in the boot after each cut, at each of its operations.
    """
    _shared[:] = planned
    swept = [Swept(one.scenario, one.uncut) for one in _shared]
    for result in swept:
        if result.uncut.died:
            # There is nothing to cut in a life that ends by itself.
            after = Aftermath(result.scenario, result.uncut.said, [], result.uncut.died)
            result.violations += violations(after, ())
    tasks = [(place, cut) for place, one in enumerate(_shared) for cut in one.cuts]
    yield swept
    for place, done in _all(tasks, twice, jobs):
        result = swept[place]
        result.cuts[done.cut.manner] += 1
        result.twice += done.twice
        result.violations += done.violations
        result.seconds += done.seconds
        yield swept


def _all(tasks: list[tuple[int, Cut]], twice: bool, jobs: int) -> Iterator[tuple[int, _Done]]:
    if jobs == 1:
        for place, cut in tasks:
            yield _cut_shared(place, cut, twice)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        places, cuts = zip(*tasks, strict=True) if tasks else ((), ())
        yield from pool.map(_cut_shared, places, cuts, [twice] * len(tasks))


def every(planned: Planned, most: int, start: int = 0) -> Planned:
    """The same with at most so many cuts, evenly spread: a slice; another by each `start`."""
    step = max(1, -(-len(planned.cuts) // most))
    # Odd, so that all four manners come in turn.
    step += step % 2 == 0
    return replace(planned, cuts=planned.cuts[start % step :: step])


def last(results: Iterable[list[Swept]]) -> list[Swept]:
    """The result when all is done."""
    *_, swept = results
    return swept


def all_violations(swept: Iterable[Swept]) -> list[Violation]:
    """All that was violated."""
    return list(chain.from_iterable(one.violations for one in swept))
