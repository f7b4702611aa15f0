# ruff: noqa: T201 - a long run says how far it is
"""`python -m tests.fuzz.link [N]`: N times bytes gone wrong on the virtual board's link.

Nothing may stop it, nothing may grow in it, and it must do what the core does under CPython.
"""

import argparse
import os
from dataclasses import dataclass

from locksim.world import World
from tests.fuzz.lines import MEGABYTE, Lines
from tests.lockhil.virtual.rig import Rig, board

# The firmware's own start; what its heap holds after each tidying goes to the console.
MAIN = """
import gc
gc.threshold(4_096)
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
# A conservative collector takes stray numbers on the stack for objects.
SLACK_BYTES = 2_048


@dataclass(frozen=True)
class Outcome:
    """What a run measured: bytes in use at the start, at most, and at the end; answers told."""

    start: int
    most: int
    end: int
    answers: int


def heap(rig: Rig) -> list[int]:
    """What the board's heap held so far each time that it had tidied it."""
    printed = rig.loop.child._printed  # type: ignore[union-attr]
    size = os.fstat(printed.fileno()).st_size
    return [int(word) for word in os.pread(printed.fileno(), size, 0).split()]


def fuzz(n: int, seed: int = 1, progress: int = 0) -> Outcome:
    """Send `n` times something; AssertionError: it stopped, grew, or did what the core doesn't."""
    lines = Lines(seed)
    answers = 0
    with board(MAIN, {"data/unit": b"SIM-0001"}) as rig:
        worlds = [rig.world, World()]
        for world in worlds:
            world.run(70_000)  # past the first sample
        start = heap(rig)[-1]
        for number in range(n):
            data, pause_ms = lines.next(), lines.pause_ms()
            if number == n // 2:
                data = MEGABYTE
            for world in worlds:
                world.receive(data)
                world.run(pause_ms)
            if number % HELLO_EVERY == 0 or number == n - 1:
                answers += _still_there(worlds, number)
            if progress and number % progress == 0:
                print(f"{number} sent, {answers} answered, {heap(rig)[-1]} bytes", flush=True)
        for world in worlds:
            world.run(60_000)
        used = heap(rig)
    assert used[-1] <= start + SLACK_BYTES, f"{start} bytes in use became {used[-1]}"
    return Outcome(start, max(used), used[-1], answers)


def _still_there(worlds: list[World], number: int) -> int:
    """Each says hello, and both showed the same; how many lines they told since the last time."""
    hello = b'\n{"jsonrpc":"2.0","id":"fuzz-%d","method":"unit.hello"}\n' % number
    for world in worlds:
        world.receive(hello)
    board, core = (world.recorder.events for world in worlds)
    last = board[-1]
    assert last.ch == "tx", f"no answer after {number}: {last}"
    assert f'"id":"fuzz-{number}","result":{{"unit":"SIM-0001"' in last.v, last.v
    for one, other in zip(board, core, strict=True):
        assert one == other, f"after {number} the board shows {one}, the core {other}"
    told = sum(event.ch == "tx" for event in board)
    board.clear()
    core.clear()
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", nargs="?", type=int, default=100_000, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    outcome = fuzz(options.n, options.seed, progress=10_000)
    print(
        f"{options.n} sent, seed {options.seed}: {outcome.answers} lines told, the same as the "
        f"core's; heap in use: {outcome.start} bytes at the start, {outcome.most} at most, "
        f"{outcome.end} at the end"
    )


if __name__ == "__main__":
    main()
