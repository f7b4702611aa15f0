"""A credential as a file that its user carries: one JSON object, the key in hex.

It holds K_u and never K_lock; who may read the file is the file system's.
"""

import json
from typing import Any, Final

from lockhil.session.credentials import KEY_BYTES, USER_BYTES, Credential, Grant, Role, unit_bytes

FORMAT: Final = "lockrig-credential/1"


class NotACredentialError(Exception):
    """It isn't such a file; the message shows nothing of what is in it."""


def encode(credential: Credential) -> bytes:
    """The file's content."""
    grant = credential.grant
    told = {
        "format": FORMAT,
        "unit": credential.unit,
        "id": user_name(grant.user),
        "role": Role(grant.role).name.lower(),
        "not_before_s": grant.not_before_s,
        "not_after_s": grant.not_after_s,
        "epoch": grant.epoch,
        "key": credential.key.hex(),
    }
    return json.dumps(told, indent=1).encode() + b"\n"


def decode(data: bytes) -> Credential:
    """The credential in a file. NotACredentialError."""
    try:
        told: dict[str, Any] = json.loads(data)
        if told["format"] != FORMAT:
            raise NotACredentialError(f"expected a file of {FORMAT}")
        key = bytes.fromhex(told["key"])
        if len(key) != KEY_BYTES:
            raise NotACredentialError("expected a whole key in it")
        if unit_bytes(told["unit"]).rstrip(b"\0").strip(_UNIT):
            raise NotACredentialError("expected a unit's label in it")
        times = (told["not_before_s"], told["not_after_s"])
        if not all(type(value) is int for value in (*times, told["epoch"])):
            raise NotACredentialError("expected whole numbers in it")
        grant = Grant(told["epoch"], user_bytes(told["id"]), Role[told["role"].upper()], *times)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # Not what came: it may be most of a key.
        raise NotACredentialError(f"expected a file of {FORMAT}, whole and unchanged") from None
    return Credential(told["unit"], grant, key)


class Carried:
    """A wallet with the one credential that its user carries; see `lockhil.session.link`."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential
        self.role = Role(credential.grant.role)

    def credential(self, _: Role) -> Credential:
        """That one, whatever it is good for: the unit says so."""
        return self._credential

    def told(self, _: int) -> None:
        """A credential stays what it was made for."""


def user_bytes(name: str) -> bytes:
    """A user's id as the protocol has it: 16 bytes, filled up with zeros. ValueError."""
    told = name.encode("ascii", "replace")
    if not 0 < len(told) <= USER_BYTES or not all(byte in _NAME for byte in told):
        raise ValueError(
            f"expected a user's id of 1 to {USER_BYTES} of A-Z, a-z, 0-9, -, _ and ., got {name!r}"
        )
    return told.ljust(USER_BYTES, b"\0")


def user_name(user: bytes) -> str:
    """The id as people write it."""
    return user.rstrip(b"\0").decode("ascii", "replace")


_UNIT: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
_NAME: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
