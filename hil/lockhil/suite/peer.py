"""Somebody on a sealed unit's wire, step by step: a user, or whoever says they are one.

The target's own link stays in the open, so that every line on the wire is seen as it is.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

from lockhil.client import RpcError
from lockhil.session.credentials import Credential, Grant, Role
from lockhil.session.handshake import Handshake
from lockhil.session.sealed import Channel
from lockhil.targets.base import Target

NOT_AUTHORISED = -32001
NO_SESSION = -32002
# No number: those are the link's own.
UNLOCK = b'{"jsonrpc":"2.0","id":"x","method":"bolt.unlock"}'
_DRIVEN = ("motor", "load", "led.green", "led.red", "bolt")


def credential(unit: Target, **other: Any) -> Credential:
    """A carer's credential, or with something `other` in it than the unit's issuer would give."""
    assert unit.issuer is not None
    given = unit.issuer.grant(Role.CARER)
    fields = {name: getattr(given, name) for name in Grant.__dataclass_fields__} | other
    return unit.issuer.key.credential(unit.unit_id, Grant(**fields))


def driven(unit: Target, mark: int) -> list[tuple[str, Any]]:
    """What the unit has driven since a mark of its bench."""
    return [(event.ch, event.v) for event in unit.bench.since(mark) if event.ch in _DRIVEN]


def heard(unit: Target, line: bytes) -> list[dict[str, Any]]:
    """All that the unit says within a second of this line."""
    before = len(unit.link.lines)
    unit.link.send_raw(line + b"\n")
    unit.bench.clock.advance(seconds=1)
    return [json.loads(line) for line in unit.link.lines[before:]]


def refusals(unit: Target, line: bytes) -> list[int]:
    """The codes of the errors that it gets, and nothing else."""
    found = heard(unit, line)
    assert all("error" in answer for answer in found), found
    return [answer["error"]["code"] for answer in found]


def proved(unit: Target, number: int, proof: bytes) -> str:
    """The unit's word on a proof."""
    return str(unit.link.call("session.prove", s=number, proof=coded(proof))["result"])


def stays_shut(unit: Target, line: bytes, code: int = NO_SESSION) -> None:
    """The line gets this error, and nothing moves."""
    mark = unit.bench.mark()
    assert refusals(unit, line) == [code]
    unit.bench.clock.advance(seconds=3)
    assert driven(unit, mark) == []


class Peer:
    """One attempt at a session, and the session."""

    def __init__(self, unit: Target, by: Credential | None = None) -> None:
        self.unit = unit
        self.handshake = Handshake(by or credential(unit), _chance(unit))
        self.m2 = b""
        self.proof = b""
        self.channel: Channel | None = None

    def begin(self) -> "Peer":
        """M1 and M2."""
        told = self.unit.link.call("session.begin", m1=coded(self.handshake.m1))
        self.m2 = base64.b64decode(told["m2"])
        self.proof = self.handshake.answer(self.m2)
        return self

    def prove(self) -> str:
        """The unit's word on the proof."""
        result = proved(self.unit, self.handshake.number, self.proof)
        if result == "done":
            self.channel = self.handshake.channel()
        return result

    def enter(self) -> "Peer":
        """All of it, up to the open session."""
        assert self.begin().prove() == "done"
        return self

    def line(self, method: str, **params: Any) -> bytes:
        """The next sealed request."""
        assert self.channel is not None
        told = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return self.channel.seal_line(json.dumps(told).encode())

    def opened(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What sealed lines carry; each has to be this session's next one."""
        assert self.channel is not None
        return [json.loads(self.channel.open_line(json.dumps(line).encode())) for line in lines]

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """The result. RpcError."""
        return self.say(self.line(method, **params))

    def say(self, line: bytes) -> dict[str, Any]:
        """The result of a request that is sealed already. RpcError."""
        told = self.opened(heard(self.unit, line))
        (answer,) = [line for line in told if "id" in line]
        if "error" in answer:
            raise RpcError(answer["error"]["code"], answer["error"]["message"])
        result: dict[str, Any] = answer["result"]
        return result


def coded(data: bytes) -> str:
    """Bytes as the link carries them."""
    return base64.b64encode(data).decode()


def _chance(unit: Target) -> Callable[[int], bytes]:
    """The same on every target with a virtual clock: what they do is compared."""
    told = f"{unit.bench.clock.now_ms} {len(unit.link.lines)}".encode()
    return lambda count: hashlib.sha256(told).digest()[:count]
