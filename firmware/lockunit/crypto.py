"""HMAC-SHA256, keys made from keys, and comparing in constant time, over the board's hash.

MicroPython has the hash but no `hmac`; boards may have the hash in hardware, so it comes from the
port. No keys are kept here; the cipher is `ccm`.
"""

from lockunit.board import Board

_BLOCK = 64
HASH_BYTES = 32


def hmac(board: Board, key: bytes, message: bytes) -> bytes:
    """The 32 bytes of HMAC-SHA256 (RFC 2104)."""
    if len(key) > _BLOCK:
        key = board.sha256(key)
    inner = bytearray(b"\x36" * _BLOCK)
    outer = bytearray(b"\x5c" * _BLOCK)
    # Not by `enumerate`: each of its pairs would be allocated.
    for place in range(len(key)):
        inner[place] ^= key[place]
        outer[place] ^= key[place]
    return board.sha256(bytes(outer) + board.sha256(bytes(inner) + message))


def extract(board: Board, salt: bytes, secret: bytes) -> bytes:
    """HKDF's first half (RFC 5869): the 32 bytes that keys are made from."""
    return hmac(board, salt, secret)


def expand(board: Board, made: bytes, info: bytes, count: int = HASH_BYTES) -> bytes:
    """HKDF's second half: `count` (at most 255 * 32) bytes for the use that `info` names, of what
    `extract` made."""
    if not 0 <= count <= 255 * HASH_BYTES:
        raise ValueError("expected at most 8160 bytes")
    key = last = b""
    number = 1
    while len(key) < count:
        last = hmac(board, made, last + info + bytes((number,)))
        key += last
        number += 1
    return key[:count]


def same(found: bytes, given: bytes) -> bool:
    """Whether they are equal; how long that takes tells nobody where they differ."""
    if len(found) != len(given):
        return False
    differ = 0
    for place in range(len(found)):
        differ |= found[place] ^ given[place]
    return differ == 0
