"""A virtual board on the real clock: its world runs as time passes, its console and link are ttys.

A thread of its own lets things happen; whoever else acts on the world does it in `acting()`.
"""

import os
import selectors
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lockhil.virtual.child_process import ChildGoneError, ConsoleChild
from lockhil.virtual.console import Console
from lockhil.virtual.loop import BoardLoop
from lockhil.virtual.protocol import Message
from lockhil.virtual.radioport import RadioPort
from lockhil.virtual.terminal import Terminal
from locksim.timeline import Timeline
from locksim.world import World

_LONGEST_S = 1.0


class RealLoop(BoardLoop):
    """A board on the real clock; see `BoardLoop`."""

    def __init__(
        self,
        timeline: Timeline,
        wiring: dict[str, Any],
        disk: Path,
        console: Console,
        radio: RadioPort | None = None,
    ) -> None:
        super().__init__(timeline, wiring, self._power_on, radio=radio)
        self._disk = disk
        self._console = console
        self._soft = False
        self._met = False

    def watch(self, on_flash: Callable[[Message], None] | None) -> None:
        """Tell of each write to the flash, from the next start on; see `VirtualLoop`."""
        self._on_flash = on_flash

    def _power_on(self) -> ConsoleChild:
        # Only a soft reset stays in the raw REPL.
        raw = self._console.raw = self._console.raw and self._soft
        self._soft = self._met = False
        watched = self._on_flash is not None
        return ConsoleChild(self._disk, self._console.attach().slave, raw=raw, watched=watched)

    def stop(self) -> None:
        super().stop()
        self._console.detach()

    def serve(self) -> None:
        """Take in what the board sent; a board whose process ended starts again."""
        if self.child is None or self.dialogue is None:
            return
        try:
            data = self.child.receive()
            self.dialogue.on_interrupt = self._console.interrupts
            self.dialogue.serve(data)
            # Its first message is sent before its own program begins, and finds its flash there.
            if self._met:
                self._console.up()
            self._met = True
        except ChildGoneError:
            self._console.from_board()
            self._console.rebooting()
            self._soft = True
            self.on_reset("soft")
        else:
            self.go_on()


class RealBoard:
    """A board that was just switched on; `make_world` is given what runs the firmware in it.

    `radio` makes what is around it on the world's timeline. `console` and `link` are the paths of
    its ports. `on_flash`: see `VirtualLoop`; it is called in the board's own thread.
    """

    def __init__(
        self,
        wiring: dict[str, Any],
        disk: Path,
        make_world: Callable[..., World],
        radio: Callable[[Timeline], RadioPort] | None = None,
        on_flash: Callable[[Message], None] | None = None,
    ) -> None:
        self._console = Console()
        self._wire = Terminal()
        self.console, self.link = self._console.line.path, self._wire.path
        self._lock = threading.RLock()
        self._woken, self._waker = os.pipe()
        self._began = time.monotonic()
        self._over = False
        self.failure: BaseException | None = None
        loops: list[RealLoop] = []

        def loop(timeline: Timeline) -> RealLoop:
            around = radio(timeline) if radio is not None else None
            loops.append(RealLoop(timeline, wiring, disk, self._console, around))
            loops[0].watch(on_flash)
            return loops[0]

        self.world = make_world(loop=loop)
        self._loop = loops[0]
        self._loop.on_reset = self.world.reset
        self.world.on_sent.append(lambda _, line: self._wire.write(line + b"\n"))
        self._thread = threading.Thread(target=self._run, name="board", daemon=True)
        self._thread.start()

    @contextmanager
    def acting(self) -> Iterator[World]:
        """The world, at this very moment, and nobody else's while you act on it."""
        with self._lock:
            self._catch_up()
            yield self.world
        os.write(self._waker, b"\0")

    def wait_until_up(self, most_s: float = 10.0) -> None:
        """Wait until the board waits itself for the first time. TimeoutError."""
        until = time.monotonic() + most_s
        while self._loop.dialogue is None or not self._loop.dialogue.waiting:
            if time.monotonic() > until:
                raise TimeoutError(f"the board didn't start within {most_s:.0f} s")
            time.sleep(0.005)

    def close(self) -> None:
        """Switch it off; its ports go."""
        self._over = True
        os.write(self._waker, b"\0")
        self._thread.join()
        self._loop.stop()
        self._console.close()
        self._wire.close()
        os.close(self._woken)
        os.close(self._waker)

    def _catch_up(self) -> None:
        """Let happen what was due until now."""
        now = int((time.monotonic() - self._began) * 1_000)
        self.world.run(max(0, now - self.world.now))

    def _wait_s(self) -> float:
        next_ms = self.world.timeline.env.peek()
        if next_ms == float("inf"):
            return _LONGEST_S
        until = self._began + next_ms / 1_000
        return min(_LONGEST_S, max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        try:
            while not self._over:
                with self._lock:
                    self._catch_up()
                    ready, wait_s = self._ports(), self._wait_s()
                self._serve(ready, wait_s)
        except BaseException as error:
            self.failure = error
            raise

    def _ports(self) -> dict[int, Callable[[], object]]:
        """What may come in now, and who takes it."""
        ports: dict[int, Callable[[], object]] = {
            self._woken: lambda: os.read(self._woken, 4_096),
            self._console.line.fd: self._console.from_client,
        }
        if not self._loop.backlog:
            # Who sends faster than the unit takes it in has to wait.
            ports[self._wire.fd] = lambda: self.world.receive(self._wire.read())
        if self._console.inner is not None:
            ports[self._console.inner.fd] = self._console.from_board
        if self._loop.child is not None:
            ports[self._loop.child.socket.fileno()] = self._loop.serve
        return ports

    def _serve(self, ports: dict[int, Callable[[], object]], wait_s: float) -> None:
        with selectors.DefaultSelector() as selector:
            for fd, take in ports.items():
                selector.register(fd, selectors.EVENT_READ, take)
            ready = selector.select(wait_s)
        with self._lock:
            self._catch_up()
            for key, _ in ready:
                # An earlier one may have reset the board: its file descriptors are others now.
                if key.fd in self._ports():
                    key.data()
