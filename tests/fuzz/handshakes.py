"""Handshakes gone wrong at every field: none may open a session, none may be in anybody's way."""

import base64
import hmac
from collections.abc import Iterator
from random import Random
from typing import Any

from lockhil.session.credentials import Credential, LockKey, Role
from lockhil.session.handshake import Handshake
from tests.fuzz.peer import KEY, MADE_S, UNIT, credential, request, text
from tests.fuzz.side import Side, parsed

# Where in M1 each field is: version, unit, epoch, user, role, not before, not after, N_c.
M1_FIELDS = ((0, 1), (1, 17), (17, 21), (21, 37), (37, 38), (38, 42), (42, 46), (46, 62))
REFUSED = ("EPOCH", "NOT_AUTHORISED", "EXPIRED")


class Handshakes:
    """Attacks by who knows all that went over the wire, and by holders of what isn't good."""

    def __init__(self, side: Side, random: Random) -> None:
        self.side = side
        self.random = random
        self.kinds = (
            self.m1,
            self.m1,
            self.proof,
            self.proof,
            self.place,
            self.token,
            self.params,
            self.refused,
            self.twice,
        )
        self._old_proof = bytes(32)
        self._old_m2 = bytes(52)

    def one(self) -> int:
        """Attack once; how many lines that took."""
        return sum(1 for _ in self.random.choice(self.kinds)())

    def _begin(self, m1: bytes) -> bytes:
        """M2; b"" if there is none."""
        told = self._ask(request("session.begin", "m1", m1=text(m1)))
        return base64.b64decode(told.get("result", {}).get("m2", ""))

    def _ask(self, line: bytes) -> dict[str, Any]:
        lines = self.side.say(b"\n" + line + b"\n", self.random.choice((0, 0, 0, 0, 40, 6_000)))
        assert lines, f"no answer to {line!r}"
        return parsed(lines[-1])

    def _is_refused(self, line: bytes) -> None:
        """Said, it is refused: now, or later."""
        lines = self.side.say(b"\n" + line + b"\n", self.random.choice((0, 0, 0, 300, 9_000)))
        assert not any('"done"' in told for told in lines), f"{line!r} got {lines}"

    def _prove(self, number: object, proof: bytes) -> None:
        self._is_refused(request("session.prove", "proof", s=number, proof=text(proof)))

    def _handshake(self) -> Handshake:
        return Handshake(credential(self.random.choice([*Role])), self.random.randbytes)

    def m1(self) -> Iterator[None]:
        """M1 altered in one field; the proof is of what it was, or of what it is now."""
        own = credential(self.random.choice([*Role]))
        hand = Handshake(own, self.random.randbytes)
        start, end = self.random.choice(M1_FIELDS)
        altered = altered_at(self.random, hand.m1, start, end)
        m2 = self._begin(altered)
        yield
        if len(m2) != 52:
            assert start < 17, f"no M2 to {altered.hex()}"
            return
        said = self.random.choice((hand.m1, altered))
        if said == altered and start == 46:
            said = hand.m1  # another N_c alone is as good a handshake
        self._prove(int.from_bytes(m2[16:20], "big"), client_proof(own, said, m2))
        yield

    def proof(self) -> Iterator[None]:
        """A proof altered, cut short, made longer, of before, or M2's own sent back."""
        hand = self._handshake()
        m2 = self._begin(hand.m1)
        yield
        good = hand.answer(m2)
        for _ in range(self.random.choice((1, 1, 3))):
            bad = self.random.choice(
                (
                    altered_at(self.random, good, 0, 32),
                    good[: self.random.randrange(32)],
                    good + b"\0",
                    self._old_proof,
                    m2[20:],
                    self._old_m2[20:],
                    self.random.randbytes(32),
                    b"",
                )
            )
            self._prove(hand.number, bad)
            yield
        self._old_proof, self._old_m2 = good, m2

    def place(self) -> Iterator[None]:
        """The true proof for another number, and for a handshake that another one replaced."""
        hand = self._handshake()
        good = hand.answer(self._begin(hand.m1))
        yield
        number = hand.number
        others = (number + 1, number - 1, -1, 2**32 + number, str(number), None, True, [number])
        self._prove(self.random.choice(others), good)
        yield
        self._begin(self._handshake().m1)
        yield
        self._prove(number, good)
        yield

    def twice(self) -> Iterator[None]:
        """What opened a session, said again."""
        hand = self._handshake()
        good = hand.answer(self._begin(hand.m1))
        yield
        line = request("session.prove", "again", s=hand.number, proof=text(good))
        assert self._ask(line)["result"]["result"] in ("done", "STALE")
        yield
        for _ in range(2):
            self._is_refused(line)
            yield
            self._begin(hand.m1)
            yield

    def refused(self) -> Iterator[None]:
        """A true proof of a credential that isn't good."""
        wrong = self.random.choice(
            (
                credential(1, self.random.choice((0, 2, 2**32 - 1))),
                credential(self.random.choice((0, 4, 255))),
                credential(1, 1, self.random.choice((0, 1, MADE_S - 1))),
            )
        )
        hand = Handshake(wrong, self.random.randbytes)
        good = hand.answer(self._begin(hand.m1))
        yield
        told = self._ask(request("session.prove", "refused", s=hand.number, proof=text(good)))
        assert told["result"]["result"] in (*REFUSED, "STALE"), told
        yield

    def token(self) -> Iterator[None]:
        """A token altered in one field."""
        hand = self._handshake()
        hand.answer(self._begin(hand.m1))
        yield
        token = LockKey(KEY).token(UNIT, hand.place, MADE_S + 60, lower=self.random.random() < 0.5)
        params: dict[str, Any] = {
            "s": hand.number,
            "time_s": token.time_s,
            "flags": token.flags,
            "tag": text(token.tag),
        }
        name = self.random.choice([*params])
        params[name] = {
            "s": hand.number + 1,
            "time_s": token.time_s + self.random.choice((-1, 1, 2**31, -(2**32))),
            "flags": self.random.choice((1 - token.flags, 2, -1, 255)),
            "tag": text(altered_at(self.random, token.tag, 0, 32)),
        }[name]
        self._is_refused(request("clock.token", "token", **params))
        yield

    def params(self) -> Iterator[None]:
        """Parameters of other types, of any length, missing, or more of them."""
        hand = self._handshake()
        good = hand.answer(self._begin(hand.m1))
        yield
        right: dict[str, dict[str, Any]] = {
            "session.begin": {"m1": text(hand.m1)},
            "session.prove": {"s": hand.number, "proof": text(good)},
            "clock.token": {"s": hand.number, "time_s": MADE_S, "flags": 0, "tag": text(good)},
        }
        method = self.random.choice([*right])
        params: dict[str, Any] = dict(right[method])
        name = self.random.choice([*params])
        del params[name]
        what = self.random.randrange(9)
        if what == 0:
            params["x" * self.random.choice((1, 60, 400))] = 1
        elif what > 1:
            params[name] = self.random.choice(
                (None, True, 1.5, "", "=", "A" * 700, [], {}, -(2**40))
            )
        self._is_refused(request(method, "params", **params))
        yield


def altered_at(random: Random, data: bytes, start: int, end: int) -> bytes:
    """With another content in these places: a bit, a byte, or all of them."""
    while True:
        made = bytearray(data)
        pick = random.randrange(4)
        at = random.randrange(start, end)
        if pick == 0:
            made[start:end] = random.randbytes(end - start)
        elif pick == 1:
            made[start:end] = random.choice((b"\0", b"\xff")) * (end - start)
        else:
            made[at] ^= 1 << random.randrange(8)
        if made != data:
            return bytes(made)


def client_proof(own: Credential, m1: bytes, m2: bytes) -> bytes:
    """The proof that this credential's key makes, whatever M1 claims."""
    return hmac.digest(own.key, b"C" + m1 + m2[:20], "sha256")
