"""What a holder of a genuine credential may say in its session: requests by the table, and junk.

All of it is sealed as it should be; only what is in it has gone wrong.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from lockhil.session.credentials import Role
from lockhil.session.sealed import LONGEST_PLAIN, Channel, SealError
from lockunit.methods import METHODS
from tests.fuzz.peer import Peer, RefusedError
from tests.fuzz.side import Side, sealed


class Holders:
    """Sessions of every role, one after the other."""

    def __init__(self, side: Side, random: Random, junk: Callable[[], bytes]) -> None:
        self.random = random
        self.side = side
        self.junk = junk
        self.peer = Peer(side, random)

    def one(self) -> int:
        """One session's lines; how many there were."""
        channel = self.enter(self.random.choice((*Role, Role.SERVICE)))
        count = self.random.choice((1, 5, 40))
        for _ in range(count):
            plain = self._request() if self.random.random() < 0.7 else self.junk().rstrip(b"\n")
            line = channel.seal_line(plain[:LONGEST_PLAIN]) + b"\n"
            told = self.side.say(line, self.random.choice((0, 0, 0, 20, 6_000)))
            self._listen(channel, told + self.side.later)
            if channel.closed:
                break
        return 2 + count

    def enter(self, role: Role) -> Channel:
        """Open a session, of whatever epoch it is: a request without an id changes it unheard."""
        while True:
            try:
                return self.peer.enter(role)
            except RefusedError as refused:
                if str(refused) != "EPOCH":
                    raise
                self.peer.epoch += 1

    def _listen(self, channel: Channel, lines: list[str]) -> None:
        """Take what it says of its epoch: a credential of the one before is good no more."""
        for line in lines:
            if not sealed(line):
                # A new M1, a proof, a session that ended: told in the open.
                channel.closed = channel.closed or '"code":-32002' in line
                continue
            try:
                told = json.loads(channel.open_line(line.encode()))
            except SealError:
                # What came while nobody listened is missing here; another session begins.
                return
            result = told.get("result")
            if isinstance(result, dict) and "epoch" in result:
                self.peer.epoch = result["epoch"]

    def _request(self) -> bytes:
        # It starts the unit anew, and with it the run.
        name = self.random.choice([each for each in METHODS if each != "maintenance.enter"])
        params: dict[str, Any] = {}
        for key, kind, needed, allowed in METHODS[name].params:
            if needed or self.random.random() < 0.5:
                params[key] = self._value(kind, allowed)
        told: dict[str, Any] = {"jsonrpc": "2.0", "id": self.random.randrange(9), "method": name}
        if params:
            told["params"] = params
        if self.random.random() < 0.1:
            del told["id"]
        return json.dumps(told, separators=(",", ":")).encode()

    def _value(self, kind: type, allowed: tuple[Any, ...]) -> Any:
        if self.random.random() < 0.05:
            return self.random.choice((None, "", "x" * 300, -1, 2**40, True, [], {}))
        if kind is int:
            ends = (int(allowed[0]), int(allowed[1])) if allowed else (0, 5_000)
            return self.random.choice((*ends, self.random.randint(*ends)))
        if allowed:
            return self.random.choice(allowed)
        return self.random.choice(("", "KUND-1", "å", "A" * 84, "x" * self.random.randrange(200)))
