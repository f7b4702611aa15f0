"""One handshake: M1 taken apart, M2 made, the client's proof checked, the session's keys made.

It decides nothing: whether the credential in it is good, `session` asks.
"""

import struct

from lockunit.access import Access
from lockunit.crypto import expand, extract, hmac, same
from lockunit.lockkey import FOR_USER, unit_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockunit.board import Aes

# Why there is none.
VERSION, WRONG_UNIT = "VERSION", "WRONG_UNIT"

# M1: version, unit, then the credential's fields (epoch, user, role, not before, not after), N_c.
_M1_BYTES = 62
_CREDENTIAL = ">I16sBII"
_CREDENTIAL_AT, _CREDENTIAL_END = 17, 46
_VERSION = 1
_RANDOM_BYTES = 16
_KEY_BYTES = 16


def wrong(unit: str, m1: bytes) -> str:
    """Why a unit of this id doesn't answer this M1; "" if it does."""
    if len(m1) != _M1_BYTES or m1[0] != _VERSION:
        return VERSION
    return "" if m1[1:_CREDENTIAL_AT] == unit_bytes(unit) else WRONG_UNIT


class Handshake:
    """One that waits for its proof; until then nothing that it says of itself is proved.

    `number`: S; `role`, `user`, ...: the credential's; `place`: N_l and S, which a token is for.
    """

    def __init__(self, access: Access, m1: bytes) -> None:
        self.board = access.board
        self.epoch, self.user, self.role, self.not_before_s, self.not_after_s = struct.unpack_from(
            _CREDENTIAL, m1, _CREDENTIAL_AT
        )
        self.number = access.next
        self.place = self.board.random(_RANDOM_BYTES) + struct.pack(">I", self.number)
        self._said = m1 + self.place
        self._key = access.key.make(FOR_USER, m1[_CREDENTIAL_AT:_CREDENTIAL_END])

    def m2(self) -> bytes:
        """The answer: the unit proves itself first."""
        return self.place + hmac(self.board, self._key, b"L" + self._said)

    def holds(self, proof: bytes) -> bool:
        """Whether it is the client's proof."""
        return same(hmac(self.board, self._key, b"C" + self._said), proof)

    def ciphers(self) -> "tuple[Aes, Aes]":
        """What seals from the client to the lock, and back."""
        made = extract(self.board, self.board.sha256(self._said), self._key)
        to_lock = expand(self.board, made, b"lockrig1 c2l", _KEY_BYTES)
        to_client = expand(self.board, made, b"lockrig1 l2c", _KEY_BYTES)
        return self.board.aes(to_lock), self.board.aes(to_client)
