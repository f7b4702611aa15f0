"""What a unit's clock says, and setting it: by a credential's session, or by a token of its key.

How the answers are worded is `wording`'s; the sessions are `lockhil.session`'s.
"""

import base64
from dataclasses import dataclass

from lockhil.client import Link
from lockhil.session.credentials import LockKey
from lockhil.session.link import SealedLink
from lockrig.clock.computer import now_s


@dataclass(frozen=True, slots=True)
class Seen:
    """A unit's clock and lower bound, and this computer's clock then: seconds since 1970.

    None: the unit doesn't know it.
    """

    time_s: int | None
    bound_s: int | None
    computer_s: int

    @property
    def ahead_s(self) -> int | None:
        """How far the unit's clock is ahead of this computer's; negative: behind."""
        return None if self.time_s is None else self.time_s - self.computer_s


def look(link: Link) -> Seen:
    """Ask for them, in a session."""
    told = link.call("clock.state")
    return Seen(_whole(told.get("time_s")), _whole(told.get("bound_s")), now_s())


def set_in_session(link: Link) -> str:
    """Set it to this computer's as the session's holder; the unit's word for what came of it."""
    return str(link.call("clock.set", time_s=now_s()).get("result"))


def set_by_token(link: SealedLink, unit: str, key: LockKey, *, lower: bool) -> str:
    """Set it as whoever holds the lock's key; the unit's word, in the open, for what came of it.

    For a handshake of its own and not for the session: who holds that token back has 10 s to use
    it, not 15 minutes, and a unit that opens no session takes it too.
    """
    handshake, _ = link.greet()
    token = key.token(unit, handshake.place, now_s(), lower=lower)
    told = link.call_open(
        "clock.token",
        s=handshake.number,
        time_s=token.time_s,
        flags=token.flags,
        tag=base64.b64encode(token.tag).decode(),
    )
    return str(told.get("result"))


def _whole(value: object) -> int | None:
    return value if type(value) is int else None
