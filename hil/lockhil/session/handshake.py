"""The client's side of the handshake: who both are is proved, and a channel comes out.

It makes and checks messages; what carries them is the caller's.
"""

import hashlib
import hmac
import secrets
import struct
from collections.abc import Callable
from typing import Final

from lockhil.session.credentials import Credential, derive, unit_bytes
from lockhil.session.sealed import Channel

VERSION: Final = 1
_CHANCE_BYTES: Final = 16
_M2: Final = struct.Struct(">16sI32s")


class HandshakeError(Exception):
    """Whatever answered doesn't have the key of the unit that was meant."""


class Handshake:
    """One attempt: send `m1`, give M2 to `answer`, send the proof, and go on with `channel`."""

    def __init__(
        self, credential: Credential, chance: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        """`chance` gives so many bytes that nobody can guess: another than the usual is for
        simulations alone.
        """
        self._key = credential.key
        head = bytes((VERSION,)) + unit_bytes(credential.unit) + credential.grant.encode()
        self.m1: Final = head + chance(_CHANCE_BYTES)
        self._place = b""

    def __repr__(self) -> str:
        return f"Handshake(number={self.number if self._place else None})"

    def answer(self, m2: bytes) -> bytes:
        """The proof to send. HandshakeError: the unit proved nothing, and gets nothing."""
        if len(m2) != _M2.size:
            raise HandshakeError(f"expected {_M2.size} bytes of M2, got {len(m2)}")
        place, proof = m2[:20], m2[20:]
        if not hmac.compare_digest(self._tag(b"L", place), proof):
            raise HandshakeError(
                "the unit's proof is false: it is another unit, or its key was replaced"
            )
        self._place = place
        return self._tag(b"C", place)

    def _tag(self, whose: bytes, place: bytes) -> bytes:
        return hmac.digest(self._key, whose + self.m1 + place, "sha256")

    @property
    def place(self) -> bytes:
        """N_l and S, which a time token is for; b"" before M2."""
        return self._place

    @property
    def number(self) -> int:
        """S. HandshakeError before M2."""
        if not self._place:
            raise HandshakeError("expected M2 first: there is no number yet")
        return int.from_bytes(self._place[-4:], "big")

    def channel(self) -> Channel:
        """The sealed channel, once the unit took the proof. HandshakeError before M2."""
        number = self.number
        salt = hashlib.sha256(self.m1 + self._place).digest()
        to_lock, to_client = (
            derive(self._key, salt=salt, info=info, length=16)
            for info in (b"lockrig1 c2l", b"lockrig1 l2c")
        )
        return Channel(number, to_lock=to_lock, to_client=to_client)
