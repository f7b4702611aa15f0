"""The pair on either clock: both boards' waits are deadlines on one timeline.

What joins them is `both`'s business.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from lockhil.targets.realclock import SerialTransport
from lockhil.virtual.loop import VirtualLoop
from lockhil.virtual.pair.both import BOARD, Both
from lockhil.virtual.pair.place import Begin
from lockhil.virtual.pair.wiring import PROBE, SIDES, UNIT
from lockhil.virtual.realtime import Ports, RealLoop, RealTime
from locksim.mainloop import MOST_STEPS_A_MS, FirmwareCrashError, Restless
from locksim.timeline import Timeline


class VirtualPair(Both):
    """On a virtual clock of its own, the same each time; `unit`, `probe` are the boards' flashes.

    FirmwareCrashError wherever time passes: a board's program ended, and the message says which.
    """

    def __init__(
        self,
        wiring: Mapping[str, Any],
        unit: Path,
        probe: Path,
        *,
        miswired: Mapping[str, str] | None = None,
        begin: Begin | None = None,
    ) -> None:
        timeline = Timeline()
        disks = {UNIT: unit, PROBE: probe}
        loops = {side: VirtualLoop(timeline, BOARD, disks[side]) for side in SIDES}
        super().__init__(timeline, wiring, loops, miswired, begin)
        self._restless = Restless()
        self._transports = {side: VirtualTransport(self, side) for side in SIDES}
        try:
            with self.acting():
                self._switch_on()
        except BaseException:
            self.close()
            raise

    @property
    def now(self) -> int:
        return self._timeline.now

    def _edge(self, side: str, pin: int, level: int) -> None:
        if self._restless.woken(self.now):
            raise FirmwareCrashError(
                f"{MOST_STEPS_A_MS} edges within a millisecond, now at the {side}'s pin {pin}: "
                "do the boards answer each other for ever?"
            )
        super()._edge(side, pin, level)

    @contextmanager
    def acting(self) -> Iterator[None]:
        with self._watched():
            yield
            self._timeline.run()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """A board that crashes meanwhile is named, and lets go of its pins."""
        crashed = {side for side in SIDES if self._places[side].loop.crashed}
        try:
            yield
        except FirmwareCrashError as error:
            for side in SIDES:
                if self._places[side].loop.crashed and side not in crashed:
                    self._places[side].fall("crash")
                    raise FirmwareCrashError(f"the {side}: {error}") from None
            raise

    def advance(self, ms: int = 0) -> None:
        self.until(lambda: False, ms)

    def until(self, done: Callable[[], bool], most_ms: int) -> bool:
        """Let time pass until `done()`, at most so long; whether it was."""
        with self._watched():
            return self._timeline.run_until(done, most_ms)

    def transport(self, side: str) -> "VirtualTransport":
        """The link of a board, with all that it said since its first start."""
        return self._transports[side]

    def receive(self, side: str, data: bytes) -> None:
        """Bytes come in on the link of a board."""
        with self.acting():
            self._places[side].receive(data)

    def listen(self, side: str, heard: Callable[[bytes], None]) -> None:
        """Be told what a board sends on its link."""
        self._places[side].on_sent = heard

    def close(self) -> None:
        for place in self._places.values():
            place.loop.stop()


class VirtualTransport:
    """A board's link: waiting for what it says lets virtual time pass up to it."""

    def __init__(self, pair: VirtualPair, side: str) -> None:
        self._pair = pair
        self._side = side
        self._arrived: deque[tuple[int, bytes]] = deque()
        pair.listen(side, lambda data: self._arrived.append((pair.now, data)))

    @property
    def now_ms(self) -> int:
        return self._pair.now

    @property
    def contact(self) -> int:
        return self._pair.boots[self._side]

    def write(self, data: bytes) -> None:
        self._pair.receive(self._side, data)

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        if not self._arrived and timeout_ms:
            self._pair.until(lambda: bool(self._arrived), timeout_ms)
        return self._arrived.popleft() if self._arrived else None


class RealPair(Both):
    """On the real clock, in a thread; each board has a console and a link, pseudo-terminals.

    `failure`: what ended the thread, if anything did.
    """

    def __init__(
        self,
        wiring: Mapping[str, Any],
        unit: Path,
        probe: Path,
        *,
        miswired: Mapping[str, str] | None = None,
        begin: Begin | None = None,
    ) -> None:
        timeline = Timeline()
        began = time.monotonic()
        disks = {UNIT: unit, PROBE: probe}
        self._loops = {side: RealLoop(timeline, BOARD, disks[side]) for side in SIDES}
        super().__init__(timeline, wiring, self._loops, miswired, begin)
        self._open: list[SerialTransport] = []
        for side, loop in self._loops.items():
            loop.received = self._places[side].receive
            self._places[side].on_sent = loop.link.write
        try:
            self._switch_on()
            self._time = RealTime(timeline, self._ports, began)
        except BaseException:
            self._close_boards()
            raise

    @property
    def failure(self) -> BaseException | None:
        """See above."""
        return self._time.failure

    @property
    def now(self) -> int:
        return self._time.now

    def acting(self) -> AbstractContextManager[None]:
        return self._time.acting()

    def advance(self, ms: int = 0) -> None:
        time.sleep(ms / 1_000)

    def console(self, side: str) -> str:
        """The path of a board's console."""
        return self._loops[side].console.line.path

    def link(self, side: str) -> str:
        """The path of its link."""
        return self._loops[side].link.path

    def transport(self, side: str) -> SerialTransport:
        """The link of a board, nobody else's until the pair or the transport is closed.
        ContactLostError."""
        self._open.append(
            SerialTransport(self.link(side), lambda: self.now, lambda: self._places[side].boots)
        )
        return self._open[-1]

    def _ports(self) -> Ports:
        return {fd: take for loop in self._loops.values() for fd, take in loop.ports().items()}

    def close(self) -> None:
        self._time.close()
        for transport in self._open:
            transport.close()
        self._close_boards()

    def _close_boards(self) -> None:
        for loop in self._loops.values():
            loop.close()
