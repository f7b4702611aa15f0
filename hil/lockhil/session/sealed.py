"""A sealed channel to a unit: messages in order, each once, or none any more.

It seals and opens; a channel is made by a handshake, and ends at the first line that isn't the
next one.
"""

import base64
import binascii
import json
import struct
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

# What fits a line of 1,024 bytes, once sealed.
LONGEST_PLAIN: Final = 730
_TO_LOCK: Final = 0
_TO_CLIENT: Final = 1
_TAG_BYTES: Final = 8


class SealError(Exception):
    """A line isn't the next one of this session, which ends with it."""


class Channel:
    """The client's end of session `number`. `closed`: it takes and gives nothing any more."""

    def __init__(self, number: int, *, to_lock: bytes, to_client: bytes) -> None:
        self.number: Final = number
        self.closed = False
        self._to_lock = AESCCM(to_lock, tag_length=_TAG_BYTES)
        self._to_client = AESCCM(to_client, tag_length=_TAG_BYTES)
        self._out = self._in = 0

    def __repr__(self) -> str:
        return f"Channel(number={self.number}, closed={self.closed})"

    def _nonce(self, direction: int, n: int) -> bytes:
        return struct.pack(">BIQ", direction, self.number, n)

    def seal(self, plain: bytes) -> tuple[int, bytes]:
        """The next line's number, and `plain` sealed. SealError, ValueError: it is too long."""
        if self.closed:
            raise SealError(f"session {self.number} is over")
        if len(plain) > LONGEST_PLAIN:
            raise ValueError(f"expected at most {LONGEST_PLAIN} bytes, got {len(plain)}")
        n = self._out
        self._out += 1
        nonce = self._nonce(_TO_LOCK, n)
        return n, self._to_lock.encrypt(nonce, plain, nonce)

    def open(self, number: int, n: int, sealed: bytes) -> bytes:
        """What the unit said. SealError: that isn't its next line, and the channel is closed."""
        if self.closed:
            raise SealError(f"session {self.number} is over")
        nonce = self._nonce(_TO_CLIENT, self._in)
        try:
            if (number, n) != (self.number, self._in):
                raise SealError(
                    f"expected line {self._in} of session {self.number}, got {n} of {number}"
                )
            plain = self._to_client.decrypt(nonce, sealed, nonce)
        except (SealError, InvalidTag, ValueError) as error:
            self.closed = True
            if isinstance(error, SealError):
                raise
            raise SealError(f"line {n} of session {number} was altered, or isn't its") from None
        self._in += 1
        return plain

    def seal_line(self, request: bytes) -> bytes:
        """The sealed line, without its end, that carries a request. As `seal`."""
        n, sealed = self.seal(request)
        told = {"s": self.number, "n": n, "c": base64.b64encode(sealed).decode()}
        return json.dumps(told, separators=(",", ":")).encode()

    def open_line(self, line: bytes) -> bytes:
        """What a sealed line carries. As `open`."""
        try:
            told = json.loads(line)
            number, n, sealed = told["s"], told["n"], base64.b64decode(told["c"], validate=True)
        except (ValueError, KeyError, TypeError, binascii.Error):
            self.closed = True
            raise SealError("expected a line with s, n and c") from None
        return self.open(number, n, sealed)
