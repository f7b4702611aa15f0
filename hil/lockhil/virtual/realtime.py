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


Ports = dict[int, Callable[[], object]]


class RealLoop(BoardLoop):
    """A board on the real clock, with the pseudo-terminals that are its console and its link.

    `received` takes what comes in on the link. See `BoardLoop` for the rest.
    """

    def __init__(
        self,
        timeline: Timeline,
        wiring: dict[str, Any],
        disk: Path,
        on_flash: Callable[[Message], None] | None = None,
        radio: RadioPort | None = None,
    ) -> None:
        super().__init__(timeline, wiring, self._start_process, on_flash, radio)
        self._disk = disk
        self.console = Console()
        self.link = Terminal()
        self.received: Callable[[bytes], None] = lambda _: None
        self._soft = False
        self._met = False

    def _start_process(self) -> ConsoleChild:
        # Only a soft reset stays in the raw REPL.
        raw = self.console.raw = self.console.raw and self._soft
        self._soft = self._met = False
        watched = self._on_flash is not None
        return ConsoleChild(self._disk, self.console.attach().slave, raw=raw, watched=watched)

    def stop(self) -> None:
        super().stop()
        self.console.detach()

    def close(self) -> None:
        """The board is gone, and its ports with it."""
        self.stop()
        self.console.close()
        self.link.close()

    def serve(self) -> None:
        """Take in what the board sent; a board whose process ended starts again."""
        if self.child is None or self.dialogue is None:
            return
        try:
            data = self.child.receive()
            self.dialogue.on_interrupt = self.console.interrupts
            self.dialogue.serve(data)
            # Its first message is sent before its own program begins, and finds its flash there.
            if self._met:
                self.console.up()
            self._met = True
        except ChildGoneError:
            self.console.from_board()
            self.console.rebooting()
            self._soft = True
            self.on_reset("soft")
        else:
            self.go_on()

    def _hear(self) -> None:
        self.received(self.link.read())

    def ports(self) -> Ports:
        """Where something may come in now, and who takes it."""
        ports: Ports = {self.console.line.fd: self.console.from_client}
        if not self.backlog:
            # Who sends faster than the unit takes it in has to wait.
            ports[self.link.fd] = self._hear
        if self.console.inner is not None:
            ports[self.console.inner.fd] = self.console.from_board
        if self.child is not None:
            ports[self.child.socket.fileno()] = self.serve
        return ports


class RealTime:
    """A thread in which a timeline's time passes as on the wall, and what comes in is taken.

    `ports`: where something may come in; it is asked again each time.
    """

    def __init__(self, timeline: Timeline, ports: Callable[[], Ports], began: float) -> None:
        self._timeline = timeline
        self._ports = ports
        self._began = began
        self._lock = threading.RLock()
        self._woken, self._waker = os.pipe()
        self._over = False
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="board", daemon=True)
        self._thread.start()

    @property
    def now(self) -> int:
        """Milliseconds since it began, whether or not the timeline is there yet."""
        return int((time.monotonic() - self._began) * 1_000)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """This very moment, and nobody else's while you act in it."""
        with self._lock:
            self._catch_up()
            yield
        os.write(self._waker, b"\0")

    def close(self) -> None:
        """Let no more time pass."""
        self._over = True
        os.write(self._waker, b"\0")
        self._thread.join()
        os.close(self._woken)
        os.close(self._waker)

    def _catch_up(self) -> None:
        """Let happen what was due until now."""
        self._timeline.run(max(0, self.now - self._timeline.now))

    def _wait_s(self) -> float:
        next_ms = self._timeline.env.peek()
        if next_ms == float("inf"):
            return _LONGEST_S
        until = self._began + next_ms / 1_000
        return min(_LONGEST_S, max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        try:
            while not self._over:
                with self._lock:
                    self._catch_up()
                    ports, wait_s = self._ports(), self._wait_s()
                self._serve(ports, wait_s)
        except BaseException as error:
            self.failure = error
            raise

    def _serve(self, ports: Ports, wait_s: float) -> None:
        with selectors.DefaultSelector() as selector:
            for fd, take in ports.items():
                try:
                    selector.register(fd, selectors.EVENT_READ, take)
                except (OSError, ValueError):
                    return  # who acts on a board meanwhile closed it: its ports are others now
            selector.register(self._woken, selectors.EVENT_READ, self._wake)
            ready = selector.select(wait_s)
        with self._lock:
            self._catch_up()
            for key, _ in ready:
                # An earlier one may have reset a board: its file descriptors are others now, and
                # may be another's.
                if key.data == self._wake or self._ports().get(key.fd) == key.data:
                    key.data()

    def _wake(self) -> None:
        os.read(self._woken, 4_096)


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
        began = time.monotonic()
        loops: list[RealLoop] = []

        def loop(timeline: Timeline) -> RealLoop:
            around = radio(timeline) if radio is not None else None
            loops.append(RealLoop(timeline, wiring, disk, on_flash, around))
            return loops[0]

        self.world = make_world(loop=loop)
        self._loop = loops[0]
        self.console, self.link = self._loop.console.line.path, self._loop.link.path
        self._loop.on_reset = self.world.reset
        self._loop.received = self.world.receive
        self.world.on_sent.append(lambda _, line: self._loop.link.write(line + b"\n"))
        self._time = RealTime(self.world.timeline, self._loop.ports, began)

    @property
    def failure(self) -> BaseException | None:
        """What ended the world, if anything did."""
        return self._time.failure

    @contextmanager
    def acting(self) -> Iterator[World]:
        """The world, at this very moment, and nobody else's while you act on it."""
        with self._time.acting():
            yield self.world

    def wait_until_up(self, most_s: float = 10.0) -> None:
        """Wait until the board waits itself for the first time. TimeoutError."""
        until = time.monotonic() + most_s
        while not self._loop.waiting:
            if time.monotonic() > until:
                raise TimeoutError(f"the board didn't start within {most_s:.0f} s")
            time.sleep(0.005)

    def close(self) -> None:
        """Switch it off; its ports go."""
        self._time.close()
        self._loop.close()
