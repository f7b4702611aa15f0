"""maintenance.enter: the service alone, a mark on the flash first, then a restart."""

import pytest

from lockhil.session.credentials import Role
from lockunit import maintenance
from lockunit.maintenance import STORED_AS
from tests.lockunit.hand import Hand
from tests.lockunit.sealedhand import Client, ask, sealed_hand


def test_the_service_restarts_it_with_a_mark() -> None:
    hand = sealed_hand()
    service = Client(hand, Role.SERVICE).enter()
    assert service.call("maintenance.enter") == {"result": "done"}
    assert maintenance.asks(hand.board.stored[STORED_AS])
    assert hand.board.restarts == 0, "its answer is on the way"
    hand.run(999)
    assert hand.board.restarts == 0
    hand.run(1)
    assert hand.board.restarts == 1
    hand.run(60_000)
    assert hand.board.restarts == 1


@pytest.mark.parametrize("role", [Role.CARER, Role.TECHNICIAN])
def test_nobody_else_does(role: Role) -> None:
    hand = sealed_hand()
    assert ask(hand, "maintenance.enter") == (-32001, "service")
    assert Client(hand, role).enter().call("maintenance.enter") == (-32001, "service")
    hand.run(2_000)
    assert (STORED_AS in hand.board.stored, hand.board.restarts) == (False, 0)


def test_not_while_something_moves_or_hangs_on_the_pack() -> None:
    hand = sealed_hand()
    service = Client(hand, Role.SERVICE).enter()
    assert service.call("bolt.unlock") is None
    assert service.call("maintenance.enter", 2) == {"result": "BUSY"}
    hand.board.ends = 2
    hand.run(10_000)
    hand.press()
    hand.run(1_000)
    assert service.call("maintenance.enter", 3) == {"result": "BUSY"}
    assert (STORED_AS in hand.board.stored, hand.board.restarts) == (False, 0)


def test_a_mark_that_cannot_be_stored_restarts_nothing() -> None:
    hand = sealed_hand()
    service = Client(hand, Role.SERVICE).enter()
    hand.board.refuses = 0
    assert service.call("maintenance.enter") == {"result": "STORAGE"}
    hand.run(2_000)
    assert hand.board.restarts == 0


def test_a_development_unit_has_an_open_console_anyway() -> None:
    hand = Hand()
    assert ask(hand, "maintenance.enter") == {"result": "UNPROVISIONED"}
    hand.run(2_000)
    assert (STORED_AS in hand.board.stored, hand.board.restarts) == (False, 0)
