"""Runs of the motor on the board in the hand: whole ones, and all those that prove nothing."""

from lockunit import board as port
from tests.lockunit.hand import Hand

GOOD = [2_820, 2_820]
# How a run goes: the first is as it should be.
WAYS = (
    "whole", "early", "between", "jam", "against", "plugged", "unread", "no load", "weak", "reset",
    "power",
)  # fmt: skip


def run(hand: Hand, method: str, way: str = "whole") -> None:
    """One command, and what comes of it; the bolt begins at the other end."""
    board = hand.board
    locks = method == "bolt.lock"
    origin, target = (
        (port.END_UNLOCKED, port.END_LOCKED) if locks else (port.END_LOCKED, port.END_UNLOCKED)
    )
    at(hand, 0 if way == "between" else origin)
    packs = {"unread": [port.FAILED] * 2, "no load": board.cell_mv, "weak": [2_820, 2_449]}
    board.loaded_cell_mv = packs.get(way, GOOD)
    board.ma = 2_000 if way == "jam" else 600
    hand.call(method, 50)
    hand.run(100)
    if way in ("reset", "power"):
        hand.board.cause = port.RESET_WATCHDOG if way == "reset" else port.RESET_POWER
        # Not under the motor: that would be a brown-out, and a suspicion.
        hand.board.marks = 0
        hand.boot()
    if way == "early":
        at(hand, target)
    hand.run(400)
    if way == "plugged":
        plug(hand)
    at(hand, 0)
    hand.run(200)
    at(hand, origin if way in ("against", "jam") else target)
    hand.run(200)
    board.loaded_cell_mv, board.ma = GOOD, 600


def plug(hand: Hand) -> None:
    """A cable in and out again."""
    for source in (port.SUPPLY_EXTERNAL, port.SUPPLY_BATTERY):
        hand.board.source = source
        hand.event(port.EV_SUPPLY, source)


def at(hand: Hand, ends: int) -> None:
    """The bolt is there now."""
    if hand.board.ends != ends:
        hand.ends(ends)
