"""A unit with a lock's key in the hand, and clients that talk to it in sealed lines."""

import base64
import json
from typing import Any

from lockhil.session.credentials import Role
from lockhil.session.handshake import Handshake
from lockhil.session.sealed import Channel
from lockunit import lockkey
from lockunit.settings import Settings
from tests.lockunit.hand import Hand, HandBoard
from tests.lockunit.sealed import KEY, START_S, credential

# The error's code where somebody asks for what isn't his.
REFUSED = -32001
# Good params for each method that has any.
PARAMS: dict[str, dict[str, object]] = {
    "session.begin": {"m1": ""},
    "session.prove": {"s": 0, "proof": ""},
    "clock.token": {"s": 0, "time_s": START_S, "flags": 0, "tag": ""},
    "clock.set": {"time_s": START_S},
    "swap.begin": {"role": "staff", "gate": "diagnosed"},
    "swap.adopt": {"role": "staff", "gate": "diagnosed", "ago_s": 5},
    "battery.replaced": {"role": "staff", "confirmed": True},
    "swap.close": {"role": "staff"},
    "swap.cancel": {"role": "staff"},
    "journal.ack": {"upto": 0},
    "unit.life": {"role": "service"},
    "unit.couple": {"role": "service", "customer": "K-1"},
    "unit.move": {"role": "service"},
    "unit.dismount": {"role": "service"},
}


def sealed_hand(
    kind: str = "door", *, known: bool = True, board: HandBoard | None = None, **stored: bytes
) -> Hand:
    """A production unit that booted just now; `known`: its clock is set."""
    board = board or HandBoard()
    board.stored.update(lockkey.provisions(KEY, 1, START_S))
    board.stored.update(stored)
    board.utc_s = START_S if known else 0
    return Hand(Settings(kind), board)


def with_connections(count: int, *, sealed: bool = True) -> Hand:
    """A unit whose radio takes so many, with or without a key; nothing was sent yet."""
    hand = sealed_hand() if sealed else Hand()
    hand.board.connections = count
    hand.settings.relock_ms = 0
    hand.boot()
    hand.board.sent.clear()
    return hand


class Client:
    """Somebody on one of the unit's wires; `told`: what came sealed for the session."""

    def __init__(self, hand: Hand, role: Role = Role.CARER, *, wire: int = 0, **grant: Any) -> None:
        self.hand = hand
        self.wire = wire
        self.handshake = Handshake(credential(role, **grant))
        self.channel: Channel | None = None
        self.told: list[dict[str, Any]] = []
        self._heard = 0

    def begin(self) -> Any:
        """The answer to M1."""
        return ask(self.hand, "session.begin", wire=self.wire, m1=coded(self.handshake.m1))

    def prove(self) -> Any:
        m2 = base64.b64decode(self.begin()["m2"])
        proof = self.handshake.answer(m2)
        number = self.handshake.number
        found = ask(self.hand, "session.prove", wire=self.wire, s=number, proof=coded(proof))
        if found == {"result": "done"}:
            self.channel = self.handshake.channel()
            self._heard = len(self.hand.board.said(self.wire))
        return found

    def enter(self) -> "Client":
        assert self.prove() == {"result": "done"}
        return self

    def line(self, method: str, ident: int = 1, **params: Any) -> str:
        """A sealed request."""
        assert self.channel is not None
        return self.channel.seal_line(request(method, ident, **params).encode()).decode()

    def listen(self) -> list[dict[str, Any]]:
        """What came since the last time; it must be sealed, all of it."""
        assert self.channel is not None
        lines = self._new()
        found = [json.loads(self.channel.open_line(json.dumps(line).encode())) for line in lines]
        self.told += found
        return found

    def overhear(self) -> list[dict[str, Any]]:
        """The same, where it must be in the open."""
        lines = self._new()
        assert all("jsonrpc" in line for line in lines), lines
        return lines

    def _new(self) -> list[dict[str, Any]]:
        said = self.hand.board.said(self.wire)
        lines, self._heard = said[self._heard :], len(said)
        return lines

    def call(self, method: str, ident: int = 1, **params: Any) -> Any:
        """The result, or the error's code and data; None while there is none yet."""
        self.listen()
        self.hand.line(self.line(method, ident, **params), self.wire)
        for answer in self.listen():
            if answer.get("id", "") == ident:
                return outcome(answer)
        return None


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def request(method: str, ident: int = 1, **params: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": ident, "method": method, "params": params})


def outcome(answer: dict[str, Any]) -> Any:
    error = answer.get("error")
    return answer["result"] if error is None else (error["code"], error["data"])


def ask(hand: Hand, method: str, ident: int = 1, wire: int = 0, **params: Any) -> Any:
    """The same in the open; None if nothing came."""
    said = hand.board.said(wire)
    before = len(said)
    hand.call(method, ident, wire, **params)
    found = [line for line in said[before:] if "id" in line]
    assert len(found) <= 1
    return outcome(found[0]) if found else None
