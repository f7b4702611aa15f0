"""HMAC-SHA256 by the vectors of RFC 4231, and against Python's own."""

import hmac as pythons

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockunit.crypto import hmac
from tests.lockunit.hand import HandBoard

# Key, message, the first bytes of what comes.
VECTORS = [
    (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b"),
    (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c7"),
    (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a7"),
    (bytes(range(1, 26)), b"\xcd" * 50, "82558a389a443c0ea4cc819899f2083a"),
    (
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f",
    ),
]


@pytest.mark.parametrize(("key", "message", "begins"), VECTORS)
def test_the_standards_vectors(key: bytes, message: bytes, begins: str) -> None:
    assert hmac(HandBoard(), key, message)[:16].hex() == begins


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_as_pythons(key: bytes, message: bytes) -> None:
    assert hmac(HandBoard(), key, message) == pythons.digest(key, message, "sha256")
