"""The unit's ticks wrap at 2**30: nothing that runs across the wrap may differ."""

from collections.abc import Callable

import pytest

from lockhil.plugin import Opener
from lockhil.suite.observe import alike, press_and_watch
from lockhil.targets.base import Target

PERIOD = 1 << 30


def _diagnostic(unit: Target) -> None:
    press_and_watch(unit.bench)


def _relock(unit: Target) -> None:
    unit.bench.thumb_turn("unlocked")
    unit.bench.clock.advance(seconds=40)


def _motor(unit: Target) -> None:
    unit.link.call("bolt.unlock")
    unit.bench.clock.advance(seconds=2)


@pytest.mark.parametrize(
    ("what", "lasts_ms"),
    [
        pytest.param(_diagnostic, 9_000, marks=pytest.mark.req("SAFE-3")),
        pytest.param(_relock, 31_000, marks=pytest.mark.req("BOLT-3")),
        pytest.param(_motor, 600, marks=pytest.mark.req("BOLT-4")),
    ],
)
def test_wrap_changes_nothing(
    open_unit: Opener, what: Callable[[Target], None], lasts_ms: int
) -> None:
    """The ticks wrap in the middle of a diagnostic, a relock, a motor run: the same trace."""
    traces = []
    for start in (0, *(PERIOD - lasts_ms * part // 8 - 1 for part in range(1, 8))):
        unit = open_unit(ticks_start=start)
        what(unit)
        traces.append(unit.bench.trace())
    same = [alike(traces[0], trace, unit.tolerance_ms) for trace in traces]
    assert all(same), f"the wrap shows in the trace: {same}"
