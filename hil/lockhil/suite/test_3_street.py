"""KIND-2, KIND-3 and BOLT-6: entrance and laundry-room locks release for a moment, then hold."""

import pytest

from lockhil.client import RpcError
from lockhil.plugin import Measure, Opener
from lockhil.suite.observe import changes
from lockhil.targets.base import Target

KINDS = pytest.mark.parametrize(
    "kind",
    [
        pytest.param("entrance", marks=pytest.mark.req("KIND-2")),
        pytest.param("laundry", marks=pytest.mark.req("KIND-3")),
    ],
)


def _locking(unit: Target, since_ms: int) -> int | None:
    begun = [t for t, v in changes(unit.bench.trace(), "motor", since_ms) if v == 1]
    return begun[0] - since_ms if begun else None


@KINDS
@pytest.mark.req("BOLT-6")
@pytest.mark.parametrize("door", ["closed", "open"])
def test_releases_then_holds(open_unit: Opener, measure: Measure, kind: str, door: str) -> None:
    """A release withdraws the bolt, and after its time holds again, whatever the door does."""
    unit = open_unit(kind=kind, release_ms=5_000)
    unit.bench.door(door)
    assert unit.link.call("bolt.release")["result"] == "done", "BOLT-6"
    released = max(t for t, v in changes(unit.bench.trace(), "bolt") if v == "UNLOCKED")
    unit.bench.clock.advance(seconds=10)
    slack = unit.tolerance_ms
    held = _locking(unit, released)
    limits = {"at_least": 5_000 - slack, "at_most": 5_000 + slack}
    measure("BOLT-6", "held again", held, "ms", **limits, channel="motor", from_ms=released)
    assert changes(unit.bench.trace(), "bolt")[-1][1] == "LOCKED", "BOLT-6"


@KINDS
@pytest.mark.req("BOLT-6")
@pytest.mark.parametrize("after_ms", [100, 400, 2_000])
def test_holds_again_after_a_reset(
    open_unit: Opener, measure: Measure, kind: str, after_ms: int
) -> None:
    """A reset in the middle of a release: it holds again all the same."""
    unit = open_unit(kind=kind, release_ms=5_000)
    unit.link.begin("bolt.release")
    unit.bench.clock.advance(ms=after_ms)
    unit.bench.reset("watchdog")
    since = unit.bench.clock.now_ms
    unit.bench.clock.advance(seconds=10)
    if after_ms > 100:  # sooner, the bolt may not have left its end
        measure("BOLT-6", "held after a reset", _locking(unit, since), "ms", at_most=6_000)
    assert changes(unit.bench.trace(), "bolt")[-1][1] == "LOCKED", "BOLT-6"


@KINDS
def test_has_no_lock_and_unlock(open_unit: Opener, kind: str) -> None:
    """A street lock can't be left open: it knows release alone."""
    unit = open_unit(kind=kind)
    with pytest.raises(RpcError) as refused:
        unit.link.call("bolt.unlock")
    assert refused.value.code == -32601, "LINK-2"


@pytest.mark.req("KIND-1")
def test_door_lock_has_no_release(unit: Target) -> None:
    """A door lock knows no release."""
    with pytest.raises(RpcError) as refused:
        unit.link.call("bolt.release")
    assert refused.value.code == -32601, "LINK-2"
