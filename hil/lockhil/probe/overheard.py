"""A unit's line with the bench listening in: its lines stand in the bench's trace.

It changes nothing of what passes.
"""

from collections.abc import Callable

from lockhil.client import Transport
from lockhil.probe.bench import ProbeBench


class Overheard:
    """`contact`: the unit's starts, as somebody knows of them."""

    def __init__(self, line: Transport, bench: ProbeBench, contact: Callable[[], int]) -> None:
        self._line = line
        self._bench = bench
        self._contact = contact
        self._half = {"rx": b"", "tx": b""}

    @property
    def now_ms(self) -> int:
        return self._bench.now_ms

    @property
    def contact(self) -> int:
        return self._contact()

    def write(self, data: bytes) -> None:
        # What the unit did before it answered has reached the probe by now.
        self._bench.instant()
        self._note("rx", data)
        self._line.write(data)

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        came = self._line.read(timeout_ms)
        if came is None:
            return None
        self._note("tx", came[1])
        return self.now_ms, came[1]

    def _note(self, ch: str, data: bytes) -> None:
        *lines, rest = (self._half[ch] + data).split(b"\n")
        for line in lines:
            self._bench.note_line(ch, line)
        self._half[ch] = rest[:4_096]
