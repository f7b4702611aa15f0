# ruff: noqa: T201 - a long run says how far it is
"""`python -m tests.fuzz.link [N]`: N times bytes gone wrong on a unit's link.

Nothing may stop the unit, nothing may grow in it, and it must do what the core does under CPython.
A unit that has a key must serve who holds a genuine credential, and be driven by nobody else.
"""

import argparse
import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import ClassVar

from lockhil.session.credentials import Role
from locksim.world import World
from tests.fuzz.handshakes import Handshakes
from tests.fuzz.holders import Holders
from tests.fuzz.lines import MEGABYTE, Lines
from tests.fuzz.peer import Peer, request, stored
from tests.fuzz.sealedlines import SealedLines
from tests.fuzz.side import Side
from tests.lockhil.virtual.rig import Rig, board

# The firmware's own start; what its heap holds after each tidying goes to the console.
MAIN = """
import gc
gc.threshold(8_192)
import lockboards.loop
from lockboards import app
class Telling:
    def collect(self):
        gc.collect()
        print(gc.mem_alloc())
lockboards.loop.gc = Telling()
app.main()
"""
HELLO_EVERY = 50
SERVE_EVERY = 1_000
A_MEGABYTE_FROM = 500
# A conservative collector takes stray numbers on the stack for objects.
SLACK_BYTES = 2_048
# Objects that CPython's collector knows: what a world gathers by its own, and no more.
SLACK_OBJECTS = 2_000
# Then the core's run goes on in another world, with the next seed.
A_WORLD = 50_000


@dataclass(frozen=True)
class Outcome:
    """What a run measured: what was alive at the start, at most, and at the end; answers told.

    Alive: bytes of the board's heap, or objects of the core's process.
    """

    start: int
    most: int
    end: int
    answers: int


@dataclass(frozen=True)
class Bed:
    """What is fuzzed: the side that is told it, and what is alive in it so far."""

    side: Side
    alive: Callable[[], list[int]]


def heap(rig: Rig) -> list[int]:
    """What the board's heap held so far each time that it had tidied it."""
    printed = rig.loop.child._printed  # type: ignore[union-attr]
    size = os.fstat(printed.fileno()).st_size
    return [int(word) for word in os.pread(printed.fileno(), size, 0).split()]


@contextmanager
def bed(core: bool, found: dict[str, bytes]) -> Iterator[Bed]:
    """The virtual board beside the core, or the core alone; `found`: what the unit finds stored."""
    if core:
        counts: list[int] = []

        def objects() -> list[int]:
            gc.collect()
            counts.append(len(gc.get_objects()))
            return counts

        yield Bed(Side([World(stored=found)]), objects)
        return
    files = {"data/unit": b"SIM-0001"} | {f"data/{name}": data for name, data in found.items()}
    # A unit with a key runs from boot.py, past the MAIN that tells of its memory.
    files["boot.py"] = b"import sys\nsys.path.insert(0, '/a')\n"
    with board(MAIN, files) as rig:
        yield Bed(Side([rig.world, World(stored=found)]), lambda: heap(rig))


class Development:
    """Anybody's bytes on a unit without a key."""

    found: ClassVar[dict[str, bytes]] = {}

    def __init__(self, side: Side, seed: int) -> None:
        self.side = side
        self.lines = Lines(seed)
        side.expecting = True
        # As for a `Holder`: here anybody may ask.
        side.say(request("update.state") + b"\n")

    def one(self) -> int:
        """Send something; how often that was."""
        self.side.say(self.lines.next(), self.lines.pause_ms())
        return 1

    def serve(self) -> None:
        """It says hello at once; see `hello`."""


class Production:
    """Strangers' bytes on a unit with a key, beside one that is left in peace.

    What is driven is the same: nothing, but what the carer asks for every now and then.
    """

    found: ClassVar[dict[str, bytes]] = stored()

    def __init__(self, side: Side, seed: int) -> None:
        random = Random(seed)
        self.side = side
        self.peace = Side([World(stored=self.found)])
        self.peace.wait(side.now_ms)
        self.peace.take_driven()
        self.lines = Lines(seed)
        self.handshakes = Handshakes(side, random)
        self.sealed = SealedLines(side, random, self.lines.mutated)
        self.kinds = [*[self._junk] * 6, *[self.handshakes.one] * 2, self.sealed.one]
        self.random = random

    def one(self) -> int:
        """Attack it somehow; how many lines that took."""
        return self.random.choice(self.kinds)()

    def _junk(self) -> int:
        told = self.side.say(self.lines.next(), self.lines.pause_ms())
        assert not any('"result":"done"' in line and '"m2"' not in line for line in told), told
        return 1

    def serve(self) -> None:
        """A carer comes to both; what is driven in both from the last time on is the same."""
        self.peace.wait(self.side.now_ms - self.peace.now_ms)
        for side in (self.side, self.peace):
            Peer(side, self.random).serve()
        attacked, left = self.side.take_driven(), self.peace.take_driven()
        assert attacked == left, f"driven: {attacked}, expected {left}"


