"""The key store's file: sealed by AES-256-GCM, beside what says where its key comes from.

A checksum tells a damaged file from a wrong key, which a seal alone can't. What is inside, and who
gives the key, isn't its business.
"""

import base64
import hashlib
import hmac
import os
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from lockhil.session.credentials import derive
from lockrig.errors import Exit, LockrigError
from lockrig.keystore.private import read_private, replace_private

FORMAT = "lockrig-keystore/1"
KEY_BYTES = 32
# OWASP's first choice (Password Storage Cheat Sheet, 2024): 128 MB and half a second a guess.
COST = 1 << 17
# A file mustn't make its reader take more.
_HIGHEST_COST = 1 << 20


class WrongKeyError(Exception):
    """The file is whole, and sealed with another key."""


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the key comes from: `by` is "passphrase" (with `salt` and `cost`) or "keyring", where
    it is called `entry`. Nothing in it is secret."""

    by: str
    salt: bytes = b""
    cost: int = COST
    entry: str = ""

    def stretched(self, passphrase: str) -> bytes:
        """The key that a passphrase makes (scrypt, RFC 7914)."""
        made: bytes = Scrypt(salt=self.salt, length=KEY_BYTES, n=self.cost, r=8, p=1).derive(
            passphrase.encode()
        )
        return made


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    unlock: Head
    check: str
    nonce: str
    sealed: str
    sha256: str


def _made(key: bytes, use: bytes, length: int) -> bytes:
    return derive(key, salt=b"lockrig keystore", info=use, length=length)


def _check(key: bytes) -> str:
    """Tells whether a key is the file's, and nothing else of it."""
    return _made(key, b"check", 16).hex()


def _sum(file: _File) -> str:
    told = [file.format, msgspec.json.encode(file.unlock).decode(), file.check, file.nonce]
    return hashlib.sha256("\n".join([*told, file.sealed]).encode()).hexdigest()


def _damaged(path: Path, why: str) -> LockrigError:
    return LockrigError(
        f"{path} is no whole key store: {why}; nothing was changed: put its backup in its place",
        Exit.USAGE,
    )


def _parsed(path: Path) -> _File:
    data = read_private(path)
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # What it says may be most of a key.
        raise _damaged(path, "it doesn't read as one") from None
    if file.format != FORMAT:
        raise _damaged(path, f"expected {FORMAT}")
    if not hmac.compare_digest(file.sha256, _sum(file)):
        raise _damaged(path, "its checksum is wrong")
    if file.unlock.by not in ("passphrase", "keyring") or not 2 <= file.unlock.cost <= (
        _HIGHEST_COST
    ):
        raise _damaged(path, "it doesn't say where its key comes from")
    return file


def read_head(path: Path) -> Head:
    """Where the file's key comes from. LockrigError."""
    return _parsed(path).unlock


def read(path: Path, key: bytes) -> bytes:
    """What the file holds. WrongKeyError, LockrigError."""
    file = _parsed(path)
    if not hmac.compare_digest(file.check, _check(key)):
        raise WrongKeyError
    try:
        nonce, sealed = base64.b64decode(file.nonce), base64.b64decode(file.sealed)
        seal = AESGCM(_made(key, b"seal", 32))
        return seal.decrypt(nonce, sealed, msgspec.json.encode(file.unlock))
    except (InvalidTag, ValueError):
        raise _damaged(path, "its seal is broken, so somebody wrote it who has no key") from None


def write(path: Path, head: Head, key: bytes, data: bytes) -> None:
    """Replace the file, or make it. LockrigError: it is as it was."""
    nonce = os.urandom(12)
    seal = AESGCM(_made(key, b"seal", 32))
    sealed = seal.encrypt(nonce, data, msgspec.json.encode(head))
    file = _File(
        FORMAT,
        head,
        _check(key),
        base64.b64encode(nonce).decode(),
        base64.b64encode(sealed).decode(),
        "",
    )
    file.sha256 = _sum(file)
    replace_private(path, msgspec.json.format(msgspec.json.encode(file)) + b"\n")
