"""Sessions whose lines went wrong: none of these may be opened, and nothing be driven by them."""

import base64
import json
from collections.abc import Callable
from random import Random
from typing import Any

from lockhil.session.credentials import Role
from lockhil.session.sealed import Channel
from tests.fuzz.handshakes import altered_at
from tests.fuzz.peer import Peer, request, text
from tests.fuzz.side import Side, parsed, sealed

# What drives nothing, said between what went wrong ...
QUIET = ("bolt.state", "selftest.last", "unit.hello", "battery.report", "swap.state")
# ... which would drive something.
LOUD = ("bolt.unlock", "bolt.lock", "selftest.start")
_NOT_NUMBERS: tuple[Any, ...] = ("0", None, True, 1.5, [], {})

Told = dict[str, Any]


class SealedLines:
    """Attacks on open sessions, each in one of its own."""

    def __init__(self, side: Side, random: Random, mutate: Callable[[bytes], bytes]) -> None:
        self.side = side
        self.random = random
        self.mutate = mutate
        self.peer = Peer(side, random)
        # A line of an older session, and one that was opened in this one; what the unit said.
        self._older: Told = {"s": 0, "n": 0, "c": text(bytes(40))}
        self._said: Told = {}
        self._heard: Told = {}

    def one(self) -> int:
        """Open a session, say what is good, then what went wrong; how many lines that took."""
        channel = self.peer.enter(self.random.choice((Role.CARER, Role.TECHNICIAN, Role.SERVICE)))
        self._said, self._heard = {}, {}
        count = 2
        for _ in range(self.random.choice((0, 1, 1, 3))):
            self._good(channel)
            count += 1
        line = channel.seal_line(request(self.random.choice(LOUD), 8))
        # What `channel` numbers and this sends otherwise: the number isn't used up at the unit.
        right = json.loads(line)
        for _ in range(self.random.choice((1, 1, 2, 4))):
            data, ends = self._wrong(right, line)
            told = self.side.say(b"\n" + data + b"\n")
            count += 1
            assert told, f"no answer to {data!r}"
            assert not any(sealed(one) for one in told), f"{data!r} was opened: {told}"
            assert "error" in parsed(told[-1]), told
            if ends:
                self._is_over(line)
                count += 1
        self._older = right
        self.side.wait(self.random.choice((0, 0, 0, 20, 300, 61_000)))
        return count

    def _good(self, channel: Channel) -> None:
        line = channel.seal_line(request(self.random.choice(QUIET), 7))
        lines = self.side.say(line + b"\n")
        self._said, self._heard = json.loads(line), json.loads(lines[-1])
        self.peer.opened(channel, lines, 7)

    def _is_over(self, line: bytes) -> None:
        """Not even what would have been the next line is opened."""
        told = self.side.say(line + b"\n")
        assert [parsed(one).get("error", {}).get("code") for one in told] == [-32002], told

    def _wrong(self, right: Told, line: bytes) -> tuple[bytes, bool]:
        """Bytes that aren't the session's next line, and whether they must end it."""
        kinds = (self._cipher, self._number, self._session, self._other, self._bytes, self._types)
        return self.random.choice(kinds)(right, line)

    def _cipher(self, right: Told, line: bytes) -> tuple[bytes, bool]:
        good = base64.b64decode(right["c"])
        size = len(good)
        bad = self.random.choice(
            (
                altered_at(self.random, good, 0, size),
                altered_at(self.random, good, size - 8, size),
                good[: self.random.randrange(size)],
                good + self.random.randbytes(self.random.choice((1, 8, 600))),
                good[::-1],
                self.random.randbytes(self.random.choice((7, 8, 9, 60, 700))),
                b"",
            )
        )
        return _line(right, c=text(bad)), True

    def _number(self, right: Told, line: bytes) -> tuple[bytes, bool]:
        n = right["n"]
        others = (n + 1, n - 1, -1, 2**32, 2**40, *_NOT_NUMBERS)
        return _line(right, n=self.random.choice(others)), True

    def _session(self, right: Told, line: bytes) -> tuple[bytes, bool]:
        s = right["s"]
        others = (s + 1, s - 1, -1, 2**32 + s, 10**14, 10**30, *_NOT_NUMBERS)
        return _line(right, s=self.random.choice(others)), False

    def _other(self, right: Told, line: bytes) -> tuple[bytes, bool]:
        """Another line: said before, of another session, the unit's own; or half of each."""
        if not self._said or self.random.random() < 0.3:
            return _line(self._older), False
        pick = self.random.randrange(4)
        if pick == 0:
            return _line(self._said), True
        if pick == 1:
            return _line(self._heard), True
        other = self.random.choice((self._said, self._heard, self._older))
        if pick == 2:
            return _line(right, c=other["c"]), True
        return _line(right, s=self._older["s"]), False

    def _types(self, right: Told, line: bytes) -> tuple[bytes, bool]:
        """Fields that are missing, twice, of another type, too long, or no base64."""
        c = right["c"]
        pick = self.random.randrange(6)
        if pick == 0:
            left = {name: right[name] for name in self.random.choice(("sn", "sc", "s"))}
            return _line(left), True
        if pick == 1:
            return _line({"n": right["n"], "c": c}), False
        if pick == 2:
            return line[:-1] + b',"n":%d}' % (right["n"] + 1), False
        if pick == 3:
            return _line(right, c=c + "A" * self.random.choice((1_100, 5_000))), False
        bad = (c[:-1], "=" + c, c + "=", c + "\n", " " + c, c[:9] + "-_" + c[11:], "å" + c)
        other: list[Any] = [None, 0, True, 1.5, [], {}, [c], *bad, *bad]
        return _line(right, c=self.random.choice(other)), True

    def _bytes(self, right: Told, line: bytes) -> tuple[bytes, bool]:
        """The line's bytes gone wrong, unless that still says the same."""
        while True:
            made = self.mutate(line)
            if b"\n" not in made and made.strip() and not _says(made, right):
                return made, False


def _line(told: Told, **other: Any) -> bytes:
    return json.dumps({**told, **other}, separators=(",", ":"), ensure_ascii=False).encode()


def _says(line: bytes, right: Told) -> bool:
    """Whether it may say the same to somebody."""
    try:
        told = json.loads(line.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and all(told.get(name) == right[name] for name in right)
