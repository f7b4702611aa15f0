"""A slow serial line to a unit in a world, which fails at a byte of a visit that is drawn before.

It carries bytes in virtual time, and keeps what passed; who reads, and what for, it doesn't know.
"""

import base64
import json
from collections import Counter, deque
from collections.abc import Callable

from lockhil.targets.realclock import ContactLostError
from locksim.world import World
from lockunit.records import SIZE

BITS_A_BYTE = 10
POWER_OFF_MS = 1_500

# What may happen at a byte: the line breaks, or loses what is on it for a while; the reader's
# process is gone; the unit loses its power.
LINE, NOISE, KILLED, POWER = "line breaks", "bytes lost", "reader killed", "unit loses power"
# The same at a place that matters.
BEFORE_ACK, AFTER_ACK, IN_FILE = "killed before ack", "killed after ack", "killed writing the file"
AT_A_BYTE = (LINE, NOISE, KILLED, POWER)
KINDS = (*AT_A_BYTE, BEFORE_ACK, AFTER_ACK, IN_FILE)


class Killed(BaseException):
    """The reader's process is gone: nothing of it may catch this."""


class SlowLine:
    """The line of one world; `faults` are what happens on it, at which of its bytes from now on."""

    def __init__(self, world: World, baud: int = 9_600, latency_ms: int = 40) -> None:
        self._world = world
        self._baud = baud
        self._latency_ms = latency_ms
        self._coming: deque[tuple[int, bytes]] = deque()
        self._free_at = 0
        self._left: int | None = None
        self._fault = ""
        self._listening = False
        self.happened: Counter[str] = Counter()
        self.bytes = 0
        self.records: dict[int, bytes] = {}
        self.read_again = 0
        world.on_sent.append(self._sent)

    def arm(self, fault: str, at_byte: int) -> None:
        """Let it happen so many bytes from now; "": nothing."""
        self._fault = fault
        self._left = at_byte if fault in AT_A_BYTE else None

    def open(self) -> None:
        """A reader begins: what came while nobody listened is gone."""
        self._coming.clear()
        self._listening = True

    def close(self) -> None:
        """Nobody reads any more."""
        self._listening = False

    @property
    def now_ms(self) -> int:
        return self._world.now

    def _takes_ms(self, count: int) -> int:
        return -(-count * BITS_A_BYTE * 1_000 // self._baud)

    def _sent(self, t_ms: int, line: bytes) -> None:
        if self._listening:
            self._free_at = max(t_ms, self._free_at) + self._takes_ms(len(line) + 1)
            self._coming.append((self._free_at + self._latency_ms, line + b"\n"))

    def write(self, data: bytes) -> None:
        if self._fault == BEFORE_ACK and b"journal.ack" in data:
            self._happens()
            raise Killed
        self._world.run(self._takes_ms(len(data)) + self._latency_ms)
        self._pass(data, self._world.receive)
        self._world.run()
        if self._fault == AFTER_ACK and b"journal.ack" in data:
            self._happens()
            raise Killed

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        until = self.now_ms + timeout_ms
        while not self._coming or self._coming[0][0] > self.now_ms:
            next_ms = min(until, self._coming[0][0]) if self._coming else until
            if next_ms <= self.now_ms:
                return None
            first = self._coming[0] if self._coming else None
            self._world.timeline.run_until(
                lambda first=first: (self._coming[0] if self._coming else None) is not first,  # type: ignore[misc]
                next_ms - self.now_ms,
            )
        got: list[bytes] = []
        self._pass(self._coming.popleft()[1], got.append)
        return self.now_ms, b"".join(got)

    def _pass(self, data: bytes, on: Callable[[bytes], None]) -> None:
        """Hand bytes over, up to the one at which something happens."""
        self.bytes += len(data)
        if self._left is None or self._left >= len(data):
            self._left = None if self._left is None else self._left - len(data)
            self._note(data)
            on(data)
            return
        fault, at = self._fault, self._left
        self._happens()
        on(data[:at])
        if fault == KILLED:
            raise Killed
        if fault == LINE:
            raise ContactLostError("the line broke")
        if fault == POWER:
            self._coming.clear()
            self._world.power_cut(POWER_OFF_MS)

    def _happens(self) -> None:
        self.happened[self._fault] += 1
        self._fault, self._left = "", None

    def _note(self, data: bytes) -> None:
        """Each record that passed as a whole, by its number: it is the same each time."""
        if b'"records"' not in data:
            return
        told = json.loads(data)["result"]
        records = base64.b64decode(told["records"])
        for place in range(0, len(records), SIZE):
            seq, record = told["at"] + place // SIZE, records[place : place + SIZE]
            self.read_again += seq in self.records
            assert self.records.setdefault(seq, record) == record, f"number {seq} is another now"