class Holder:
    """Junk in sessions as they should be, of every role."""

    found: ClassVar[dict[str, bytes]] = stored()

    def __init__(self, side: Side, seed: int) -> None:
        lines = Lines(seed)
        self.side = side
        side.expecting = True
        self.holders = Holders(side, Random(seed), lines.next)
        self.one = self.holders.one

    def serve(self) -> None:
        """Service gets in, and is answered."""
        self.side.driven.clear()
        channel = self.holders.enter(Role.SERVICE)
        assert self.holders.peer.call(channel, "unit.hello")["sealed"] is True
        # What an update takes is loaded at the first question of one, and stays.
        assert self.holders.peer.call(channel, "update.state")["phase"] == "none"


Kind = type[Development] | type[Production] | type[Holder]
KINDS: dict[str, Kind] = {
    "development": Development,
    "production": Production,
    "holder": Holder,
}


def fuzz(
    n: int, seed: int = 1, progress: int = 0, kind: Kind = Development, core: bool = False
) -> Outcome:
    """Send `n` times something; AssertionError: it stopped, grew, or did what it mustn't."""
    with bed(core, kind.found) as made:
        side = made.side
        side.expecting = True
        side.wait(70_000)  # past the first sample
        side.take_driven()
        side.expecting = False
        run = kind(side, seed)
        run.serve()
        sent = 0
        start = 0 if core else made.alive()[-1]
        checked = served = told = 0
        # Slow to take in: a short run does without.
        middle = n // 2 if n >= A_MEGABYTE_FROM else 0
        while sent < n:
            sent += run.one()
            if middle and sent >= middle:
                side.say(MEGABYTE)
                middle = 0
            if sent >= checked:
                hello(side, sent)
                checked += HELLO_EVERY
            if sent >= served:
                run.serve()
                served += SERVE_EVERY
            if core and not start and sent >= n // 10:
                start = made.alive()[-1]
            if progress and sent >= told:
                print(f"{sent} sent, {side.told} answered, {made.alive()[-1]} alive", flush=True)
                told += progress
        hello(side, sent)
        run.serve()
        side.expecting = True
        side.wait(60_000)
        side.same()
        used = made.alive()
    slack = SLACK_OBJECTS if core else SLACK_BYTES
    assert used[-1] <= start + slack, f"{start} alive became {used[-1]}"
    return Outcome(start, max(used), used[-1], side.told)


def hello(side: Side, number: int) -> None:
    """It says hello at once; all that are told the same showed the same."""
    told = side.say(b'\n{"jsonrpc":"2.0","id":"fuzz-%d","method":"unit.hello"}\n' % number)
    assert told, f"no answer after {number}"
    assert f'"id":"fuzz-{number}","result":{{"unit":"SIM-0001"' in told[-1], told
    side.same()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", nargs="?", type=int, default=100_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unit", choices=[*KINDS], action="append", help="all, by default")
    parser.add_argument("--minutes", type=float, help="to stop after; N is the most")
    parser.add_argument("--core", action="store_true", help="the core under CPython alone: faster")
    options = parser.parse_args()
    for name in options.unit or KINDS:
        report(name, options)


def report(name: str, options: argparse.Namespace) -> None:
    """Fuzz one kind of unit, and print what that showed."""
    # The board's own time is another process's.
    clock = time.process_time if options.core else time.perf_counter
    began = clock()
    sent, seed, answers, most = 0, options.seed, 0, 0
    while sent < options.n:
        n = min(options.n - sent, A_WORLD) if options.core else options.n
        outcome = fuzz(n, seed, 10_000, KINDS[name], options.core)
        answers += outcome.answers
        most = max(most, outcome.most)
        sent += n
        seed += 1
        if options.minutes and clock() - began > 60 * options.minutes:
            break
    seconds = clock() - began
    where = "the core" if options.core else "the virtual board, the same as the core's"
    print(
        f"{name}: {sent} sent, seeds {options.seed} to {seed - 1}, {sent / seconds:.0f} a second; "
        f"{answers} lines told by {where}; alive: {outcome.start} at the start, {most} at most, "
        f"{outcome.end} at the end",
        flush=True,
    )


if __name__ == "__main__":
    main()
