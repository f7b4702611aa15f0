"""Which epoch a unit is in, by trying; and a new one.

The store's is only the last that was told: an answer gets lost, and coupling begins an epoch too.
A unit refuses a credential of another epoch and says so; each try is a line in its journal.
"""

import time
from collections.abc import Callable

from lockhil.client import Link, LinkTimeoutError
from lockhil.session.credentials import Issuer, LockKey
from lockhil.session.handshake import HandshakeError
from lockhil.session.link import SealedLink, SessionRefusedError
from lockrig.errors import Exit, LockrigError
from lockrig.keystore.store import UnitKeys

# So many epochs at most may have begun that nobody here heard of.
_AHEAD = 16
# Who revokes is in the unit's journal as this, within times that a wrong clock here is within.
_USER = b"lockrig-revoke".ljust(16, b"\0")
_DAY_S = 86_400


def issuer(unit: str, keys: UnitKeys) -> Issuer:
    """Gives out service credentials for now, of the epoch that is kept."""
    now_s = int(time.time())
    times = {"not_before_s": now_s - _DAY_S, "not_after_s": now_s + _DAY_S}
    return Issuer(unit, LockKey(keys.key), epoch=keys.epoch, user=_USER, **times)


class NoSessionError(LockrigError):
    """The unit opens no session, though it is in the credential's epoch; `result`: its word."""

    def __init__(self, unit: str, result: str) -> None:
        busy = Exit.NO_CONTACT if result in ("BUSY", "STALE") else Exit.FAILED
        super().__init__(f"{unit} opens no service session: {result}", busy)
        self.result = result


def enter(link: SealedLink, wallet: Issuer, keys: UnitKeys) -> None:
    """Open a session in whichever epoch the unit is; `keys.epoch` is that one then.

    `wallet` is the link's. LockrigError, NoSessionError, LinkTimeoutError.
    """
    unit = wallet.unit
    for epoch in range(keys.epoch, keys.epoch + _AHEAD):
        wallet.told(epoch)
        try:
            link.enter()
        except SessionRefusedError as error:
            if error.result == "EPOCH":
                continue
            raise NoSessionError(unit, error.result) from None
        except HandshakeError:
            raise LockrigError(
                f"what answers doesn't prove that it is {unit}: it is another, or its key isn't "
                "the one in this key store"
            ) from None
        keys.epoch = epoch
        return
    raise LockrigError(
        f"{unit} is in none of the epochs {keys.epoch} to {keys.epoch + _AHEAD - 1}: its key store "
        "is an old one"
    )


def bump(link: Link, keys: UnitKeys, save: Callable[[], None]) -> None:
    """Let the unit begin a new epoch. LockrigError; LinkTimeoutError: it did, or not.

    `save` puts `keys` on the disk: that an epoch was sought is there before the unit is asked.
    """
    keys.epoch_sought = True
    save()
    told = link.call("epoch.bump")
    if told.get("result") != "done":
        keys.epoch_sought = False
        save()
        raise LockrigError(f"the unit refuses a new epoch: {told.get('result')}")
    keys.epoch += 1
    keys.epoch_sought = False
    save()


def hello(link: Link) -> str:
    """Which unit is there, as it says in the open; LockrigError where it is no production unit."""
    try:
        told = link.call("unit.hello", timeout_ms=3_000)
    except LinkTimeoutError:
        raise LockrigError("no lock unit answers: is it on this link?", Exit.NO_CONTACT) from None
    unit = str(told.get("unit"))
    if told.get("sealed") is not True:
        raise LockrigError(
            f"{unit} has no lock's key, so nobody has a credential for it: lockrig provision gives "
            "it one"
        )
    return unit
