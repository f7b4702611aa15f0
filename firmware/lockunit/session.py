"""Sealed sessions on one wire: who speaks there is proved, and what is said is sealed.

It opens, seals and ends; lines and base64 are the link's, and what each role may do is the method
table's. docs/sessions.md has the protocol byte by byte.
"""

import struct

from lockunit import ccm
from lockunit.access import CLOCK, ENDED, OPENED, REFUSED, Access, Note
from lockunit.crypto import hmac, same
from lockunit.handshake import Handshake, wrong
from lockunit.kept import LARGEST
from lockunit.lockkey import FOR_TIME
from lockunit.ticks import Timer
from lockunit.timebound import DONE, RANGE, STORAGE

CARER, TECHNICIAN, SERVICE = 1, 2, 3

# How a proof ends, beside what `timebound` and `access` say of it.
NOT_PROVED, STALE, BUSY, EPOCH = "NOT_PROVED", "STALE", "BUSY", "EPOCH"
NOT_AUTHORISED = "NOT_AUTHORISED"
# How a session ends; REVOKED is `access`'s.
IDLE, AGE, LINK = "IDLE", "AGE", "LINK"
SEQUENCE, FORGED, REPLACED = "SEQUENCE", "FORGED", "REPLACED"

# What fits a line of the link as base64, once sealed.
LONGEST_PLAIN = 730
_TO_LOCK, _TO_CLIENT = 0, 1
_HANDSHAKE_MS = 10_000
_IDLE_MS = 60_000
_LONGEST_S = 900
# A token's flag: it may lower the bound.
_LOWER = 1


