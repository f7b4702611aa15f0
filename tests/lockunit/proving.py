"""A proof of a new pack on a board in the hand: asked for, and answered."""

from typing import Any

from lockunit.battery import G_BELOW, SUSPECTED
from tests.lockunit.hand import Hand, answer, counted, hand_with, kept

HOUR = 3_600_000
PROOF_MS = 3_900


def close(hand: Hand, role: str = "staff", ident: int = 1) -> None:
    counted(hand, role)
    hand.line(
        f'{{"jsonrpc":"2.0","id":{ident},"method":"swap.close","params":{{"role":"{role}"}}}}'
    )


def closed(hand: Hand, role: str = "staff") -> dict[str, Any]:
    """The answer to a change that is closed now and has its time."""
    hand.board.sent.clear()
    close(hand, role)
    hand.run(4_000)
    result = answer(hand)
    assert result is not None
    return result


def suspected(ground: int = G_BELOW, **settings: int) -> Hand:
    """A unit that remembers a suspicion, and now has a good pack."""
    hand = hand_with(**settings)
    hand.board.stored["battery"] = kept(SUSPECTED, ground)
    hand.boot()
    return hand
