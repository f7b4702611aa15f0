"""The targets `pair` and `pair:real`: a virtual board of the unit, and one of its probe.

Both run their own programs in the real MicroPython; between them are wires and nothing else. The
first lives on a virtual clock, the second on the wall's, with each board on its ports.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from lockhil.client import Link
from lockhil.probe.bench import ProbeBench
from lockhil.probe.files import laid_out
from lockhil.probe.instrument import Probe
from lockhil.probe.overheard import Overheard
from lockhil.probe.wiring import SUPPLY, Wiring, read_wiring
from lockhil.targets.base import Target
from lockhil.targets.onboard import parts
from lockhil.targets.options import Options
from lockhil.targets.probed import open_bench, run_check, start
from lockhil.virtual.image import build
from lockhil.virtual.pair import Begin, RealPair, VirtualPair
from lockunit import VERSION

WIRING = "virtual"
# A unit starts 50 ms after its power, and is found to be up then.
_VIRTUAL_MS = 1
# Two boards, their wires and this share a machine that lets each of them wait.
_REAL_MS = 60
# So often the probe's log is looked at while days go by.
_STEP_MS = 3_600_000
_LABEL = "PROBE-1"
_RESETS = ("soft", "watchdog")


@contextmanager
def open_target(
    name: str, *, miswired: Mapping[str, str] | None = None, **options: Any
) -> Iterator[Target]:
    """A pair of its own around a unit that was just switched on; see `Options`.

    `miswired`: nets whose wires are swapped. BenchBrokenError.
    """
    begin = Options(**options)
    if miswired or name not in _tested:
        # In a pair of its own: what it leaves in a journal is no test's.
        with open_pair(name, Options(), miswired) as (bench, line, *_):
            run_check(bench, Link(line))
        _tested.add(name)
    with open_pair(name, begin) as (bench, line, tolerance_ms, _):
        issuer = begin.issuer()
        clock = "real" if name == "pair:real" else "virtual"
        start(bench, Link(line), begin, target=name, unit=begin.unit_id, firmware=VERSION,
              clock=clock)  # fmt: skip
        yield Target(
            name=name,
            kind="pair",
            clock_kind=clock,
            tolerance_ms=tolerance_ms,
            bench=bench,
            link=begin.link(line, issuer),
            issuer=issuer,
            unit_id=begin.unit_id,
            firmware=VERSION,
        )


# Whose self-test was passed in this process.
_tested: set[str] = set()
_Disks = tuple[Path, Path]


class Opened(NamedTuple):
    """A pair, its bench, the unit's line, and how right the bench's times are (ms)."""

    bench: ProbeBench
    line: Overheard
    tolerance_ms: int
    pair: VirtualPair | RealPair


@contextmanager
def open_pair(
    name: str, begin: Options, miswired: Mapping[str, str] | None = None
) -> Iterator[Opened]:
    """A pair around a unit without power."""
    open_one = _on_ports if name == "pair:real" else _in_virtual_time
    with _made(begin) as made, open_one(made, begin, miswired) as opened:
        yield opened


@contextmanager
def _made(begin: Options) -> Iterator[_Disks]:
    """The flash of a unit that begins so, and that of its probe."""
    found = build(laid_out(read_wiring(WIRING), _LABEL, start=0))
    with parts(begin) as made, tempfile.TemporaryDirectory(prefix="lockrig-") as folder:
        disk = Path(folder) / "probe.img"
        shutil.copyfile(found, disk)
        yield made.disk, disk


class VirtualClock:
    """The pair's virtual time, from the bench's zero on."""

    def __init__(self, pair: VirtualPair) -> None:
        self._pair = pair
        self.bench: ProbeBench | None = None

    @property
    def now_ms(self) -> int:
        return self.bench.now_ms if self.bench is not None else self._pair.now

    def advance(
        self, ms: int = 0, *, seconds: int = 0, minutes: int = 0, hours: int = 0, days: int = 0
    ) -> None:
        left = ms + (seconds + 60 * (minutes + 60 * (hours + 24 * days))) * 1_000
        if left < 0:
            raise ValueError(f"expected a time of at least 0 ms, got {left}")
        while True:
            step = min(left, _STEP_MS)
            self._pair.advance(step)
            left -= step
            if self.bench is not None:
                self.bench.passed()
            if not left:
                return


def _begin(begin: Options) -> Begin:
    return Begin(ticks_start=begin.ticks_start, utc_s=begin.utc_s, seed=begin.seed)


def _soldered(
    wiring: Wiring, miswired: Mapping[str, str]
) -> tuple[dict[str, Any], Mapping[str, str]]:
    """The wires as they are, and what else is swapped: a supply has no pin at the unit, so its wire
    is swapped at the probe."""
    pair = next((pair for pair in miswired.items() if SUPPLY in pair), None)
    if pair is None:
        return wiring.data, miswired
    pins = [wiring.wires[net]["probe"] for net in pair]
    there = dict(zip(pair, reversed(pins), strict=True))
    wires = [{**wire, "probe": there.get(net, wire["probe"])} for net, wire in wiring.wires.items()]
    return {**wiring.data, "wires": wires}, {}


def _hands(pair: VirtualPair | RealPair) -> dict[str, Callable[[], None]]:
    return {cause: partial(pair.reset, "unit", cause) for cause in _RESETS}


@contextmanager
def _in_virtual_time(
    made: _Disks, begin: Options, miswired: Mapping[str, str] | None
) -> Iterator[Opened]:
    wiring = read_wiring(WIRING)
    data, swapped = _soldered(wiring, miswired or {})
    with VirtualPair(data, *made, miswired=swapped, begin=_begin(begin)) as pair:
        clock = VirtualClock(pair)
        probe = Probe(pair.transport("probe"), lambda: pair.now * 1_000)
        bench = clock.bench = ProbeBench(
            probe, wiring, lambda: pair.now * 1_000, clock, resets=_hands(pair),
            key=lambda: pair.chances["unit"][:32], instant=pair.advance,
        )  # fmt: skip
        line = Overheard(pair.transport("unit"), bench, lambda: pair.boots["unit"])
        yield Opened(bench, line, _VIRTUAL_MS, pair)


@contextmanager
def _on_ports(made: _Disks, begin: Options, miswired: Mapping[str, str] | None) -> Iterator[Opened]:
    wiring = read_wiring(WIRING)
    data, swapped = _soldered(wiring, miswired or {})
    with (
        RealPair(data, *made, miswired=swapped, begin=_begin(begin)) as pair,
        open_bench(
            pair.link("probe"), wiring, resets=_hands(pair),
            key=lambda: pair.chances["unit"][:32],
        ) as bench,
    ):  # fmt: skip
        line = Overheard(pair.transport("unit"), bench, lambda: pair.boots["unit"])
        yield Opened(bench, line, _REAL_MS + bench.probe.uncertain_ms, pair)
