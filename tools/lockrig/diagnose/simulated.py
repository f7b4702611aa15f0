"""The simulated unit that trainees practise on, in the time that its driver tells it.

A thin layer over the target `sim`; what the unit does is decided in the simulation.
"""

from collections.abc import Iterator

from lockhil.client import Link, LinkTimeoutError, RpcError
from lockhil.targets.base import Target
from lockrig.diagnose.reasons import NO_ANSWER, NO_PRESS, OTHER_UNIT, UNIT_SAYS_NO

PRESSED_WITHIN_MS = 2_000
PASSED = ("passed", "change_soon")


class Simulated:
    """A `contact.Contact` with a simulated unit."""

    def __init__(self, target: Target, t_ms: int) -> None:
        self._target = target
        self._bench = target.bench
        self._origin_ms = t_ms - target.bench.clock.now_ms

    @property
    def label(self) -> str:
        return self._target.unit_id.upper()

    def turn(self, t_ms: int) -> None:
        behind = t_ms - self._origin_ms - self._bench.clock.now_ms
        if behind > 0:
            self._bench.clock.advance(ms=behind)

    def press(self) -> None:
        self._bench.press()

    def leds(self) -> tuple[int, int]:
        return self._bench.leds()

    def doubts(self, unit: str, start_ms: int | None) -> Iterator[str]:
        yield from doubts(self._target.link, self._origin_ms, unit, start_ms)


def doubts(link: Link, origin_ms: int, unit: str, start_ms: int | None) -> Iterator[str]:
    """What the unit at `link`, whose times begin at `origin_ms`, has against a yes for `unit`."""
    said = _unit_id(link)
    if said is None:
        yield NO_ANSWER
    elif said.upper() != unit:
        yield OTHER_UNIT
    steps = [told for told in link.notifications if told.method == "selftest.step"]
    pressed = [step.t_ms + origin_ms for step in steps if step.params.get("step") == "pressed"]
    if start_ms is None or not any(0 <= t - start_ms <= PRESSED_WITHIN_MS for t in pressed):
        yield NO_PRESS
    if any(step.params.get("outcome", PASSED[0]) not in PASSED for step in steps):
        yield UNIT_SAYS_NO


def _unit_id(link: Link) -> str | None:
    try:
        said = link.call("unit.hello").get("unit")
    except (LinkTimeoutError, RpcError):
        return None
    return said if isinstance(said, str) else None
