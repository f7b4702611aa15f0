"""Whatever may happen to a unit, as data: any hands, any weather, any bytes, at any time.

A history can be run on every target of simulated time; what should come of it isn't said here.
"""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from lockhil.client import Link, LinkTimeoutError, RpcError
from lockhil.session.credentials import Role
from lockhil.session.link import SealedLink, SessionRefusedError
from lockhil.targets import open_target
from lockjudge.trace import Event
from locksim.mainloop import TICKS_PERIOD
from locksim.packs.fixed import PACKS
from lockunit.methods import METHODS

# Where the firmware's own timers end, and a millisecond beside; and whole hours.
_TIMES = [0, 1, 49, 50, 51, 80, 150, 200, 250, 300, 600, 1_500, 3_000, 3_900, 4_000, 7_000, 30_000]
MS = st.one_of(
    st.sampled_from(_TIMES),
    st.integers(0, 700),
    st.integers(0, 10_000),
    st.sampled_from([60_000, 60_200, 3_600_000, 6 * 3_600_000]),
    st.integers(0, 12 * 3_600_000),
)
_SHORT = st.integers(0, 5)
_PLACES = st.sampled_from(["locked", "unlocked"])
_CELLS = st.tuples(st.integers(0, 4_900), st.integers(1, 6_000))

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**16), 10**16) | st.text(max_size=70),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
_REQUESTS = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0"), "method": st.sampled_from(sorted(METHODS))},
    optional={"id": st.integers(0, 99)},
)
_ODD_REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | _VALUES,
        "method": st.sampled_from(sorted(METHODS)) | st.text(max_size=60) | _VALUES,
        "id": _VALUES,
        "params": _VALUES | st.dictionaries(st.text(max_size=9), _VALUES, max_size=4),
        "more": _VALUES,
    },
)


def _line(value: object, ascii_only: bool) -> bytes:
    # A lone surrogate is no UTF-8, but bytes may come that look like one.
    text = json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


_LINES = st.one_of(
    _REQUESTS.map(lambda request: _line(request, True)),
    st.builds(_line, _ODD_REQUESTS, st.booleans()),
    st.binary(max_size=80).map(lambda noise: noise + b"\n"),
    st.integers(900, 1_200).map(lambda length: b"x" * length + b"\n"),
)


@st.composite
def _bytes(draw: st.DrawFn) -> bytes:
    """Some lines, the last one perhaps cut short."""
    data = b"".join(draw(st.lists(_LINES, min_size=1, max_size=4)))
    cut = draw(st.none() | st.integers(0, len(data)))
    return data[:cut]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: a verb of the bench and its words, or `advance`, or `send`."""

    verb: str
    words: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        return f"Step({self.verb!r}, {self.words!r})"


def _step(verb: str, *words: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.tuples(*words).map(lambda given: Step(verb, given))


# Long ones too: contacts that flip at the very instant that a timer ends.
_BOUNCE = st.lists(_SHORT | MS, max_size=4).map(lambda flips: tuple(flips[: len(flips) // 2 * 2]))
_TIME = _step("advance", MS)
STEPS = st.one_of(
    _TIME,
    _TIME,
    _TIME,
    _step("press", st.sampled_from([0, 1, 150]) | MS, _BOUNCE),
    _step("hold_button"),
    _step("release_button"),
    _step("thumb_turn", _PLACES, st.sampled_from([0, 1, 400]) | MS),
    _step("send", _REQUESTS.map(lambda request: _line(request, True))),
    _step("send", _bytes()),
    _step("door", st.sampled_from(["closed", "open", "unknown"])),
    _step("supply", st.sampled_from(["battery", "external", "unknown"])),
    _step("temperature", st.none() | st.integers(-40, 125)),
    _step("set_pack", st.sampled_from(sorted(PACKS))),
    _step("set_pack", st.tuples(_CELLS, _CELLS)),
    _step("jam", st.none() | st.sampled_from([0, 20, 500, 980, 1000]) | st.integers(0, 1000)),
    _step("motor_dead", st.booleans()),
    _step("break_switch", _PLACES, st.sampled_from([None, "open", "closed"])),
    _step("reset", st.sampled_from(["brown-out", "watchdog", "soft", "power"])),
    _step("power_cut", st.integers(0, 200) | MS),
    _step("adc_fails", st.booleans()),
)

OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "pack": st.sampled_from(sorted(PACKS)),
        "kind": st.sampled_from(["door", "entrance", "laundry"]),
        "relock_ms": st.sampled_from([0, 1, 50, 600, 5_000, 3_600_000]),
        "release_ms": st.sampled_from([1_000, 1_001, 60_000]),
        "ticks_start": st.integers(0, 60_000).map(lambda ms: TICKS_PERIOD - 1 - ms)
        | st.integers(0, TICKS_PERIOD - 1),
        "bolt": st.sampled_from(["locked", "between", "unlocked"]),
        "door": st.sampled_from(["closed", "open", "unknown"]),
        "temperature": st.none() | st.integers(-40, 125),
        "supply": st.sampled_from(["battery", "external", "unknown"]),
    },
)


@dataclass(frozen=True, slots=True)
class History:
    """A unit as it begins, and all that then happens to it."""

    options: dict[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()

    def run(self, target: str) -> list[Event]:
        """What the instrument saw of it on `target`; a minute is let pass at the end."""
        with open_target(target, **self.options) as unit:
            for step in (*self.steps, Step("advance", (61_000,))):
                if step.verb == "advance":
                    unit.bench.clock.advance(*step.words)
                elif step.verb == "send":
                    unit.link.send_raw(*step.words)
                elif step.verb == "call":
                    _call(unit.link, *step.words)
                else:
                    getattr(unit.bench, step.verb)(*step.words)
            return unit.bench.trace().events


def _call(link: Link, role: int, method: str, params: dict[str, Any]) -> None:
    """Ask in a session of that role, however it ends."""
    assert isinstance(link, SealedLink)
    link.role = Role(role)
    with suppress(RpcError, LinkTimeoutError, SessionRefusedError):
        link.call(method, 500, **params)


_PARAMS = st.sampled_from([
    {}, {"role": "staff"}, {"role": "desk", "gate": "diagnosed"}, {"after": 3}, {"upto": 2},
    {"role": "service"}, {"role": "service", "customer": "K-1"}, {"time_s": 1_767_300_000},
])  # fmt: skip
_CALLS = _step("call", st.integers(1, 3), st.sampled_from(sorted(METHODS)), _PARAMS)
SEALED = st.builds(
    History,
    OPTIONS.map(lambda options: options | {"sealed": True, "role": "carer"}),
    st.lists(_CALLS | STEPS, min_size=5, max_size=25).map(tuple),
)
HISTORIES = st.builds(History, OPTIONS, st.lists(STEPS, min_size=5, max_size=60).map(tuple))
