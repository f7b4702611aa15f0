"""The link's client in sealed sessions: it calls and hears as `lockhil.client.Link` does.

It opens a session when something is asked, and another once that has ended. It asks again by itself
for what only tells; whether a lost answer's unlock was done, nobody knows but who looks.
"""

import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from lockhil.client import Line, Link, LinkTimeoutError, Transport
from lockhil.session.credentials import Credential, Role
from lockhil.session.handshake import Handshake
from lockhil.session.sealed import Channel, SealError
from lockunit.methods import METHODS

NO_SESSION: Final = -32002
# A unit's session idles 60 s at most, and lasts 15 min; where this side's clock is the faster one,
# another begins a little early.
_IDLE_MS: Final = 55_000
_LONGEST_MS: Final = 14 * 60_000


class SessionRefusedError(Exception):
    """The unit opens no session for this credential; `result` is its word for why."""

    def __init__(self, result: str) -> None:
        super().__init__(f"the unit opens no session: {result}")
        self.result = result


class SessionLostError(LinkTimeoutError):
    """The session ended before the answer came: what was asked was done, or not."""


class Wallet(Protocol):
    """Who has credentials for one unit: one user's own, or whoever issues them."""

    def credential(self, role: Role) -> Credential:
        """What a session in this role is opened with."""

    def told(self, epoch: int) -> None:
        """The unit takes credentials of this epoch from now on."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request asked for, and in which session."""

    method: str
    params: dict[str, Any]
    channel: Channel


class SealedLink(Link):
    """A client of one unit, in sessions of one role; `wallet` has what they are opened with.

    `chance`: see `Handshake`; `contact`: a number that changes when the unit has started anew, or
    the connection, where somebody knows that: sessions don't outlive it. `send_raw` sends in the
    open, `lines` shows what was opened.
    """

    def __init__(
        self,
        transport: Transport,
        wallet: Wallet,
        role: Role,
        *,
        chance: Callable[[int], bytes] = secrets.token_bytes,
        contact: Callable[[], int] = lambda: 0,
        first_id: int = 0,
    ) -> None:
        super().__init__(transport, first_id)
        self._wallet = wallet
        self.role = role
        self._chance = chance
        self._contact = contact
        self._channel: Channel | None = None
        # In which role and contact the session was opened, when, and when something was last said.
        self._in_role = role
        self._in_contact = 0
        self._began_ms = self._said_ms = 0
        self._asked: dict[int, _Asked] = {}
        # Requests in the open, to which alone an answer in the open is one.
        self._open: set[int] = set()

    def enter(self) -> None:
        """Open a session, in the place of any before.

        SessionRefusedError, HandshakeError: another unit, or another key; LinkTimeoutError.
        """
        self.leave()
        self._in_role, self._in_contact = self.role, self._contact()
        handshake, proof = self.greet()
        # From its answer on lines may come sealed.
        self._channel = handshake.channel()
        result = ""
        try:
            told = self.call_open("session.prove", s=handshake.number, proof=proof)
            result = str(told.get("result"))
        finally:
            if result != "done":
                self.leave()
        if result != "done":
            raise SessionRefusedError(result)
        self._began_ms = self._said_ms = self.now_ms

    def greet(self) -> tuple[Handshake, str]:
        """Let the unit prove itself; that handshake, and the proof (base64) that it waits for.

        A session that is open goes on. Raises as `enter` does.
        """
        handshake = Handshake(self._wallet.credential(self.role), self._chance)
        m1 = base64.b64encode(handshake.m1).decode()
        told = self.call_open("session.begin", m1=m1)
        if told.get("result") != "done":
            raise SessionRefusedError(str(told.get("result")))
        return handshake, base64.b64encode(handshake.answer(_m2(told.get("m2")))).decode()

    def leave(self) -> None:
        """Use the session no more; the unit ends it when it has idled, or at the next one."""
        if self._channel is not None:
            self._channel.closed = True
        self._channel = None

    def call_open(self, method: str, timeout_ms: int = 10_000, **params: Any) -> dict[str, Any]:
        """As `Link.call`, in the open: what comes back is only as true as whoever can say so."""
        ident, line = self._request(method, params)
        self._open.add(ident)
        self._send(line + b"\n")
        try:
            return super().wait(ident, timeout_ms)
        finally:
            self._open.discard(ident)

    def _alive(self) -> bool:
        """Whether there is a session, as far as this side knows."""
        # What came meanwhile may tell that there isn't.
        self._receive_all()
        channel, now = self._channel, self.now_ms
        return (
            channel is not None
            and not channel.closed
            and (self.role, self._contact()) == (self._in_role, self._in_contact)
            and now - self._said_ms < _IDLE_MS
            and now - self._began_ms < _LONGEST_MS
        )

    def begin(self, method: str, **params: Any) -> int:
        """As `Link.begin`, in a session; see `enter` for what opening one raises."""
        if not self._alive():
            self.enter()
        channel = self._channel
        assert channel is not None
        ident, line = self._request(method, params)
        self._asked[ident] = _Asked(method, params, channel)
        self._said_ms = self.now_ms
        self._note_sent(line)
        self._transport.write(channel.seal_line(line) + b"\n")
        return ident

    def wait(self, ident: int, timeout_ms: int = 10_000) -> dict[str, Any]:
        """As `Link.wait`. SessionLostError: the session ended before the answer came."""
        asked = self._asked[ident]
        try:
            return self._answered(ident, timeout_ms)
        except SessionLostError:
            # What has no typed results only tells: once more does no harm.
            if asked.method not in METHODS or METHODS[asked.method].results:
                raise
        return self._answered(self.begin(asked.method, **asked.params), timeout_ms)

    def _answered(self, ident: int, timeout_ms: int) -> dict[str, Any]:
        try:
            told = super().wait(ident, timeout_ms)
        finally:
            del self._asked[ident]
        epoch = told.get("epoch")
        if isinstance(epoch, int):
            self._wallet.told(epoch)
        return told

    def _check(self, ident: int) -> None:
        asked = self._asked.get(ident)
        if asked is not None and (
            asked.channel.closed
            or asked.channel is not self._channel
            or self._contact() != self._in_contact
        ):
            raise SessionLostError(
                f"the session ended before {asked.method} was answered: it was done, or not; "
                "look how it is, and ask again"
            )

    def _take(self, t_ms: int, line: bytes) -> None:
        told = _object(line)
        if "s" in told and "jsonrpc" not in told:
            line = self._opened(line, told["s"])
        elif not self._is_trusted(told):
            self._lines.append(line)
            self._log.append(Line(t_ms, True, line))
            return
        super()._take(t_ms, line)

    def _opened(self, line: bytes, number: object) -> bytes:
        """What a sealed line carries; the line itself where this side's session doesn't open it."""
        channel = self._channel
        if channel is None or number != channel.number:
            return line  # it may be of a session before
        try:
            return channel.open_line(line)
        except SealError:
            return line

    def _is_trusted(self, told: dict[str, Any]) -> bool:
        """Whether something that came in the open answers what was asked so."""
        error = told.get("error")
        if isinstance(error, dict) and error.get("code") == NO_SESSION and self._channel:
            # A hint, and no more: who can say so without being the unit can cut the line as well.
            self._channel.closed = True
        ident = told.get("id")
        return type(ident) is int and ident in self._open


def _m2(told: object) -> bytes:
    """M2 from how it was told; b"" where that isn't base64."""
    try:
        return base64.b64decode(str(told), validate=True)
    except ValueError:
        return b""


def _object(line: bytes) -> dict[str, Any]:
    """The object in a line; an empty one where there is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