class Session:
    """The sessions of one wire, one at a time; a handshake may wait beside it.

    `number`: S, `role` and `user` of the session; role 0: there is none. `clock_known`: whether
    the clock was when it was accepted. `ended`: why the last one isn't any more, "" while it is.
    `result`: NOT_PROVED once a proof that `prove` didn't answer is refused; who tells it clears it.
    """

    def __init__(self, access: Access) -> None:
        self.access = access
        self.board = access.board
        access.sessions.append(self)
        self.number = self.role = 0
        self.user = b""
        self.clock_known = False
        self.ended = ""
        self.result = ""
        self._handshake: Handshake | None = None
        self._place = b""
        self._in = self._out = 0
        self._waits = Timer("session.handshake")
        self._idle = Timer("session.idle")
        self._age = Timer("session.age")
        self._refusal = Timer("session.refusal")
        self.timers = (self._waits, self._idle, self._age, self._refusal)

    def step(self, now: int) -> None:
        """Run what is due."""
        if self._waits.due(now):
            self._handshake = None
        # Asked both: what is due once is due no more.
        idle, old = self._idle.due(now), self._age.due(now)
        if idle or old:
            self.end(AGE if old else IDLE)
        if self._refusal.due(now):
            self.result = NOT_PROVED

    def begin(self, now: int, m1: bytes) -> "bytes | str":
        """Take M1: the bytes of M2, or why there is none. It takes the place of the one before."""
        self.step(now)
        access = self.access
        if access.state:
            return access.state
        why = wrong(self.board.unit_id(), m1)
        if why:
            return why
        self._handshake = Handshake(access, m1)
        self._waits.set(now, _HANDSHAKE_MS)
        return self._handshake.m2()

    def prove(self, now: int, number: int, proof: bytes) -> str:
        """Take the client's proof: DONE, why not, or "" if it is refused later: see `result`.

        A proof that holds is answered at once, whatever else waits.
        """
        self.step(now)
        found, access = self._handshake, self.access
        if found is None or number != found.number or number != access.next:
            # There is none, or another wire's was proved on this S.
            return STALE
        if not found.holds(proof):
            if self._refusal.armed() or self.result:
                # One waits already, or to be told; the rest mustn't pile up behind it.
                return BUSY
            self._refusal.set(now, access.false_proof())
            return ""
        access.proved()
        self._forget()
        why = self._accept(now, found)
        if why:
            access.notes.append(Note(REFUSED, why, 0, found))
            return why
        self._open(now, found)
        return DONE

    def _accept(self, now: int, found: Handshake) -> str:
        """Use up the number, and see whether the credential is good: "", or why not."""
        if not self.access.spend():
            return STORAGE
        if found.epoch != self.access.epoch:
            return EPOCH
        if found.role not in (CARER, TECHNICIAN, SERVICE):
            return NOT_AUTHORISED
        return self.access.bound.refusal(now, found.not_before_s, found.not_after_s)

    def _open(self, now: int, found: Handshake) -> None:
        self.end(REPLACED)
        self.number, self.role, self.user = found.number, found.role, found.user
        self.ended = ""
        self._in = self._out = 0
        self._place = found.place
        self._to_lock, self._to_client = found.ciphers()
        clock = self.access.bound.clock()
        self.clock_known = clock > 0
        seconds = min(_LONGEST_S, found.not_after_s + 1 - clock) if clock else _LONGEST_S
        self._idle.set(now, _IDLE_MS)
        self._age.set(now, seconds * 1_000)
        self.access.notes.append(Note(OPENED, "", int(self.clock_known), found))

    def open(self, now: int, number: int, n: int, sealed: bytes) -> "bytes | None":
        """What the client said; None: no session of that number is here, or it ended with this.

        Anything but its next line ends it.
        """
        self.step(now)
        if not self.role or number != self.number:
            return None
        if n != self._in:
            self.end(SEQUENCE)
            return None
        nonce = struct.pack(">BIQ", _TO_LOCK, number, n)
        plain = ccm.unseal(self._to_lock, nonce, sealed, nonce)
        if plain is None:
            self.end(FORGED)
            return None
        self._in += 1
        self._idle.set(now, _IDLE_MS)
        return plain

    def seal(self, now: int, plain: bytes) -> "tuple[int, int, bytes] | None":
        """S, the number of the line, and what goes into it; None if there is no session."""
        self.step(now)
        if not self.role:
            return None
        n = self._out
        self._out += 1
        nonce = struct.pack(">BIQ", _TO_CLIENT, self.number, n)
        return self.number, n, ccm.seal(self._to_client, nonce, plain, nonce)

    def end(self, why: str) -> None:
        """End the session, if there is one."""
        if self.role:
            self.access.notes.append(Note(ENDED, why, 0, self))
            self.ended = why
            self.number = self.role = 0
            self.user = self._place = b""
            self.clock_known = False
            del self._to_lock, self._to_client
        self._idle.clear()
        self._age.clear()

    def disconnected(self) -> None:
        """Nobody is at the other end any more: all of it ends."""
        self.end(LINK)
        self._forget()
        self._refusal.clear()
        self.result = ""

    def _forget(self) -> None:
        self._handshake = None
        self._waits.clear()

    def set_clock(self, now: int, time_s: int) -> str:
        """Set the clock as whoever holds the session says: DONE, NOT_AUTHORISED, RANGE, STORAGE.

        Seconds since 1970; not below the bound, and not over 400 days ahead.
        """
        self.step(now)
        if self.role not in (TECHNICIAN, SERVICE) or not self.clock_known:
            return NOT_AUTHORISED
        return self._set(now, time_s, False, False, True)

    def token(self, now: int, number: int, time_s: int, flags: int, tag: bytes) -> str:
        """Set the clock by a token for the session or the handshake `number`: DONE, STALE,
        NOT_PROVED, RANGE, STORAGE.

        Without a session too: a unit whose clock is wrong accepts no credential.
        """
        self.step(now)
        mine, found = self.role != 0 and number == self.number, self._handshake
        place = self._place if mine else b""
        if not mine and found is not None and number == found.number:
            place = found.place
        if not place:
            return STALE
        if not 0 <= time_s <= LARGEST or not 0 <= flags <= _LOWER:
            return RANGE
        told = place + struct.pack(">IB", time_s, flags)
        if not same(hmac(self.board, self.access.key.make(FOR_TIME), told), tag):
            return NOT_PROVED
        why = self._set(now, time_s, True, flags == _LOWER, mine)
        if why == DONE:
            # Once: said again later it would set the clock back.
            if mine:
                self._place = b""
            else:
                self._forget()
        return why

    def _set(self, now: int, time_s: int, token: bool, lower: bool, proved: bool) -> str:
        why = self.access.bound.set(now, time_s, token, lower)
        # What a handshake claims of itself isn't proved.
        self.access.notes.append(Note(CLOCK, why, time_s, self if proved else None))
        return why
