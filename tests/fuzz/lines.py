"""What may come in on a unit's link: requests, and requests gone wrong in every way we know.

Bytes as they are written, a line's end or not. The same seed gives the same bytes.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from lockunit.methods import METHODS

MEGABYTE = b'{"jsonrpc":"2.0","id":"' + b"x" * 2**20 + b'"}\n'
_PIECES = [
    b"\\ud800",
    b'\\"',
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\0",
    b"\r",
    b"{",
    b"]",
    b"-",
]
_PIECES += [b"1e9", b"00", b"\\u00", b'"id":', b"null", b"\xf4\x90\x80\x80", "å".encode(), b"\n"]


class Lines:
    """An endless stream of them."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._kinds: list[Callable[[], bytes]] = [
            *[self._request] * 4,
            *[self._mutated] * 8,
            self._noise,
            self._long,
            self._nested,
            self._half,
        ]

    def next(self) -> bytes:
        """The next bytes."""
        return self._random.choice(self._kinds)()

    def pause_ms(self) -> int:
        """How long it is quiet after them: mostly not at all, at times so that a motor can run."""
        return self._random.choice([0, 0, 0, 0, 1, 20, 300, 6_000])

    def _request(self) -> bytes:
        request: dict[str, Any] = {"jsonrpc": "2.0", "id": self._value(2)}
        request["method"] = self._random.choice([*METHODS, *METHODS, "unit.reset", "", "x" * 200])
        if self._random.random() < 0.5:
            request["params"] = self._value(3)
        for name in [*request]:
            if self._random.random() < 0.05:
                del request[name]
            elif self._random.random() < 0.1:
                request[name] = self._value(3)
        text = json.dumps(request, ensure_ascii=self._random.random() < 0.5)
        return text.encode("utf-8", "surrogatepass") + b"\n"

    def _value(self, depth: int) -> Any:
        pick = self._random.randrange(9 if depth else 6)
        if pick == 0:
            return self._random.choice([None, True, False, 1.5, -0.0, 1e300, 10**15, -(10**20)])
        if pick in (1, 2):
            return self._random.randrange(-1_000, 10**9)
        if pick in (3, 4, 5):
            letters = [self._letter() for _ in range(3)]
            return "".join(letters) * self._random.choice([0, 1, 1, 2, 21, 22, 100])
        if pick == 6:
            return [self._value(depth - 1) for _ in range(self._random.randrange(4))]
        return {f"k{n}": self._value(depth - 1) for n in range(self._random.randrange(5))}

    def _letter(self) -> str:
        # Every time another one: what is kept of each would add up.
        other = self._random.randrange(0x20, 0xD800) + self._random.choice([0, 0x10000])
        return chr(self._random.choice([34, 92, 97, 229, 7, other, other]))

    def _mutated(self) -> bytes:
        return self.mutated(self._request())

    def mutated(self, line: bytes) -> bytes:
        """A line's bytes gone wrong."""
        data = bytearray(line)
        for _ in range(self._random.choice([1, 1, 2, 5])):
            at = self._random.randrange(len(data) + 1)
            end = min(len(data), at + self._random.randrange(1, 9))
            pick = self._random.randrange(5)
            if pick == 0:
                del data[at:end]
            elif pick == 1:
                data[at:at] = data[at:end] * self._random.choice([1, 2, 150])
            elif pick == 2:
                data[at:end] = self._random.randbytes(end - at)
            else:
                data[at:at] = self._random.choice(_PIECES)
        return bytes(data)

    def _noise(self) -> bytes:
        return self._random.randbytes(self._random.randrange(300)) + b"\n"

    def _long(self) -> bytes:
        return b" " * self._random.choice([900, 1_024, 1_025, 5_000]) + self._request()

    def _nested(self) -> bytes:
        depth = self._random.choice([7, 8, 9, 500])
        opening, closing = self._random.choice([(b"[", b"]"), (b'{"params":', b"}")])
        return opening * depth + b"1" + closing * depth + b"\n"

    def _half(self) -> bytes:
        request = self._request()
        return request[: self._random.randrange(len(request))]
