# ruff: noqa: T201 - a benchmark prints
"""`python -m tests.bench.unlock_in_the_air [N]`: N unlocks through the air, and by wire.

From the first byte that leaves the client to the motor's first current, in the world's time, inside
a session that is open, at any moment between two meetings of the connection's ends. Each is seen by
the instrument: none may be lost, none done twice. A command whose connection was lost isn't said
again before the bolt was asked how it is, as its user would.
"""

import argparse
import logging
import time
from dataclasses import dataclass, field
from random import Random
from statistics import median, quantiles
from typing import Any

from lockhil.session.link import SessionLostError
from lockhil.targets import open_target
from lockhil.targets.base import Target
from lockhil.targets.realclock import ContactLostError

# Contact was lost, or the session with it: what was asked was done, or not.
LOST = (ContactLostError, SessionLostError)

# Of the radio's packets so many are lost; a connection in which nothing arrives for 2 s is over.
RADIOS: dict[str, tuple[str, dict[str, Any]]] = {
    "by wire": ("virtual", {}),
    "by air": ("ble:virtual", {}),
    "by air, 20 % lost": ("ble:virtual", {"loss": 0.2}),
    "by air, 60 % lost, 2 s": ("ble:virtual", {"loss": 0.6, "supervision_ms": 2_000}),
    "by air, 80 % lost, 0.5 s": ("ble:virtual", {"loss": 0.8, "supervision_ms": 500}),
}


@dataclass
class Seen:
    """`ms` of each that was done; connections `lost` in one; how many were done not, or twice."""

    ms: list[int] = field(default_factory=list)
    lost: int = 0
    undone: int = 0
    twice: int = 0


def _starts(unit: Target, mark: int) -> list[int]:
    """When the motor began to withdraw the bolt since then."""
    return [event.t_ms for event in unit.bench.since(mark) if (event.ch, event.v) == ("motor", -1)]


def unlock(unit: Target, seen: Seen, chance: Random) -> None:
    """One unlock, and the bolt thrown again by hand."""
    bench = unit.bench
    while True:
        try:
            # The session is there before the clock runs.
            assert unit.link.call("bolt.state")["state"] == "LOCKED"
            break
        except LOST:
            pass
    bench.clock.advance(chance.randrange(1_000))
    mark, began = bench.mark(), bench.clock.now_ms
    try:
        assert unit.link.call("bolt.unlock")["result"] == "done"
    except LOST:
        seen.lost += 1
    # Whatever was under way has ended.
    bench.clock.advance(seconds=3)
    starts = _starts(unit, mark)
    seen.twice += len(starts) > 1
    if starts:
        seen.ms.append(starts[0] - began)
    else:
        # Nothing was done: the client knows no more than that, and looks.
        seen.undone += 1
    bench.thumb_turn("locked")
    bench.clock.advance(seconds=1)


def measured(target: str, radio: dict[str, Any], n: int) -> Seen:
    """N of them."""
    seen, chance = Seen(), Random(1)
    with open_target(target, sealed=True, role="carer", relock_ms=0, seed=1) as unit:
        unit.bench.clock.advance(seconds=70)
        unit.link.call("bolt.state")
        if radio:
            unit.bench.radio.air.everywhere(**radio)  # type: ignore[attr-defined]
            unit.link.transport.close()  # type: ignore[attr-defined]
        for _ in range(n):
            unlock(unit, seen, chance)
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", nargs="?", type=int, default=1_000)
    parser.add_argument("--radio", choices=[*RADIOS], action="append", help="all, by default")
    options = parser.parse_args()
    n = options.n
    # A packet that was on its way when its connection ended is no news here.
    logging.getLogger("bumble").setLevel(logging.ERROR)
    print(f"{n} unlocks each: from the first byte to the motor, ms of the world's time")
    print(f"{'':26}{'median':>8}{'p99':>8}{'most':>8}{'lost':>8}{'undone':>8}{'twice':>8}{'s':>8}")
    for name in options.radio or RADIOS:
        target, radio = RADIOS[name]
        began = time.perf_counter()
        seen = measured(target, radio, n)
        p99 = quantiles(seen.ms, n=100)[-1] if len(seen.ms) > 1 else float("nan")
        print(
            f"{name:26}{median(seen.ms):>8.0f}{p99:>8.0f}{max(seen.ms):>8}{seen.lost:>8}"
            f"{seen.undone:>8}{seen.twice:>8}{time.perf_counter() - began:>8.0f}",
            flush=True,
        )
        assert not seen.twice, "the motor ran twice for one command"
        assert len(seen.ms) + seen.undone == n


if __name__ == "__main__":
    main()
