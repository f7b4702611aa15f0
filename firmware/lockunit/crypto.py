"""HMAC-SHA256 over the board's hash: what signs the journal; no keys, no ciphers.

MicroPython has the hash but no `hmac`; boards may have the hash in hardware, so it comes from the
port.
"""

from lockunit.board import Board

_BLOCK = 64


def hmac(board: Board, key: bytes, message: bytes) -> bytes:
    """The 32 bytes of HMAC-SHA256 (RFC 2104)."""
    if len(key) > _BLOCK:
        key = board.sha256(key)
    inner = bytearray(b"\x36" * _BLOCK)
    outer = bytearray(b"\x5c" * _BLOCK)
    for place, byte in enumerate(key):
        inner[place] ^= byte
        outer[place] ^= byte
    return board.sha256(bytes(outer) + board.sha256(bytes(inner) + message))
