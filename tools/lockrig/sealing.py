"""The link of a command that has a credential: what the unit has against it, in one line.

How sessions are opened and sealed is `lockhil.session`'s.
"""

from lockhil.client import Transport
from lockhil.session.credentialfile import Carried
from lockhil.session.credentials import Credential
from lockhil.session.handshake import HandshakeError
from lockhil.session.link import SealedLink, SessionRefusedError
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _, later

_WHY = {
    "UNPROVISIONED": later("it has no lock's key: leave --credential out"),
    "WRONG_UNIT": later("the credential is for another unit"),
    "EPOCH": later("all credentials of its kind were revoked: ask for a new one"),
    "EXPIRED": later("the credential's time is over: ask for a new one"),
    "NOT_YET": later("the credential's time hasn't come, or the unit's clock is wrong"),
    "STORAGE": later("it can't read or keep what it needs: call the service desk"),
}


class CarriedLink(SealedLink):
    """In sessions of one user's credential."""

    def __init__(self, transport: Transport, credential: Credential, first_id: int = 0) -> None:
        wallet = Carried(credential)
        super().__init__(transport, wallet, wallet.role, first_id=first_id)
        self._unit = credential.unit

    def enter(self) -> None:
        """As `SealedLink.enter`, but LockrigError where the unit, or its proof, is against it."""
        try:
            super().enter()
        except SessionRefusedError as error:
            raise refused(error) from None
        except HandshakeError:
            told = _("what answers doesn't prove that it is {unit}, or got another key since")
            raise LockrigError(told.format(unit=self._unit)) from None


def refused(error: SessionRefusedError) -> LockrigError:
    """What the unit has against a session."""
    why = _(_WHY[error.result]) if error.result in _WHY else error.result
    busy = Exit.NO_CONTACT if error.result in ("BUSY", "STALE") else Exit.FAILED
    return LockrigError(_("the unit opens no session: {why}").format(why=why), busy)
