"""Where the store's own key comes from: the system's keyring, or a passphrase.

The keyring is the optional package `keyring` with a backend that is one; without, a passphrase is
asked for, without an echo. Neither is ever taken from the command line or the environment.
"""

import contextlib
import getpass
import os
import secrets
import warnings
from collections.abc import Callable
from pathlib import Path

from lockrig.errors import Exit, LockrigError
from lockrig.keystore.private import read_private
from lockrig.keystore.sealedfile import COST, KEY_BYTES, Head

_SERVICE = "lockrig key store"
_SHORTEST = 12
_LONGEST = 1_024

Asks = Callable[[str], str]


def _ring_get(entry: str) -> str | None:
    """What the keyring has under this name. LockrigError."""
    try:
        import keyring  # noqa: PLC0415 optional, and slow to load
        import keyring.errors  # noqa: PLC0415
    except ImportError:
        raise LockrigError(
            "the key store's key is in the system's keyring: install lockrig[keyring]", Exit.USAGE
        ) from None
    try:
        return keyring.get_password(_SERVICE, entry)
    except keyring.errors.KeyringError as error:
        raise LockrigError(
            f"the system's keyring doesn't open ({type(error).__name__}): unlock it, and run again",
            Exit.NO_CONTACT,
        ) from None


def _ring_put(entry: str, key: bytes) -> bool:
    """Put a key there; False where there is no keyring that keeps it."""
    try:
        import keyring  # noqa: PLC0415
        import keyring.core  # noqa: PLC0415
        import keyring.errors  # noqa: PLC0415
    except ImportError:
        return False
    # Neither one that fails, nor one that writes them down in the clear.
    if not keyring.core.recommended(keyring.get_keyring()):
        return False
    with contextlib.suppress(keyring.errors.KeyringError):
        keyring.set_password(_SERVICE, entry, key.hex())
        return keyring.get_password(_SERVICE, entry) == key.hex()
    return False


def ask(prompt: str) -> str:
    """A passphrase from the terminal, unseen. LockrigError where there is none."""
    try:
        with warnings.catch_warnings():
            # It would go on with an echo.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except (getpass.GetPassWarning, EOFError, OSError):
        raise LockrigError(
            "expected a terminal to ask for the key store's passphrase; without one: "
            "--passphrase-from FILE or fd:N",
            Exit.USAGE,
        ) from None


def from_source(source: str) -> Asks:
    """Takes the passphrase from a private file, or an open file descriptor `fd:N`. LockrigError."""

    def take(_: str) -> str:
        if source.startswith("fd:"):
            data = _from_descriptor(source[3:])
        else:
            data = read_private(Path(source))
        try:
            told = data.decode()
        except UnicodeDecodeError:
            told = ""
        told = told.removesuffix("\n").removesuffix("\r")
        if not 0 < len(told) <= _LONGEST or "\n" in told:
            raise LockrigError(
                "expected one line with the passphrase from --passphrase-from", Exit.USAGE
            )
        return told

    return take


def _from_descriptor(number: str) -> bytes:
    try:
        with os.fdopen(int(number), "rb") as file:
            return file.read(4 * _LONGEST)
    except (OSError, ValueError):
        raise LockrigError(
            "expected --passphrase-from FILE, or fd:N of a file descriptor that is open",
            Exit.USAGE,
        ) from None


class Unlocker:
    """Gives the key of a store that is there, or makes one for a new store.

    `passphrase`: who is asked for it; None: the terminal. Given one, a new store doesn't go into
    the keyring. `cost`: scrypt's, for a new store.
    """

    def __init__(self, passphrase: Asks | None = None, *, cost: int = COST) -> None:
        self._given = passphrase is not None
        self._passphrase = passphrase or ask
        self._cost = cost

    def key(self, head: Head) -> bytes:
        """The key of a store. LockrigError."""
        if head.by == "passphrase":
            return head.stretched(self._passphrase("passphrase of the key store: "))
        told = _ring_get(head.entry)
        try:
            key = bytes.fromhex(told or "")
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise LockrigError(
                "the system's keyring has no key for this key store: it was made by another user, "
                "or on another machine",
                Exit.FAILED,
            )
        return key

    def new(self) -> tuple[Head, bytes]:
        """A key for a new store, and where it will come from. LockrigError."""
        if not self._given:
            key, entry = secrets.token_bytes(KEY_BYTES), secrets.token_hex(8)
            if _ring_put(entry, key):
                return Head("keyring", entry=entry), key
        told = self._passphrase(
            f"new passphrase for the key store, at least {_SHORTEST} characters: "
        )
        if len(told) < _SHORTEST:
            raise LockrigError(
                f"expected a passphrase of at least {_SHORTEST} characters", Exit.USAGE
            )
        if not self._given and self._passphrase("once more: ") != told:
            raise LockrigError("the two passphrases differ", Exit.USAGE)
        head = Head("passphrase", salt=secrets.token_bytes(16), cost=self._cost)
        return head, head.stretched(told)
