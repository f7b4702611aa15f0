"""A board in the hand with two slots, and who brings updates to it."""

import errno
from collections.abc import Mapping
from typing import Any

from lockhil.session.credentials import Role
from lockhil.suite.update import Carrier, Update
from locksim.slots import OtherSlot, Slots
from tests.lockunit.hand import Hand, HandBoard
from tests.lockunit.sealed import LOCK, UNIT
from tests.lockunit.sealedhand import Client, sealed_hand

# What lies in the slot in use, and in an update: more than a piece, less, changed, new.
HAD = {
    "board.json": b"{}",
    "lockunit/kept.mpy": b"K" * 1_300,
    "lockunit/unit.mpy": b"u" * 700,
}
FILES = {**HAD, "lockunit/unit.mpy": b"U" * 900, "lockboards/new.mpy": b"n" * 10}
UPDATE = Update(LOCK, UNIT, FILES, room=40_000)


class SlotBoard(HandBoard):
    """`slots`: what lies in them. `fails`: the other one takes nothing from now on."""

    def __init__(self, used: Mapping[str, bytes] = HAD) -> None:
        super().__init__()
        self.slots = Slots()
        self.slots.files(0).update(used)
        self.fails = False

    def trial(self) -> bool:
        return self.slots.on_trial

    def confirm(self) -> None:
        self.slots.confirm()

    def reject(self) -> None:
        self.slots.reject()

    def slot(self) -> OtherSlot:
        return _Other(self)


class _Other(OtherSlot):
    def __init__(self, board: SlotBoard) -> None:
        super().__init__(board.slots)
        self._of = board

    def write(self, data: bytes) -> None:
        self._check()
        super().write(data)

    def try_it(self) -> None:
        self._check()
        super().try_it()

    def _check(self) -> None:
        if self._of.fails:
            raise OSError(errno.EIO, "no")


def unit_with(board: SlotBoard) -> Hand:
    """A production unit on this board."""
    return sealed_hand(board=board)


def restart(hand: Hand, board: SlotBoard) -> None:
    """As after a reset or a loss of power: what ends so is swept, and a slot chosen."""
    board.stored.pop("update.new", None)
    board.slots.start()
    hand.boot()


def host(hand: Hand, role: Role = Role.SERVICE) -> Carrier:
    """Somebody in a session of this role."""
    client = Client(hand, role).enter()

    def call(method: str, **params: Any) -> dict[str, Any]:
        told = client.call(method, **params)
        for _ in range(100):
            if told is not None:
                break
            hand.run(100)
            told = next((one["result"] for one in client.listen() if "id" in one), None)
        if isinstance(told, tuple):
            return {"result": told[1]}
        assert isinstance(told, dict), told
        return told

    return Carrier(call, lambda: hand.run(100))
