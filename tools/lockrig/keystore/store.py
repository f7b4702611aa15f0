"""What is kept of each unit: its key, its epoch, and who got a credential. One user at a time.

A key is on the disk before a board gets it: `next_key` is one of which nobody knows yet whether it
did. Users' own keys aren't kept: they follow from the lock's.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout
from platformdirs import user_data_path

from lockhil.session.credentialfile import user_bytes
from lockhil.session.credentials import Credential, Grant, LockKey, Role
from lockrig.errors import Exit, LockrigError
from lockrig.keystore import sealedfile
from lockrig.keystore.unlock import Unlocker

VARIABLE = "LOCKRIG_KEYSTORE"
_NAME = "keystore.json"
_PATIENCE_S = 10


class Issued(msgspec.Struct, frozen=True):
    """One credential that was made: for whom, as what, from when to when; times in s since 1970."""

    user: str
    role: int
    not_before_s: int
    not_after_s: int
    epoch: int


class UnitKeys(msgspec.Struct):
    """Of one unit; b"" where there is no such key.

    `epoch_sought`: the unit was told to begin a new epoch and its answer was lost, so its epoch
    may be higher than `epoch`.
    """

    key: bytes = b""
    epoch: int = 1
    next_key: bytes = b""
    next_epoch: int = 1
    epoch_sought: bool = False
    issued: list[Issued] = []

    def __repr__(self) -> str:
        # Whoever logs one logs no key.
        return f"UnitKeys(epoch={self.epoch}, issued={len(self.issued)})"

    @property
    def open_question(self) -> bool:
        """Whether a key was kept here, and it isn't known yet whether the unit got it."""
        return bool(self.next_key)

    def confirm(self) -> None:
        """The unit has `next_key`: whatever was made of the one before is no good any more."""
        self.key, self.epoch = self.next_key, self.next_epoch
        self.next_key = b""
        self.epoch_sought = False
        self.issued = []

    def credential(self, unit: str, grant: Grant) -> Credential:
        """What lets a user in. ValueError."""
        return LockKey(self.key).credential(unit, grant)

    def valid(self, now_s: int) -> list[Issued]:
        """The credentials of earlier epochs whose time isn't over, to be issued again; not those
        of who has a new one in the same role."""
        have = {(told.user, told.role) for told in self.issued if told.epoch == self.epoch}
        return [
            told
            for told in self.issued
            if told.epoch < self.epoch
            and told.not_after_s >= now_s
            and (told.user, told.role) not in have
        ]


class _Content(msgspec.Struct):
    units: dict[str, UnitKeys] = {}

    def __repr__(self) -> str:
        return f"_Content({len(self.units)} units)"


def locate(explicit: Path | None = None) -> Path:
    """The file: the one that is named, or the user's own."""
    if explicit is not None:
        return explicit
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE])
    return user_data_path("lockrig", appauthor=False) / "keys" / _NAME


class KeyStore:
    """The open store: `units` by their ids, as they were read; `save` puts them on the disk."""

    def __init__(self, path: Path, head: sealedfile.Head, key: bytes, units: _Content) -> None:
        self.path = path
        self._head = head
        self._key = key
        self._content = units

    @property
    def units(self) -> dict[str, UnitKeys]:
        """To be changed in place, and saved."""
        return self._content.units

    def save(self) -> None:
        """What it holds is on the disk when this returns. LockrigError: the file is as it was."""
        data = msgspec.json.encode(self._content)
        sealedfile.write(self.path, self._head, self._key, data)

    def known(self, unit: str) -> UnitKeys:
        """A unit whose key is known and confirmed. LockrigError."""
        found = self.units.get(unit)
        if found is not None and found.open_question:
            raise LockrigError(
                f"whether {unit} got the key that is kept for it isn't known: "
                "run lockrig provision again"
            )
        if found is None:
            raise LockrigError(
                f"the key store {self.path} has no key of {unit}: provision it here, or take the "
                "key store of whoever did",
                Exit.USAGE,
            )
        return found


@contextlib.contextmanager
def open_store(path: Path, unlocker: Unlocker, *, new: bool = False) -> Iterator[KeyStore]:
    """The store, for us alone meanwhile; `new`: one is made where there is none. LockrigError."""
    if not new and not path.exists():
        raise LockrigError(f"there is no key store {path}: lockrig provision makes one", Exit.USAGE)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(path.with_name(path.name + ".lock"), timeout=_PATIENCE_S, mode=0o600)
        lock.acquire()
    except Timeout:
        raise LockrigError(
            f"{path} is in use by another lockrig: wait until that ends", Exit.NO_CONTACT
        ) from None
    except OSError as error:
        raise LockrigError(f"can't use {path}: {error.strerror}", Exit.USAGE) from None
    with lock:
        yield _opened(path, unlocker)


def _opened(path: Path, unlocker: Unlocker) -> KeyStore:
    if not path.exists():
        head, key = unlocker.new()
        store = KeyStore(path, head, key, _Content())
        store.save()
        return store
    head = sealedfile.read_head(path)
    key = unlocker.key(head)
    try:
        data = sealedfile.read(path, key)
        return KeyStore(path, head, key, msgspec.json.decode(data, type=_Content))
    except sealedfile.WrongKeyError:
        what = "the passphrase" if head.by == "passphrase" else "the key in the system's keyring"
        raise LockrigError(f"{what} isn't that of the key store {path}, which is whole") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise LockrigError(
            f"{path} holds what this lockrig doesn't know: was a newer one here?", Exit.USAGE
        ) from None


def issue(keys: UnitKeys, unit: str, user: str, role: Role, times: tuple[int, int]) -> Credential:
    """A credential, for `times` (first and last, s since 1970), noted in `keys`. ValueError."""
    made = keys.credential(unit, Grant(keys.epoch, user_bytes(user), role, *times))
    keys.issued.append(Issued(user, role, *times, keys.epoch))
    return made
