"""Keys and what is made of them: a user's credential, a token that sets a unit's clock.

Whoever holds the lock's key makes both; a phone holds a credential alone. No key shows in a `repr`
or in an error.
"""

import hmac
import struct
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
UNIT_BYTES: Final = 16
USER_BYTES: Final = 16
_U32: Final = 0xFFFFFFFF
# A token's flag: the time may be below the unit's lower bound, and lower it.
_LOWER: Final = 1


class Role(IntEnum):
    """What a user may do; the unit's method table says what that is."""

    CARER = 1
    TECHNICIAN = 2
    SERVICE = 3


def derive(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def unit_bytes(unit: str) -> bytes:
    """A unit's id as the protocol has it. ValueError."""
    told = unit.encode()
    if not 0 < len(told) <= UNIT_BYTES:
        raise ValueError(f"expected a unit's id of 1 to {UNIT_BYTES} characters, got {unit!r}")
    return told.ljust(UNIT_BYTES, b"\0")


@dataclass(frozen=True, slots=True)
class Grant:
    """Who may come in, as what, and when: seconds since 1970, both ends included. ValueError."""

    epoch: int
    user: bytes
    role: Role
    not_before_s: int
    not_after_s: int

    def __post_init__(self) -> None:
        if len(self.user) != USER_BYTES:
            raise ValueError(f"expected a user's id of {USER_BYTES} bytes, got {len(self.user)}")
        if not 0 <= self.epoch <= _U32:
            raise ValueError(f"expected an epoch of 32 bits, got {self.epoch}")
        if not 0 <= self.not_before_s <= self.not_after_s <= _U32:
            raise ValueError(
                "expected 0 <= not_before_s <= not_after_s < 2**32, "
                f"got {self.not_before_s} and {self.not_after_s}"
            )

    def encode(self) -> bytes:
        """The 29 bytes that K_u is made for, and that M1 tells."""
        times = (self.not_before_s, self.not_after_s)
        return struct.pack(">I16sBII", self.epoch, self.user, self.role, *times)


@dataclass(frozen=True, slots=True)
class Credential:
    """A grant for one unit with its key, K_u."""

    unit: str
    grant: Grant
    key: bytes = field(repr=False)


class LockKey:
    """K_lock, the key of one unit."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"expected a lock's key of {KEY_BYTES} bytes, got {len(key)}")
        self._key = key

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key from hex. ValueError, which doesn't show it."""
        try:
            key = bytes.fromhex(text)
        except ValueError:
            raise ValueError(f"expected a lock's key of {2 * KEY_BYTES} hex digits") from None
        return cls(key)

    def __repr__(self) -> str:
        return "LockKey(...)"

    def make(self, unit: str, info: bytes) -> bytes:
        """The key of 32 bytes for the use that `info` names."""
        return derive(self._key, salt=unit_bytes(unit), info=info, length=KEY_BYTES)

    def credential(self, unit: str, grant: Grant) -> Credential:
        """What lets a user in."""
        return Credential(unit, grant, self.make(unit, b"lockrig1 user" + grant.encode()))

    def token(self, unit: str, place: bytes, time_s: int, *, lower: bool = False) -> "TimeToken":
        """What sets a unit's clock: `place` is N_l and S of a handshake that it answered.

        `lower`: also below its lower bound. ValueError.
        """
        if len(place) != 20 or not 0 <= time_s <= _U32:
            raise ValueError(f"expected N_l and S (20 bytes) and 32 bits, got {time_s}")
        flags = _LOWER if lower else 0
        told = place + struct.pack(">IB", time_s, flags)
        return TimeToken(
            time_s, flags, hmac.digest(self.make(unit, b"lockrig1 time"), told, "sha256")
        )


class Issuer:
    """Gives out credentials for one unit, as whoever holds its key does; of the present `epoch`.

    `not_before_s`, `not_after_s`: seconds since 1970, both included.
    """

    def __init__(
        self,
        unit: str,
        key: LockKey,
        *,
        epoch: int = 1,
        user: bytes = bytes(USER_BYTES),
        not_before_s: int = 0,
        not_after_s: int = _U32,
    ) -> None:
        self.unit: Final = unit
        self.key: Final = key
        self.epoch = epoch
        self._user = user
        self._times = (not_before_s, not_after_s)

    def told(self, epoch: int) -> None:
        """The unit takes credentials of this epoch from now on."""
        self.epoch = epoch

    def grant(self, role: Role) -> Grant:
        """What a user in this role is given."""
        return Grant(self.epoch, self._user, role, *self._times)

    def credential(self, role: Role) -> Credential:
        """The same with its key."""
        return self.key.credential(self.unit, self.grant(role))


@dataclass(frozen=True, slots=True)
class TimeToken:
    """A time (seconds since 1970) for one handshake with one unit, and what proves it."""

    time_s: int
    flags: int
    tag: bytes
