"""AES-CCM with 8-byte tags and 13-byte nonces (RFC 3610: M = 8, L = 2), over the board's AES.

It seals and opens; that a nonce is never used twice with a key is its caller's.
"""

import struct

from lockunit.crypto import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lockunit.board import Aes

NONCE_BYTES = 13
TAG_BYTES = 8
# L = 2: two bytes tell the length.
_LONGEST = 0xFFFF
_BLOCK = 16
# The first byte of the first block: additional data follow, M = 8, L = 2; and of a counter: L = 2.
_FIRST = 0x40 | (TAG_BYTES - 2) // 2 << 3 | 1
_COUNTER = 1


def seal(aes: "Aes", nonce: bytes, message: bytes, beside: bytes) -> bytes:
    """`message` enciphered, and behind it the tag that vouches for it and for `beside`.

    ValueError: the nonce isn't 13 bytes, the message over 65,535, or `beside` not 1 to 65,279.
    """
    if len(nonce) != NONCE_BYTES or len(message) > _LONGEST or not 0 < len(beside) < 0xFF00:
        raise ValueError("expected a nonce of 13 bytes, and something beside the message")
    stream = _stream(aes, nonce, len(message))
    tag = _tag(aes, nonce, message, beside)
    return _xor(message, stream, _BLOCK) + _xor(tag, stream, 0)


def unseal(aes: "Aes", nonce: bytes, sealed: bytes, beside: bytes) -> "bytes | None":
    """The message that `seal` was given; None if this isn't what it made of one."""
    length = len(sealed) - TAG_BYTES
    if not 0 <= length <= _LONGEST:
        return None
    stream = _stream(aes, nonce, length)
    message = _xor(sealed[:length], stream, _BLOCK)
    tag = _xor(_tag(aes, nonce, message, beside), stream, 0)
    return message if same(tag, sealed[length:]) else None


def _stream(aes: "Aes", nonce: bytes, count: int) -> bytes:
    """A block for the tag, then what enciphers `count` bytes: counters, all in one call."""
    blocks = bytearray()
    for number in range(1 + (count + _BLOCK - 1) // _BLOCK):
        blocks += struct.pack(">B13sH", _COUNTER, nonce, number)
    return aes.encrypt(blocks)


def _xor(data: bytes, stream: bytes, at: int) -> bytes:
    mixed = bytearray(data)
    for place in range(len(mixed)):
        mixed[place] ^= stream[at + place]
    return bytes(mixed)


def _tag(aes: "Aes", nonce: bytes, message: bytes, beside: bytes) -> bytes:
    """The tag before it is enciphered."""
    mac = bytearray(aes.encrypt(struct.pack(">B13sH", _FIRST, nonce, len(message))))
    _chain(aes, mac, struct.pack(">H", len(beside)) + beside)
    _chain(aes, mac, message)
    return bytes(mac[:TAG_BYTES])


def _chain(aes: "Aes", mac: bytearray, data: bytes) -> None:
    """Take `data`, filled up with zeros to whole blocks, into the MAC."""
    for start in range(0, len(data), _BLOCK):
        for place in range(min(_BLOCK, len(data) - start)):
            mac[place] ^= data[start + place]
        mac[:] = aes.encrypt(mac)
