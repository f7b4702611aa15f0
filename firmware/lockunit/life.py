"""Where a unit is in its life: in stock, at a customer's, or taken down.

The customer's id is the only thing that a unit knows of anybody; it goes when the lock does.
"""

import struct

from lockunit.board import Board
from lockunit.journal import Journal
from lockunit.storage import checked, unchecked

STOCK = "stock"
COUPLED = "coupled"
DISMOUNTED = "dismounted"
STATES = (STOCK, COUPLED, DISMOUNTED)

# Who may change it.
SERVICE = "service"

# How a change ends, beside "done".
DONE = "done"
COUPLED_ALREADY = "COUPLED"
NOT_COUPLED = "NOT_COUPLED"
UNREAD = "UNREAD"
STORAGE = "STORAGE"
LONGEST_CUSTOMER = 24
_ALLOWED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

_STORED_AS = "life"
_VERSION = 1
# Version, state, up to where the journal is to go; the customer follows.
_HEAD = "<BBI"
_HEAD_BYTES = 6


class Life:
    """One unit's."""

    def __init__(self, board: Board, journal: Journal) -> None:
        self.board = board
        self.journal = journal
        self.state = STOCK
        self.customer = ""
        # Up to here the journal tells what an earlier customer's door did, and has been read.
        self.upto = 0

    def boot(self) -> None:
        """Take up what was stored, before the journal does."""
        stored = self.board.fetch(_STORED_AS)
        if stored is None:
            return
        data = unchecked(stored)
        if (
            data is not None
            and _HEAD_BYTES <= len(data) <= _HEAD_BYTES + LONGEST_CUSTOMER
            and data[0] == _VERSION
            and data[1] < len(STATES)
        ):
            self.state = STATES[data[1]]
            self.upto = self.journal.upto = struct.unpack_from(_HEAD, data)[2]
            self.customer = data[_HEAD_BYTES:].decode()
        else:
            # Taken down or not, nobody knows: who stands before the door has to get in.
            self.board.refuse(_STORED_AS, "expected a state and a customer, with their checksum")

    def dismounted(self) -> bool:
        """Whether it was taken down: then it works for the service alone."""
        return self.state == DISMOUNTED

    def couple(self, customer: str) -> str:
        """Become this customer's, or a house's (""): DONE, or why not."""
        if self.state == COUPLED:
            return DONE if customer == self.customer else COUPLED_ALREADY
        return DONE if self._change(COUPLED, customer, self.upto) else STORAGE

    def leave(self, state: str) -> str:
        """Forget the customer, for STOCK or DISMOUNTED: DONE, or why not.

        Nobody's comings and goings go along; so somebody has to have read the journal before.
        """
        if state == self.state:
            return DONE if state == DISMOUNTED else NOT_COUPLED
        if state == STOCK and self.state != COUPLED:
            return NOT_COUPLED
        if not self.journal.all_read():
            return UNREAD
        return DONE if self._change(state, "", self.journal.next - 1) else STORAGE

    def _change(self, state: str, customer: str, upto: int) -> bool:
        head = struct.pack(_HEAD, _VERSION, STATES.index(state), upto)
        if not self.board.store(_STORED_AS, checked(head + customer.encode())):
            return False
        self.state, self.customer, self.upto = state, customer, upto
        return True


def wrong_customer(street: bool, customer: "object") -> str:
    """What is wrong with a customer's id as it was given, or not (None); "" if nothing is."""
    if street:
        return "" if customer is None else "customer: this lock is many people's"
    raw = customer.encode() if isinstance(customer, str) else b""
    if 0 < len(raw) <= LONGEST_CUSTOMER and all(byte in _ALLOWED for byte in raw):
        return ""
    return "customer: expected 1 to 24 of A-Z, a-z, 0-9, - and _"
