"""Keys by the book, byte by byte, with Python's own HMAC alone; and none of them ever shows."""

import copy
import hashlib
import hmac
import logging
import struct
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.session.credentials import Credential, Grant, LockKey, Role
from lockhil.session.handshake import Handshake, HandshakeError
from lockhil.session.sealed import Channel, SealError

KEY = bytes(range(200, 232))
UNIT = "DOOR-0001"
GRANT = Grant(3, b"somebody".ljust(16, b"\0"), Role.TECHNICIAN, 1_700_000_000, 1_800_000_000)


def by_the_book(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """HKDF for one block of 32 bytes."""
    made = hmac.digest(salt, secret, "sha256")
    return hmac.digest(made, info + b"\x01", "sha256")


def test_a_users_key_is_made_as_it_is_written() -> None:
    fields = struct.pack(">I", 3) + GRANT.user + b"\x02"
    fields += struct.pack(">II", 1_700_000_000, 1_800_000_000)
    assert GRANT.encode() == fields
    made = by_the_book(KEY, b"DOOR-0001" + bytes(7), b"lockrig1 user" + fields)
    assert LockKey(KEY).credential(UNIT, GRANT).key == made


def test_a_token_is_made_as_it_is_written() -> None:
    place = bytes(range(20))
    made = by_the_book(KEY, b"DOOR-0001" + bytes(7), b"lockrig1 time")
    for lower in (False, True):
        token = LockKey(KEY).token(UNIT, place, 1_750_000_000, lower=lower)
        told = place + struct.pack(">IB", 1_750_000_000, lower)
        assert token.tag == hmac.digest(made, told, "sha256")


def test_a_handshake_is_made_as_it_is_written() -> None:
    credential = LockKey(KEY).credential(UNIT, GRANT)
    handshake = Handshake(credential)
    m1 = handshake.m1
    assert m1[:-16] == b"\x01" + b"DOOR-0001" + bytes(7) + GRANT.encode()
    assert Handshake(credential).m1[-16:] != m1[-16:]
    place = bytes(range(16)) + struct.pack(">I", 77)
    m2 = place + hmac.digest(credential.key, b"L" + m1 + place, "sha256")
    assert handshake.answer(m2) == hmac.digest(credential.key, b"C" + m1 + place, "sha256")
    assert (handshake.number, handshake.place) == (77, place)
    salt = hashlib.sha256(m1 + place).digest()
    keys = [
        by_the_book(credential.key, salt, info)[:16] for info in (b"lockrig1 c2l", b"lockrig1 l2c")
    ]
    lock = Channel(77, to_lock=keys[0], to_client=keys[1])
    assert handshake.channel().seal(b"request") == lock.seal(b"request")


def test_before_m2_there_is_nothing() -> None:
    handshake = Handshake(LockKey(KEY).credential(UNIT, GRANT))
    assert handshake.place == b""
    with pytest.raises(HandshakeError, match="M2 first"):
        handshake.channel()


@given(st.integers(0, 50), st.booleans())
def test_a_key_that_is_none_is_refused_unseen(count: int, odd: bool) -> None:
    text = "7e" * count + ("x" if odd else "")
    if count == 32 and not odd:
        assert repr(LockKey.parse(text)) == "LockKey(...)"
        return
    with pytest.raises(ValueError, match="expected a lock's key of") as refused:
        LockKey.parse(text)
    shown = "".join(traceback.format_exception(refused.value))
    assert "7e7e" not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": b"short"},
        {"epoch": -1},
        {"epoch": 1 << 32},
        {"not_before_s": 5, "not_after_s": 4},
        {"not_before_s": -1},
        {"not_after_s": 1 << 32},
    ],
)
def test_a_grant_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    told = {"epoch": 1, "user": bytes(16), "not_before_s": 0, "not_after_s": 9} | wrong
    with pytest.raises(ValueError, match="expected"):
        Grant(role=Role.CARER, **told)


@pytest.mark.parametrize("unit", ["", "X" * 17])
def test_a_unit_that_cannot_be_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="1 to 16 characters"):
        LockKey(KEY).credential(unit, GRANT)


@pytest.mark.parametrize(("place", "time_s"), [(bytes(19), 5), (bytes(20), 1 << 32)])
def test_a_token_that_cannot_be_is_refused(place: bytes, time_s: int) -> None:
    with pytest.raises(ValueError, match="expected N_l and S"):
        LockKey(KEY).token(UNIT, place, time_s)


def forms(secret: bytes) -> list[str]:
    """How a secret may look in a text, or a part of it."""
    found = []
    for at in range(0, len(secret) - 7, 4):
        part = secret[at : at + 8]
        found += [part.hex(), repr(part)[2:-1], str(list(part))[1:-1]]
    return found


def test_no_key_shows_in_any_text(caplog: pytest.LogCaptureFixture) -> None:
    lock = LockKey(KEY)
    credential = lock.credential(UNIT, GRANT)
    handshake = Handshake(credential)
    place = bytes(16) + struct.pack(">I", 9)
    handshake.answer(place + hmac.digest(credential.key, b"L" + handshake.m1 + place, "sha256"))
    channel = handshake.channel()
    salt = hashlib.sha256(handshake.m1 + place).digest()
    secrets = [KEY, credential.key]
    secrets += [by_the_book(credential.key, salt, b"lockrig1 " + way) for way in (b"c2l", b"l2c")]
    texts = []
    for thing in (lock, credential, handshake, channel, copy.copy(credential)):
        texts += [repr(thing), str(thing), f"{thing}", f"{[thing]!r}"]
        logging.getLogger("any").error("%s %r", thing, thing)
    for doing in (
        lambda: LockKey(KEY[:-1]),
        lambda: LockKey.parse(KEY.hex()[:-1]),
        lambda: lock.make("", b""),
        lambda: Credential("", GRANT),  # type: ignore[call-arg]
        lambda: handshake.answer(bytes(52)),
        lambda: channel.open(9, 0, bytes(20)),
        lambda: channel.seal(b""),
    ):
        try:
            doing()
        except (ValueError, TypeError, HandshakeError, SealError) as error:
            texts.append("".join(traceback.format_exception(error)))
        else:
            raise AssertionError("was to fail")
    shown = "\n".join([*texts, caplog.text])
    assert "LockKey(...)" in shown
    assert [form for secret in secrets for form in forms(secret) if form in shown] == []
