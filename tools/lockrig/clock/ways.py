"""Two ways to a unit's clock: the credential of who stands there, and the key store's key.

The key stays in here; what goes to the unit is a token of it, good for one handshake.
"""

import secrets
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from lockhil.contact import open_contact
from lockhil.session.credentials import Issuer, LockKey, Role
from lockhil.session.link import SealedLink
from lockrig.clock.asking import Seen, look, set_by_token, set_in_session
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.keystore.options import unlocker
from lockrig.keystore.store import locate, open_store
from lockrig.revoke.epochs import NoSessionError, enter, hello
from lockrig.targets import contact_with, read_credential
from lockrig.targets import enter as reach

# Who sets it is in the unit's journal as this.
_USER = b"lockrig-clock".ljust(16, b"\0")
# No clock is ever out by so much: one of the two is wrong, and a person has to say which.
_DOUBTFUL_S = 86_400


class Way(Protocol):
    """`unit`: its label."""

    unit: str

    def look(self) -> Seen | None:
        """What the unit knows of the time; None: it opens no session to tell."""

    def set(self) -> str:
        """Set its clock; the unit's word for what came of it. LockrigError."""


class ByCredential:
    """In sessions of one user's credential."""

    def __init__(self, stack: ExitStack, target: str, path: Path) -> None:
        self._link = reach(stack, contact_with(target, path)).link
        self.unit = read_credential(path).unit
        # Half a line may lie there from whoever was here before.
        self._link.send_raw(b"\n")

    def look(self) -> Seen:
        """As `Way`."""
        return look(self._link)

    def set(self) -> str:
        """As `Way`; a clock that is a day off may be the one that is right."""
        ahead = self.look().ahead_s
        if ahead is not None and abs(ahead) > _DOUBTFUL_S:
            told = _(
                "the unit's clock and this computer's are over a day apart: one of them is wrong. "
                "If it is the unit's, set it by the key store: --set, without --credential"
            )
            raise LockrigError(told)
        return set_in_session(self._link)


class ByKey:
    """By the key of the lock."""

    def __init__(
        self,
        stack: ExitStack,
        target: str,
        keystore: Path | None,
        passphrase_from: str | None,
        *,
        lower: bool,
    ) -> None:
        path = locate(keystore)
        if keystore is None and not path.exists():
            told = _("expected --credential FILE, or a key store: there is none here ({path})")
            raise LockrigError(told.format(path=path), Exit.USAGE)
        self._lower = lower
        self._store = stack.enter_context(open_store(path, unlocker(passphrase_from)))
        link = reach(stack, open_contact(target)).link
        link.send_raw(b"\n")
        self.unit = hello(link)
        self._keys = self._store.known(self.unit)
        self._key = LockKey(self._keys.key)
        # Good at any time: whatever the unit's clock says, it is what is to be set.
        self._wallet = Issuer(self.unit, self._key, epoch=self._keys.epoch, user=_USER)
        first_id = secrets.randbelow(1_000_000) * 10_000
        self._link = SealedLink(link.transport, self._wallet, Role.SERVICE, first_id=first_id)
        self._entered = False

    def look(self) -> Seen | None:
        """As `Way`."""
        if not self._entered:
            try:
                enter(self._link, self._wallet, self._keys)
            except NoSessionError as error:
                if error.result != "STORAGE":
                    raise
                return None
            self._entered = True
            self._store.save()
        return look(self._link)

    def set(self) -> str:
        """As `Way`."""
        return set_by_token(self._link, self.unit, self._key, lower=self._lower)
