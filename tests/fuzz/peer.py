"""A client of a unit with a key, for fuzzing, with genuine credentials.

Bytes and lines are by `lockhil.session`; what a fuzzer makes of them is its own.
"""

import base64
import json
from random import Random
from typing import Any, Final

from lockhil.session.credentials import Credential, Grant, Issuer, LockKey, Role
from lockhil.session.handshake import Handshake
from lockhil.session.sealed import Channel
from lockunit import lockkey
from tests.fuzz.side import Side, parsed, refusal, sealed

UNIT: Final = "SIM-0001"
KEY: Final = bytes(range(32))
MADE_S: Final = 1_767_225_600
USER: Final = b"fuzz".ljust(16, b"\0")


def stored() -> dict[str, bytes]:
    """What a unit finds stored that has a key."""
    return dict(lockkey.provisions(KEY, 1, MADE_S))


def issuer() -> Issuer:
    """Who gives out credentials for it."""
    return Issuer(UNIT, LockKey(KEY), user=USER)


def credential(role: int, epoch: int = 1, not_after_s: int = 0xFFFFFFFF) -> Credential:
    """A genuine one. Also of a role that there isn't: whoever has the key can make it."""
    return LockKey(KEY).credential(UNIT, Grant(epoch, USER, role, 0, not_after_s))  # type: ignore[arg-type]


def request(method: str, ident: int | str = 1, **params: Any) -> bytes:
    """A JSON-RPC line without its end."""
    told: dict[str, Any] = {"jsonrpc": "2.0", "id": ident, "method": method}
    if params:
        told["params"] = params
    return json.dumps(told, separators=(",", ":")).encode()


def text(data: bytes) -> str:
    """Bytes as the link carries them."""
    return base64.b64encode(data).decode()


class RefusedError(AssertionError):
    """A true proof didn't open a session; the message is the unit's word for why."""


class Peer:
    """One client on one side; AssertionError: the unit didn't serve it at once."""

    def __init__(self, side: Side, random: Random) -> None:
        self.side = side
        self.random = random
        self.epoch = 1

    def enter(self, role: Role, not_after_s: int = 0xFFFFFFFF) -> Channel:
        """Open a session, whatever came before it on the wire. RefusedError."""
        hand = Handshake(credential(role, self.epoch, not_after_s), self.random.randbytes)
        told = self.ask(request("session.begin", "m1", m1=text(hand.m1)))
        proof = hand.answer(base64.b64decode(told["m2"]))
        told = self.ask(request("session.prove", "proof", s=hand.number, proof=text(proof)))
        if told["result"] != "done":
            raise RefusedError(told["result"])
        return hand.channel()

    def ask(self, line: bytes) -> dict[str, Any]:
        """The result of a request in the open."""
        # What is left of a line before is no part of this one.
        lines = self.side.say(b"\n" + line + b"\n")
        assert lines, f"no answer to {line!r}"
        return dict(parsed(lines[-1])["result"])

    def call(self, channel: Channel, method: str, **params: Any) -> dict[str, Any]:
        """The result of a request in a session, which the unit has at once."""
        lines = self.side.say(channel.seal_line(request(method, 7, **params)) + b"\n")
        return self.opened(channel, lines, 7)

    def opened(self, channel: Channel, lines: list[str], ident: int) -> dict[str, Any]:
        """The result to this id among sealed lines."""
        lines = [line for line in lines if not refusal(line)]
        assert all(sealed(line) for line in lines), lines
        found = [json.loads(channel.open_line(line.encode())) for line in lines]
        results = [told["result"] for told in found if told.get("id") == ident]
        assert len(results) == 1, f"expected one answer, got {found}"
        return dict(results[0])

    def serve(self) -> None:
        """What a carer must always get at once: in, the bolt's state, the door open, and locked."""
        channel = self.enter(Role.CARER)
        assert self.call(channel, "bolt.state")["state"] == "LOCKED"
        before = len(self.side.worlds[0].recorder.events)
        lines = self.side.say(channel.seal_line(request("bolt.unlock", 9)) + b"\n")
        seen = self.side.worlds[0].recorder.events[before:]
        assert any(event.ch == "motor" and event.v for event in seen), "the motor doesn't run"
        self.side.expecting = True
        # It opens, and locks again by itself.
        lines += self.side.wait(45_000)
        self.side.expecting = False
        assert self.opened(channel, lines, 9)["result"] == "done"
        assert self.call(channel, "bolt.state")["state"] == "LOCKED"
