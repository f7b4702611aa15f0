"""What the tests read off a trace: edges and pulses of one channel since some moment.

It judges nothing; the verdict on a diagnostic is lockjudge's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lockhil.bench import Bench
from lockhil.journal.reader import pages
from lockhil.journal.record import decode
from lockhil.session.credentials import Role
from lockhil.session.link import SealedLink
from lockhil.targets.base import Target
from lockjudge.trace import Trace
from lockjudge.tristate import HOLDS
from lockjudge.verdict import judge

# How long a push-button sequence is watched, in ms, and some more.
WATCH_MS = 31_000


def changes(trace: Trace, ch: str, since_ms: int = 0) -> list[tuple[int, Any]]:
    """The (t_ms, value) of each event of `ch` at or after `since_ms`."""
    return [
        (event.t_ms, event.v) for event in trace.events if event.ch == ch and event.t_ms >= since_ms
    ]


def pulses(trace: Trace, ch: str, since_ms: int = 0) -> list[tuple[int, int | None]]:
    """When `ch` went on and off again (None: still on), in ms after `since_ms`."""
    found: list[tuple[int, int | None]] = []
    for t_ms, value in changes(trace, ch, since_ms):
        if value:
            found.append((t_ms - since_ms, None))
        elif found and found[-1][1] is None:
            found[-1] = (found[-1][0], t_ms - since_ms)
    return found


# Lines tell durations and readings, which no real clock gives twice.
_OUTPUTS = ("led.green", "led.red", "motor", "load", "bolt")


# What is told unasked, and the kind of record that tells the same.
_RECORDS = {"bolt.moved": "bolt", "battery.level": "level", "swap.step": "change"}


def told(unit: Target, method: str) -> list[dict[str, Any]]:
    """What the unit told unasked, under this name.

    A sealed unit tells whoever is in a session just then, one in the air whoever is connected; of
    these it is what the journal tells.
    """
    if unit.issuer is None and not unit.in_air:
        return [n.params for n in unit.link.notifications if n.method == method]
    slots = [slot for page in pages(unit.link) for slot in page.slots]
    found = [decode(slot.data) for slot in slots]
    return [record.fields for record in found if record and record.kind == _RECORDS[method]]


@contextmanager
def acting_as(unit: Target, role: str) -> Iterator[None]:
    """Meanwhile the link's sessions are of this role; a unit in the open knows none."""
    link = unit.link
    if not isinstance(link, SealedLink):
        yield
        return
    before, link.role = link.role, Role[role.upper()]
    try:
        yield
    finally:
        link.role = before


def alike(one: Trace, other: Trace, slack_ms: int) -> bool:
    """Whether both show the same: to the byte, or what is driven, from its first change on, within
    `slack_ms`."""
    if not slack_ms:
        return one.events == other.events
    a, b = _driven(one), _driven(other)
    return a.keys() == b.keys() and all(
        [v for _, v in a[ch]] == [v for _, v in b[ch]]
        and all(abs(t - u) <= slack_ms for (t, _), (u, _) in zip(a[ch], b[ch], strict=True))
        for ch in a
    )


def _driven(trace: Trace) -> dict[str, list[tuple[int, Any]]]:
    """The changes of each output after its first value, counted from the first of them all."""
    later = {ch: changes(trace, ch)[1:] for ch in _OUTPUTS}
    first = min((t for found in later.values() for t, _ in found), default=0)
    return {ch: [(t - first, v) for t, v in found] for ch, found in later.items()}


def lit(bench: Bench, since_ms: int) -> list[tuple[int, Any]]:
    """Every moment since `since_ms` at which one of the LEDs went on."""
    trace = bench.trace()
    both = changes(trace, "led.green", since_ms) + changes(trace, "led.red", since_ms)
    return [(t, v) for t, v in both if v]


def press_and_watch(bench: Bench) -> int:
    """Press the button, watch until the sequence is over; when it was pressed, in ms."""
    pressed = bench.clock.now_ms
    bench.press()
    bench.clock.advance(ms=WATCH_MS)
    return pressed


def expect_verdict(bench: Bench, mark: int, exit_code: int, requirement: str) -> None:
    """Fail by `requirement` unless the judge, on what was seen since `mark`, exits with this."""
    verdict = judge(bench.trace(mark))
    rows = [row for sequence in verdict.sequences for row in sequence.conditions]
    bad = [
        f"{row.name} {row.state}: {row.reason} {row.measured}, {row.limit}"
        for row in rows
        if row.state != HOLDS
    ]
    found = f"{verdict.outcome}, expected exit {exit_code}; {'; '.join([*bad, *verdict.doubts])}"
    assert verdict.exit_code == exit_code, f"{requirement}: {found}"
