"""READY, MOVE, DISM: whose a lock is, what it forgets, and for whom it works then."""

from typing import Any

import pytest

from lockhil.client import RpcError
from lockhil.journal.reader import acknowledge, pages
from lockhil.plugin import Opener
from lockhil.suite.observe import acting_as
from lockhil.targets.base import Target

CUSTOMER = "K-100200"


def _lives(unit: Target, method: str, **params: Any) -> str:
    return str(unit.link.call(method, role="service", **params)["result"])


def _read(unit: Target) -> None:
    acknowledge(unit.link, max(page.held.last for page in pages(unit.link)))


@pytest.mark.req("MOVE-1")
def test_a_move_takes_the_lock_along_and_leaves_the_customer_behind(open_unit: Opener) -> None:
    """Customer and movements go, once they were read; what is known of the battery stays."""
    unit = open_unit(pack="low")
    unit.bench.clock.advance(days=1)
    assert _lives(unit, "unit.couple", customer=CUSTOMER) == "done"
    unit.link.call("bolt.unlock")
    unit.link.call("bolt.lock")
    assert _lives(unit, "unit.move") == "UNREAD", "MOVE-1: nobody has read the journal"
    last = max(page.held.last for page in pages(unit.link))
    _read(unit)
    assert _lives(unit, "unit.move") == "done", "MOVE-1"
    life = unit.link.call("unit.life", role="service")
    assert (life["life"], "customer" in life) == ("stock", False), "MOVE-1"
    assert next(pages(unit.link)).held.first > last, "MOVE-1: movements are still there"
    unit.bench.power_cut(2_000)
    unit.bench.clock.advance(seconds=4)
    assert unit.link.call("battery.report")["level"] == "CHANGE_NOW", "MOVE-1"
    assert _lives(unit, "unit.couple", customer="K-100201") == "done", "MOVE-1"


@pytest.mark.req("DISM-1")
def test_a_lock_that_was_taken_down_works_for_the_service_alone(unit: Target) -> None:
    """It drives nothing for anybody else, also after a reset, and doesn't lock by itself."""
    assert _lives(unit, "unit.couple", customer=CUSTOMER) == "done"
    unit.link.call("bolt.unlock")
    _read(unit)
    assert _lives(unit, "unit.dismount") == "done", "DISM-1"
    for _ in range(2):
        with acting_as(unit, "carer"):
            assert unit.link.call("bolt.lock")["result"] == "DISMOUNTED", "DISM-1"
            assert unit.link.call("selftest.start")["result"] == "DISMOUNTED", "DISM-1"
        unit.bench.clock.advance(minutes=2)
        assert unit.link.call("bolt.state")["state"] == "UNLOCKED", "DISM-1: it locked by itself"
        unit.bench.reset("watchdog")
        unit.bench.clock.advance(seconds=1)
    assert _lives(unit, "unit.couple", customer="K-100201") == "done"
    assert unit.link.call("bolt.lock")["result"] == "done"


@pytest.mark.req("DISM-1")
@pytest.mark.parametrize("kind", ["entrance", "laundry"])
def test_a_street_lock_stays_up(open_unit: Opener, kind: str) -> None:
    """There is no such method for them."""
    unit = open_unit(kind=kind)
    with pytest.raises(RpcError) as refused:
        unit.link.call("unit.dismount", role="service")
    assert refused.value.code == -32601, "DISM-1"
