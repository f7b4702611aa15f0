"""A firmware on trial: who confirms it, and that it is given up where nobody does."""

import errno

import pytest

from lockhil.session.credentials import Role
from lockunit import board as port
from lockunit.trial import TRIAL_MS
from tests.lockunit.hand import Hand, HandBoard
from tests.lockunit.sealedhand import Client, ask, sealed_hand


class Slots(HandBoard):
    """A board with slots, whose firmware is on trial until it is confirmed or rejected."""

    def __init__(self) -> None:
        super().__init__()
        self.state = "trial"
        self.fails = False

    def trial(self) -> bool:
        return self.state == "trial"

    def confirm(self) -> None:
        self._change("confirmed")

    def reject(self) -> None:
        self._change("rejected")

    def _change(self, state: str) -> None:
        if self.fails:
            raise OSError(errno.EIO, "no")
        self.state = state


@pytest.fixture
def board() -> Slots:
    return Slots()


@pytest.fixture
def hand(board: Slots) -> Hand:
    return Hand(board=board)


def test_who_saw_it_run_confirms_it_once_and_it_stays(hand: Hand, board: Slots) -> None:
    assert ask(hand, "unit.hello")["trial"] is True
    assert ask(hand, "update.confirm") == {"result": "done"}
    assert board.state == "confirmed"
    assert ask(hand, "unit.hello")["trial"] is False
    assert ask(hand, "update.confirm") == {"result": "NO_TRIAL"}
    hand.run(2 * TRIAL_MS)
    assert (board.state, board.restarts) == ("confirmed", 0)


def test_a_board_without_slots_knows_of_no_trial() -> None:
    hand = Hand()
    assert ask(hand, "unit.hello")["trial"] is False
    assert ask(hand, "update.confirm") == {"result": "NO_TRIAL"}
    hand.run(2 * TRIAL_MS)
    assert hand.board.restarts == 0


def test_unconfirmed_it_gives_up_and_restarts(hand: Hand, board: Slots) -> None:
    hand.run(TRIAL_MS - 1)
    assert (board.state, board.restarts) == ("trial", 0)
    hand.run(1)
    assert (board.state, board.restarts) == ("rejected", 1)


def test_a_confirmation_that_cannot_be_stored_is_none(hand: Hand, board: Slots) -> None:
    board.fails = True
    assert ask(hand, "update.confirm") == {"result": "STORAGE"}
    assert ask(hand, "unit.hello")["trial"] is True
    board.fails = False
    assert ask(hand, "update.confirm") == {"result": "done"}


def test_a_trial_that_cannot_be_removed_restarts_all_the_same(hand: Hand, board: Slots) -> None:
    board.fails = True
    hand.run(TRIAL_MS)
    assert (board.state, board.restarts) == ("trial", 1)


def test_it_waits_for_the_motor(hand: Hand, board: Slots) -> None:
    hand.run(TRIAL_MS - 500)
    hand.call("bolt.unlock")
    hand.run(500)
    assert (board.state, board.restarts, board.direction) == ("trial", 0, -1)
    hand.ends(port.END_UNLOCKED)
    hand.run(9_999)
    assert board.restarts == 0
    hand.run(1)
    assert (board.state, board.restarts) == ("rejected", 1)


def test_it_waits_for_a_diagnostic(hand: Hand, board: Slots) -> None:
    hand.run(TRIAL_MS - 500)
    hand.press()
    hand.run(10_000)
    assert (board.state, board.restarts) == ("trial", 0)
    hand.run(40_000)
    assert board.restarts > 0


def test_it_waits_for_a_battery_change(hand: Hand, board: Slots) -> None:
    hand.run(TRIAL_MS - 60_000)
    assert ask(hand, "swap.begin", role="desk", gate="fresh")["result"] == "done"
    hand.run(120_000)
    assert (board.state, board.restarts) == ("trial", 0)
    assert ask(hand, "swap.cancel", role="desk")["result"] == "done"
    hand.run(10_000)
    assert (board.state, board.restarts) == ("rejected", 1)


def test_of_a_production_unit_the_service_alone_confirms(board: Slots) -> None:
    hand = sealed_hand(board=board)
    assert ask(hand, "update.confirm") == (-32001, "service")
    technician = Client(hand, Role.TECHNICIAN).enter()
    assert technician.call("update.confirm") == (-32001, "service")
    assert board.state == "trial"
    service = Client(hand, Role.SERVICE).enter()
    assert service.call("update.confirm") == {"result": "done"}
    assert board.state == "confirmed"
