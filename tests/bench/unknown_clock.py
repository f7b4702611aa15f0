# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.unknown_clock [N]`: how long a credential that is over still opens a unit.

Simulated units that knew the time until their power went, at any moment between two samples, N of
each kind; the credential ends at any moment around that. How long it still opens is found by
opening: the last moment, to ten seconds. It fails where that is longer than docs/sessions.md says.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import median, quantiles

from lockhil.session.credentials import Role
from locksim.world import World
from tests.fuzz.peer import MADE_S, Peer, RefusedError, stored
from tests.fuzz.side import Side

HOUR_S, DAY_S = 3_600, 86_400
SAMPLE_S = 6 * HOUR_S
STEP_S = 10

Cuts = list[tuple[int, int]]


@dataclass(frozen=True)
class Case:
    """So many seconds with power, then without, again and again; when the credential is over."""

    cuts: Cuts
    over_s: int

    @property
    def most_s(self) -> int:
        """How long it may open at most: the time without power, and a sample's for each loss."""
        return sum(down + SAMPLE_S for _, down in self.cuts)

    def opens(self, after_s: int) -> bool:
        """Whether it opens so long after the last return of power."""
        world = World(stored=stored(), utc_s=MADE_S)
        for up, down in self.cuts:
            world.run(1_000 * up)
            world.power_cut(1_000 * down)
            world.run(1_000 * down)
        world.run(1_000 * after_s)
        world.recorder.events.clear()
        side = Side([world])
        try:
            Peer(side, Random(1)).enter(Role.CARER, MADE_S + self.over_s)
        except RefusedError as refused:
            if str(refused) != "EXPIRED":
                raise
            return False
        return True

    def late_s(self) -> int:
        """For how long after its end it still opens; 0: it doesn't."""
        back_s = sum(up + down for up, down in self.cuts)
        least = max(0, self.over_s - back_s)
        if not self.opens(least + 1):
            return 0
        most = least + self.most_s
        if self.opens(most):
            return back_s + most - self.over_s
        while most - least > STEP_S:
            middle = (least + most) // 2
            least, most = (middle, most) if self.opens(middle) else (least, middle)
        return back_s + most - self.over_s


def logarithmic(random: Random, least: int, most: int) -> int:
    """Between these, each order of magnitude as often as another."""
    return round(least * (most / least) ** random.random())


def case(random: Random, losses: int, least_s: int, most_s: int) -> Case:
    """One, whose credential ends between 6 h before the last loss of power and a day after it."""
    cuts = [
        (random.randrange(120, 2 * DAY_S), logarithmic(random, least_s, most_s))
        for _ in range(losses)
    ]
    cut_s = sum(up + down for up, down in cuts) - cuts[-1][1]
    return Case(cuts, cut_s + random.randrange(-SAMPLE_S, DAY_S + cuts[-1][1]))


KINDS: dict[str, tuple[int, Callable[[Random], Case]]] = {
    "a change of the pack, 10 s to 30 min": (1, lambda chance: case(chance, 1, 10, 30 * 60)),
    "a dead pack, 1 h to 30 days": (5, lambda chance: case(chance, 1, HOUR_S, 30 * DAY_S)),
    "five changes, up to 2 days apart": (5, lambda chance: case(chance, 5, 10, 30 * 60)),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", nargs="?", type=int, default=1_000)
    n = parser.parse_args().n
    print(
        "hours that a credential opens after its end, on a clock that nobody set since\n\n"
        "| without power | cases | not at all | median | nine of ten below | most "
        "| most beyond the time without power |\n| --- |" + " ---: |" * 6
    )
    wrong = 0
    for name, (share, made) in KINDS.items():
        chance = Random(name)
        cases = [made(chance) for _ in range(max(10, n // share))]
        late = [one.late_s() for one in cases]
        beyond = [s - sum(down for _, down in one.cuts) for one, s in zip(cases, late, strict=True)]
        wrong += sum(s > one.most_s + STEP_S for one, s in zip(cases, late, strict=True))
        told = (median(late), quantiles(late, n=10)[-1], max(late), max(beyond))
        cells = " | ".join(f"{s / HOUR_S:.2f}" for s in told)
        print(f"| {name} | {len(late)} | {late.count(0)} | {cells} |", flush=True)
    print(f"\n{wrong} longer than is promised" if wrong else "\nnone longer than is promised")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
