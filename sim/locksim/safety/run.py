"""Runs many cases, in this process or in several; the order they end in changes no figure.

It counts; what the counts mean is `figure`'s.
"""

import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TypedDict

from locksim.mainloop import Boot
from locksim.packs.load import kinds as pack_kinds
from locksim.safety.case import Label, run_case
from locksim.safety.kinds import APART, DISCHARGED, GOOD, KINDS
from locksim.safety.procedure import INSTRUMENT
from lockunit.unit import Unit

UNSUPPORTED = "unsupported"
# Enough for an even load; a stop waits for what has begun.
_PIECE = 40
# Of each task so many cases are told of; all are counted.
_TOLD = 20
# How many cases of each good kind, each kind apart, all unsupported, as shares of the runs.
_GOOD, _APART, _UNSUPPORTED = 1 / 10, 1 / 50, 1 / 20
_LEAST = 4


class _Same(TypedDict):
    """What all tasks of a run have in common."""

    seed: int
    observer: str


@dataclass(frozen=True, slots=True)
class Task:
    """The cases `start` to `stop` of one kind, spread over `packs`."""

    group: str
    kind: str
    packs: tuple[str, ...]
    start: int
    stop: int
    seed: int
    observer: str = INSTRUMENT


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """What is counted together."""

    group: str
    kind: str
    pack: str
    fault: str


@dataclass(slots=True)
class Counts:
    """Cases, those of them that were allowed, those that chance didn't make, and who they were."""

    n: Counter[Row] = field(default_factory=Counter)
    allowed: Counter[Row] = field(default_factory=Counter)
    not_drawn: Counter[Row] = field(default_factory=Counter)
    cases: list[str] = field(default_factory=list)

    def add(self, more: "Counts") -> None:
        """Count these too."""
        self.n += more.n
        self.allowed += more.allowed
        self.not_drawn += more.not_drawn
        self.cases += more.cases


def plan(runs: int, seed: int, observer: str, packs: Sequence[str] = ()) -> list[Task]:
    """The tasks of a run with `runs` discharged packs; `packs`: of these kinds alone.

    ValueError names the packs that there are.
    """
    known = pack_kinds()
    for name in packs:
        if name not in known:
            raise ValueError(f"expected packs out of {', '.join(known)}, got {name!r}")
    chosen = packs or tuple(known)
    supported = tuple(name for name in chosen if not known[name].unsupported)
    others = tuple(name for name in chosen if known[name].unsupported)
    discharged = [kind for kind in KINDS.values() if kind.group == DISCHARGED]
    weights = sum(kind.weight for kind in discharged)
    same: _Same = {"seed": seed, "observer": observer}
    tasks: list[Task] = []
    for kind in KINDS.values():
        if kind.group == DISCHARGED:
            share = kind.weight / weights
            tasks += _pieces(DISCHARGED, kind.name, supported, runs * share, **same)
            tasks += _pieces(UNSUPPORTED, kind.name, others, runs * _UNSUPPORTED * share, **same)
        else:
            share = kind.weight * (_GOOD if kind.group == GOOD else _APART)
            tasks += _pieces(kind.group, kind.name, supported, runs * share, **same)
    return tasks


def _pieces(
    group: str, kind: str, packs: tuple[str, ...], cases: float, *, seed: int, observer: str
) -> Iterator[Task]:
    if not packs:
        return
    n = max(_LEAST, round(cases))
    for start in range(0, n, _PIECE):
        yield Task(group, kind, packs, start, min(n, start + _PIECE), seed, observer)


def carry_out(task: Task, firmware: Boot = Unit) -> Counts:
    """Go through one task's cases."""
    counts = Counts()
    for index in range(task.start, task.stop):
        pack = task.packs[index % len(task.packs)]
        case = run_case(Label(task.kind, pack, index, task.seed), task.observer, firmware)
        row = Row(task.group, task.kind, pack, case.fault.name)
        if case.diagnosis is None:
            counts.not_drawn[row] += 1
            continue
        counts.n[row] += 1
        counts.allowed[row] += case.allowed
        # What nobody can see is allowed often: a count says enough.
        wrong = case.allowed != (task.group == GOOD) and task.group != APART
        if wrong and len(counts.cases) < _TOLD:
            counts.cases.append(case.describe())
    return counts


def run(
    tasks: Sequence[Task], workers: int = 1, firmware: Boot = Unit
) -> Iterator[tuple[Task, Counts]]:
    """Each task with its counts as it ends; with one worker in this process."""
    if workers <= 1:
        for task in tasks:
            yield task, carry_out(task, firmware)
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_deaf)
    try:
        running = {pool.submit(carry_out, task, firmware): task for task in tasks}
        for done in as_completed(running):
            yield running[done], done.result()
    finally:
        # After ctrl-C too: what has begun ends, nothing else begins.
        pool.shutdown(cancel_futures=True)


def _deaf() -> None:
    """Ctrl-C is for the process that asked for the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
