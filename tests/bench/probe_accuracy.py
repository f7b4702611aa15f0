# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.probe_accuracy [ROUNDS]`: how right a probe's times are.

Its edges beside the truth of the harness, on both clocks.

On a virtual pair, not on hardware: an interrupt there is a message to another process of this
machine, so the figures of the real clock are this machine's as much as the probe's.
"""

import statistics
import sys

from lockhil.client import Link
from lockhil.probe.bench import ProbeBench
from lockhil.targets.options import Options
from lockhil.targets.pair import open_pair
from lockhil.targets.probed import start
from lockjudge.trace import Event

# What the trace calls them -> the unit's net, and the level that begins.
EDGES = (("led.green", "green"), ("led.red", "red"), ("load", "load"))
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3


def main() -> None:
    """Diagnostics and runs, and how late each edge of them was stamped."""
    for name in ("pair", "pair:real"):
        with open_pair(name, Options()) as (bench, line, _, pair):
            link = Link(line)
            start(bench, link, Options(), target=name)
            for _ in range(ROUNDS):
                bench.press()
                bench.clock.advance(seconds=31)
                link.call("bolt.unlock")
                link.call("bolt.lock")
            apart_ms = pair.now - bench.now_ms
            off_ms = _errors(bench, [Event(e.t_ms - apart_ms, e.ch, e.v) for e in pair.events])
        print(f"{name}: {len(off_ms)} edges, stamped by the probe's clock as our clock has it")
        _say(off_ms, bench.probe.uncertain_ms)


def _errors(bench: ProbeBench, truth: list[Event]) -> list[int]:
    """Each edge's time in the bench's trace, less its time on the harness's clock, ms."""
    seen = bench.trace().events
    found: list[int] = []
    for ch, net in EDGES:
        ours = [(e.v, e.t_ms) for e in seen if e.ch == ch and e.t_ms > 0]
        theirs = [(e.v, e.t_ms) for e in truth if e.ch == net and e.t_ms > 0]
        assert [v for v, _ in ours] == [v for v, _ in theirs], f"an edge of {net} is lost"
        found += [t - u for (_, t), (_, u) in zip(ours, theirs, strict=True)]
    return found


def _say(off_ms: list[int], uncertain_ms: int) -> None:
    ordered = sorted(off_ms)
    print(f"  said to be right within {uncertain_ms} ms")
    print(
        f"  off by {ordered[0]} to {ordered[-1]} ms, median {statistics.median(ordered):.0f}, "
        f"95 % within {sorted(map(abs, ordered))[int(len(ordered) * 0.95) - 1]} ms"
    )


if __name__ == "__main__":
    main()
