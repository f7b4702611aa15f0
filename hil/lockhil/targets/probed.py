"""A real unit with a probe wired to it: its link, and a bench with hands, eyes and power.

The unit is as it is: what a test wants stored otherwise in it isn't there. `pair` opens two virtual
boards on their ports in the same way.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from lockhil.bench import NotOnThisBenchError
from lockhil.client import Link, LinkTimeoutError, RpcError, Transport
from lockhil.probe.bench import DRAIN_MS, Overheard, ProbeBench
from lockhil.probe.check import Check, answers
from lockhil.probe.instrument import Probe
from lockhil.probe.supply import Supply
from lockhil.probe.wiring import Wiring, read_wiring
from lockhil.session.credentialfile import Carried
from lockhil.targets.base import Target
from lockhil.targets.options import Options
from lockhil.targets.realclock import ContactLostError, RealClock, SerialTransport
from lockhil.targets.remote import first_id, guest, wall_clock

# Beside the uncertainty of the clocks: how late a board that has other things to do looks at one.
TOLERANCE_MS = 25
STARTS_MS = 15_000
# What a bench sets; all else is in the unit.
_BENCH = ("pack", "bolt", "door", "temperature", "supply")
# What is good for any unit, and says nothing of this one.
_IGNORED = ("kind", "seed")

# Which benches were tested in this run, by name.
_tested: dict[str, list[tuple[str, str]]] = {}

OpenUnit = Callable[[], AbstractContextManager[Transport]]


@contextmanager
def open_probed(
    name: str,
    open_unit: OpenUnit,
    probe_port: str,
    wiring: Wiring | str | Path,
    *,
    kind: str = "serial",
    supply: Supply | None = None,
    resets: Mapping[str, Callable[[], None]] | None = None,
    wallet: Carried | None = None,
    **options: Any,
) -> Iterator[Target]:
    """The unit behind `open_unit`, with the probe at `probe_port` and `wiring` between them.

    `supply`: what switches the unit's power instead of the probe; `resets`: see `ProbeBench`.
    ContactLostError (BenchBrokenError: the self-test), NotOnThisBenchError, WiringError.
    """
    _refuse(options)
    begin = Options(**options)
    with open_bench(probe_port, wiring, supply=supply, resets=resets) as bench, open_unit() as wire:
        line = Overheard(wire, bench, lambda: wire.contact + bench.starts)
        first = first_id()
        link = Link(line, first) if wallet is None else guest(line, wallet, first)
        self_test(name, bench, link)
        start(bench, link, begin, target=name, clock="real")
        hello = link.call("unit.hello")
        _refuse_kind(options, hello)
        yield Target(
            name=name,
            kind=kind,
            clock_kind="real",
            tolerance_ms=TOLERANCE_MS + bench.probe.uncertain_ms,
            bench=bench,
            link=link,
            unit_id=str(hello["unit"]),
            firmware=str(hello["firmware"]),
        )


@contextmanager
def open_bench(
    probe_port: str,
    wiring: Wiring | str | Path,
    *,
    supply: Supply | None = None,
    resets: Mapping[str, Callable[[], None]] | None = None,
    key: Callable[[], bytes] | None = None,
) -> Iterator[ProbeBench]:
    """The bench of the probe at this port, on the real clock. ContactLostError, WiringError."""
    wires = wiring if isinstance(wiring, Wiring) else read_wiring(wiring)
    transport = SerialTransport(probe_port, wall_clock())
    try:
        probe = Probe(transport, _now_us)
        found: list[ProbeBench] = []

        def sleep(seconds: float) -> None:
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                time.sleep(min(left, DRAIN_MS / 1_000))
                found[0].passed()

        clock = RealClock(lambda: found[0].now_ms, sleep=sleep)
        found.append(ProbeBench(probe, wires, _now_us, clock, supply=supply, resets=resets, key=key))
        yield found[0]
    finally:
        transport.close()


def _now_us() -> int:
    return time.monotonic_ns() // 1_000


def self_test(name: str, bench: ProbeBench, link: Link) -> list[tuple[str, str]]:
    """Test the bench called `name`, once in a run. BenchBrokenError."""
    if name not in _tested:
        try:
            _tested[name] = Check(bench, link).run()
        except (RpcError, LinkTimeoutError) as error:
            raise ContactLostError(f"in the bench's self-test: {error}") from None
    return _tested[name]


def start(bench: ProbeBench, link: Link, begin: Options, **header: Any) -> None:
    """Switch the unit on with the bench as `begin` says. ContactLostError: it doesn't answer."""
    bench.begin(
        begin.pack,
        bolt=begin.bolt,
        door=begin.door,
        supply=begin.supply,
        temperature=begin.temperature,
    )
    bench.power(1)
    bench.starts += 1
    bench.begin_trace(**header)
    if not answers(link, STARTS_MS):
        raise ContactLostError("the unit doesn't answer on its link after its power came on")
    bench.up()
    # What it was asked meanwhile it answers before this.
    link.call("unit.hello")


def _refuse(options: dict[str, Any]) -> None:
    for option, wanted in options.items():
        if option not in (*_BENCH, *_IGNORED):
            raise NotOnThisBenchError(f"needs a unit that begins with {option}={wanted!r}")


def _refuse_kind(options: dict[str, Any], hello: dict[str, Any]) -> None:
    if hello.get("sealed"):
        return
    wanted = options.get("kind", hello["kind"])
    if wanted != hello["kind"]:
        raise NotOnThisBenchError(f"needs a unit that begins with kind={wanted!r}")
