"""HMAC, HKDF, CCM by the standards' vectors, and against others' code; what runs on other
interpreters stands in tests/memory.
"""

import hmac as pythons

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import example, given
from hypothesis import strategies as st

from lockunit.ccm import seal, unseal
from lockunit.crypto import expand, extract, hmac, same
from tests.lockunit import vectors
from tests.lockunit.hand import HandBoard

BOARD = HandBoard()
KEYS = st.binary(min_size=16, max_size=16)
NONCES = st.binary(min_size=13, max_size=13)
MESSAGES = st.binary(max_size=100)
BESIDE = st.binary(min_size=1, max_size=40)


def h(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize(("key", "message", "comes"), vectors.HMAC)
def test_rfc_4231(key: str, message: str, comes: str) -> None:
    assert hmac(BOARD, h(key), h(message)).hex()[: len(comes)] == comes


@given(MESSAGES, MESSAGES)
@example(bytes(range(64)), b"a key that just fits a block")
@example(bytes(range(65)), b"the shortest that is hashed first")
def test_hmac_as_pythons(key: bytes, message: bytes) -> None:
    assert hmac(BOARD, key, message) == pythons.digest(key, message, "sha256")


@pytest.mark.parametrize(("secret", "salt", "info", "extracted", "expanded"), vectors.HKDF)
def test_rfc_5869(secret: str, salt: str, info: str, extracted: str, expanded: str) -> None:
    made = extract(BOARD, h(salt), h(secret))
    assert made.hex() == extracted
    assert expand(BOARD, made, h(info), len(expanded) // 2).hex() == expanded


@given(MESSAGES, MESSAGES, MESSAGES, st.integers(1, 200))
def test_hkdf_as_others(secret: bytes, salt: bytes, info: bytes, count: int) -> None:
    others = HKDF(algorithm=SHA256(), length=count, salt=salt, info=info).derive(secret)
    assert expand(BOARD, extract(BOARD, salt, secret), info, count) == others


def test_no_more_is_expanded_than_the_standard_allows() -> None:
    assert len(expand(BOARD, bytes(32), b"", 8_160)) == 8_160
    assert expand(BOARD, bytes(32), b"", 0) == b""
    for count in (8_161, -1):
        with pytest.raises(ValueError, match=r"^expected at most 8160 bytes$"):
            expand(BOARD, bytes(32), b"", count)


@given(MESSAGES, MESSAGES)
def test_same_is_equal(one: bytes, other: bytes) -> None:
    assert same(one, one)
    assert same(one, other) == (one == other)
    assert same(one, one[:-1] + b"\x00") == one.endswith(b"\x00")


@given(st.binary(min_size=1, max_size=40), st.data())
def test_one_bit_anywhere_makes_it_another(one: bytes, data: st.DataObject) -> None:
    bit = data.draw(st.integers(0, 8 * len(one) - 1))
    other = bytearray(one)
    other[bit // 8] ^= 1 << bit % 8
    assert not same(one, bytes(other))


@pytest.mark.parametrize(("key", "nonce", "beside", "message", "sealed"), vectors.CCM)
def test_rfc_3610(key: str, nonce: str, beside: str, message: str, sealed: str) -> None:
    aes = BOARD.aes(h(key))
    assert seal(aes, h(nonce), h(message), h(beside)).hex() == sealed
    assert unseal(aes, h(nonce), h(sealed), h(beside)) == h(message)


@given(KEYS, NONCES, MESSAGES | st.binary(min_size=700, max_size=740), BESIDE)
def test_ccm_as_others(key: bytes, nonce: bytes, message: bytes, beside: bytes) -> None:
    sealed = AESCCM(key, tag_length=8).encrypt(nonce, message, beside)
    aes = BOARD.aes(key)
    assert seal(aes, nonce, message, beside) == sealed
    assert unseal(aes, nonce, sealed, beside) == message


@given(KEYS, NONCES, MESSAGES, BESIDE, st.integers(0, 1_000), st.integers(1, 255))
def test_what_was_altered_anywhere_opens_to_nothing(
    key: bytes, nonce: bytes, message: bytes, beside: bytes, at: int, by: int
) -> None:
    aes = BOARD.aes(key)
    sealed = seal(aes, nonce, message, beside)
    told = bytearray(nonce + beside + sealed)
    told[at % len(told)] ^= by
    split = 13 + len(beside)
    assert unseal(aes, bytes(told[:13]), bytes(told[split:]), bytes(told[13:split])) is None
    assert unseal(aes, nonce, sealed[:-1], beside) is None
    assert unseal(aes, nonce, sealed + b"\x00", beside) is None


def test_what_is_too_short_for_a_tag_opens_to_nothing() -> None:
    aes = BOARD.aes(bytes(16))
    assert all(unseal(aes, bytes(13), bytes(count), b"b") is None for count in range(9))


@pytest.mark.parametrize(("count", "beside"), [(0xFFFF, 1), (1, 0xFEFF)])
def test_ccm_holds_as_much_as_its_lengths_can_tell(count: int, beside: int) -> None:
    key, nonce = bytes(range(16)), bytes(range(13))
    message, told = b"\xa5" * count, b"\x5a" * beside
    sealed = AESCCM(key, tag_length=8).encrypt(nonce, message, told)
    assert seal(BOARD.aes(key), nonce, message, told) == sealed
    assert unseal(BOARD.aes(key), nonce, sealed, told) == message


class Counting:
    """The board's AES, counting the blocks that it enciphers."""

    def __init__(self) -> None:
        self._aes = BOARD.aes(bytes(16))
        self.blocks = 0

    def encrypt(self, blocks: bytes | bytearray) -> bytes:
        self.blocks += len(blocks) // 16
        return self._aes.encrypt(blocks)


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 32, 730])
def test_no_more_is_enciphered_than_the_standard_needs(count: int) -> None:
    # The MAC's first block, those of what is beside (13 bytes and their length), and the tag's.
    needed = 3 + 2 * -(-count // 16)
    aes = Counting()
    sealed = seal(aes, bytes(13), bytes(count), bytes(13))
    assert aes.blocks == needed
    assert unseal(aes, bytes(13), sealed, bytes(13)) == bytes(count)
    assert aes.blocks == 2 * needed


def test_what_is_longer_than_its_length_can_tell_opens_to_nothing() -> None:
    assert unseal(BOARD.aes(bytes(16)), bytes(13), bytes(0x10000 + 8), b"b") is None


@pytest.mark.parametrize(
    ("nonce", "message", "beside"),
    [(12, 1, 1), (14, 1, 1), (13, 0x10000, 1), (13, 1, 0), (13, 1, 0xFF00)],
)
def test_what_ccm_cannot_hold_is_refused(nonce: int, message: int, beside: int) -> None:
    expected = "^expected a nonce of 13 bytes, and something beside the message$"
    with pytest.raises(ValueError, match=expected):
        seal(BOARD.aes(bytes(16)), bytes(nonce), bytes(message), bytes(beside))
