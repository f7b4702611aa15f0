"""A real unit with a probe wired to it: its link, and a bench with hands, eyes and power.

With the unit's console it begins as each test wants it, and what it had stored is gone; without, it
is as it is. `pair:NAME` is the pair of virtual boards that `lockrig virtual NAME --pair` runs.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from lockhil.bench import NotOnThisBenchError
from lockhil.client import Link, LinkTimeoutError, RpcError, Transport
from lockhil.probe.bench import DRAIN_MS, ProbeBench
from lockhil.probe.check import Check, answers
from lockhil.probe.console import UnitConsole
from lockhil.probe.instrument import Probe
from lockhil.probe.overheard import Overheard
from lockhil.probe.supply import Supply
from lockhil.probe.wiring import Wiring, read_wiring
from lockhil.session.credentialfile import Carried
from lockhil.targets.base import Target
from lockhil.targets.options import Options
from lockhil.targets.realclock import ContactLostError, RealClock, SerialTransport
from lockhil.targets.remote import first_id, guest, wall_clock
from lockhil.virtual.running import Running, running

# Beside the uncertainty of the clocks: how late a board that has other things to do looks at one.
TOLERANCE_MS = 60
# What the board of a pair's probe is called after its unit's.
PROBE = "-PROBE"
STARTS_MS = 15_000
# What a bench sets, and what says nothing of a unit.
_BENCH = ("pack", "bolt", "door", "temperature", "supply", "seed")
# What is stored in a unit.
_STORED = ("kind", "relock_ms", "release_ms", "profile", "stored")

# Which benches were tested in this run, by name.
_tested: set[str] = set()
# The ports of probes that are in use here.
_open: set[str] = set()

OpenUnit = Callable[[], AbstractContextManager[Transport]]


@contextmanager
def open_probed(
    name: str,
    open_unit: OpenUnit,
    probe_port: str,
    wiring: Wiring | str | Path,
    *,
    target_kind: str = "serial",
    supply: Supply | None = None,
    console: str | None = None,
    erased: str = "",
    wallet: Carried | None = None,
    **options: Any,
) -> Iterator[Target]:
    """The unit behind `open_unit`, with the probe at `probe_port` and `wiring` between them.

    `supply`: what switches the unit's power instead of the probe. `console`: the port of the unit's
    own, if all that it stored may go, for each test; `erased`: the label that it must have then.
    ContactLostError (BenchBrokenError: the self-test), NotOnThisBenchError, WiringError.
    """
    _refuse(options, console)
    if probe_port in _open:
        raise NotOnThisBenchError("needs a second unit at once, and the bench is around one")
    begin = Options(**options)
    shell = UnitConsole(console, erased) if console is not None else None
    resets = {"soft": shell.reset} if shell is not None else {}
    key = shell.journal_key if shell is not None else None
    with (
        open_bench(probe_port, wiring, supply=supply, resets=resets, key=key) as bench,
        open_unit() as wire,
    ):
        line = Overheard(wire, bench, lambda: wire.contact + bench.starts)
        first = first_id()
        link = Link(line, first) if wallet is None else guest(line, wallet, first)
        if shell is not None:
            bench.power(1)
            shell.prepare(begin)
        if self_test(name, bench, link) and shell is not None:
            # What the self-test left in its journal is no test's.
            bench.power(1)
            shell.prepare(begin)
        start(bench, link, begin, target=name, clock="real")
        hello = link.call("unit.hello")
        if options.get("kind", hello["kind"]) != hello["kind"]:
            raise NotOnThisBenchError(f"needs a unit that begins with kind={options['kind']!r}")
        yield Target(
            name=name,
            kind=target_kind,
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
    _open.add(probe_port)
    try:
        probe = Probe(transport, _now_us)
        found: list[ProbeBench] = []

        def sleep(seconds: float) -> None:
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                time.sleep(min(left, DRAIN_MS / 1_000))
                found[0].passed()

        clock = RealClock(lambda: found[0].now_ms, sleep=sleep)
        found.append(
            ProbeBench(probe, wires, _now_us, clock, supply=supply, resets=resets, key=key)
        )
        yield found[0]
    finally:
        _open.remove(probe_port)
        transport.close()


def _now_us() -> int:
    return time.monotonic_ns() // 1_000


def self_test(name: str, bench: ProbeBench, link: Link) -> bool:
    """Test the bench called `name`, once in a run; whether it was now. BenchBrokenError."""
    if name in _tested:
        return False
    run_check(bench, link)
    _tested.add(name)
    return True


def run_check(bench: ProbeBench, link: Link) -> list[tuple[str, str]]:
    """What the self-test saw of each net. BenchBrokenError, ContactLostError."""
    try:
        return Check(bench, link).run()
    except (RpcError, LinkTimeoutError) as error:
        raise ContactLostError(f"in the bench's self-test: {error}") from None


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


def _refuse(options: dict[str, Any], console: str | None) -> None:
    for option, wanted in options.items():
        stored = option in _STORED and (console is not None or option == "kind")
        if option not in _BENCH and not stored:
            raise NotOnThisBenchError(f"needs a unit that begins with {option}={wanted!r}")


def _pair(name: str) -> tuple[Running, Running]:
    """Both boards of a pair that runs. ContactLostError."""
    wanted = name.partition(":")[2]
    found = {board.name: board for board in running()}
    if wanted not in found or wanted + PROBE not in found:
        raise ContactLostError(
            f"no pair of virtual boards {wanted} runs; start it: lockrig virtual {wanted} --pair"
        )
    return found[wanted], found[wanted + PROBE]


@contextmanager
def wire(name: str) -> Iterator[Transport]:
    """The link of the unit of a pair that runs. ContactLostError."""
    transport = SerialTransport(_pair(name)[0].link, wall_clock())
    try:
        yield transport
    finally:
        transport.close()


@contextmanager
def open_wired(name: str) -> Iterator[tuple[ProbeBench, Transport]]:
    """The bench of a pair that runs, and its unit's line. ContactLostError."""
    with open_bench(_pair(name)[1].link, "virtual") as bench, wire(name) as line:
        yield bench, line


@contextmanager
def open_target(name: str, wallet: Carried | None = None, **options: Any) -> Iterator[Target]:
    """The pair of virtual boards that runs under this name; see `open_probed`."""
    unit, probe = _pair(name)
    with open_probed(
        name,
        lambda: wire(name),
        probe.link,
        "virtual",
        target_kind="pair",
        console=unit.console,
        wallet=wallet,
        **options,
    ) as target:
        yield target
