"""The main loop that a board has: boots the unit, feeds it events, and runs it when it is due.

It does what a board's own loop does and nothing more; which wire an event came from isn't its
business.
"""

from collections import deque
from collections.abc import Callable
from typing import Protocol

from locksim.board import SimBoard
from locksim.timeline import Alarm, Timeline
from lockunit import board as port
from lockunit.board import Board
from lockunit.settings import Settings

TICKS_PERIOD = 2**30
# A unit that asks to be run so often within one millisecond would never sleep.
MOST_STEPS_A_MS = 1000

EVENTS = {
    port.EV_BUTTON: "event.button",
    port.EV_BOLT: "event.bolt",
    port.EV_DOOR: "event.door",
    port.EV_RX: "event.rx",
    port.EV_SUPPLY: "event.supply",
    port.EV_JOINED: "event.joined",
    port.EV_LEFT: "event.left",
}


class Firmware(Protocol):
    """The unit, as its main loop sees it."""

    cause: str

    def event(self, now: int, kind: int, arg: int | bytes, wire: int = 0) -> None:
        """Take an input."""

    def step(self, now: int) -> int:
        """Run what is due; milliseconds to the next deadline, or -1."""


Boot = Callable[[Board, Settings, int], Firmware]


class Loop(Protocol):
    """What runs a unit, here or in another interpreter; `MainLoop` says what each does."""

    wakes: list[tuple[int, str]]

    @property
    def running(self) -> bool: ...

    @property
    def stopped(self) -> bool: ...

    def start(self, board: SimBoard, settings: Settings, ticks: int) -> None: ...

    def stop(self) -> None: ...

    def event(self, kind: int, arg: int | bytes, wire: int = 0) -> None: ...


LoopMaker = Callable[[Timeline], Loop]


class FirmwareCrashError(RuntimeError):
    """The firmware raised; the message says when, its cause what."""


class Restless:
    """Counts the wakes that a unit asks for, not those that others cause."""

    def __init__(self) -> None:
        self._at, self._wakes = -1, 0

    def woken(self, now: int) -> bool:
        """Whether that was one too many for this millisecond."""
        self._wakes = self._wakes + 1 if now == self._at else 1
        self._at = now
        return self._wakes > MOST_STEPS_A_MS


class MainLoop:
    """Runs one unit; stopped until `start`, and again after `stop`."""

    def __init__(self, timeline: Timeline, boot: Boot) -> None:
        self._timeline = timeline
        self._boot = boot
        self._unit: Firmware | None = None
        # From its boot's first instruction on, when there isn't a unit yet that could be asked.
        self.running = False
        self.crashed = False
        self._alarm = Alarm(timeline, self._due)
        self._cause = ""
        self._booted_at = 0
        self._ticks_at_boot = 0
        self._inbox: deque[tuple[int, int | bytes, int]] = deque()
        self._busy = False
        self._restless = Restless()
        # When it woke and why: an event's name, or the unit's own name of the timer.
        self.wakes: list[tuple[int, str]] = []

    @property
    def stopped(self) -> bool:
        """Whether it is down and could be started; a unit that crashed stays down."""
        return not (self.running or self.crashed)

    @property
    def ticks(self) -> int:
        """The unit's clock: milliseconds with a period of 2**30."""
        elapsed = self._timeline.now - self._booted_at
        return (self._ticks_at_boot + elapsed) % TICKS_PERIOD

    def start(self, board: Board, settings: Settings, ticks: int) -> None:
        """Boot the unit; its clock begins at `ticks`."""
        self._booted_at, self._ticks_at_boot = self._timeline.now, ticks % TICKS_PERIOD
        self.running = True
        self._guarded(lambda: self._start(board, settings))

    def _start(self, board: Board, settings: Settings) -> None:
        self._unit = self._boot(board, settings, self.ticks)
        self._step(self._unit)

    def stop(self) -> None:
        """The unit is gone, with all it had in memory."""
        self._unit = None
        self.running = False
        self._inbox.clear()
        self._alarm.set(-1)

    def event(self, kind: int, arg: int | bytes, wire: int = 0) -> None:
        """An input changed. While the unit runs it waits its turn; while it is down it is lost."""
        if not self.running:
            return
        self._inbox.append((kind, arg, wire))
        if not self._busy:
            self._guarded()

    def _due(self) -> None:
        unit = self._unit
        if unit is not None:
            self.wakes.append((self._timeline.now, self._cause))
            self._guarded(lambda: self._wake(unit))

    def _wake(self, unit: Firmware) -> None:
        if self._restless.woken(self._timeline.now):
            raise RuntimeError(f"{MOST_STEPS_A_MS} steps within a millisecond, now {unit.cause}")
        self._step(unit)

    def _step(self, unit: Firmware) -> None:
        self._alarm.set(unit.step(self.ticks))
        self._cause = unit.cause

    def _guarded(self, first: Callable[[], None] | None = None) -> None:
        """Do `first`, then take what came in meanwhile; the unit's errors name the instant."""
        self._busy = True
        try:
            if first is not None:
                first()
            while self._inbox and self._unit is not None:
                kind, arg, wire = self._inbox.popleft()
                self.wakes.append((self._timeline.now, EVENTS[kind]))
                self._unit.event(self.ticks, kind, arg, wire)
                self._step(self._unit)
        except Exception as error:
            self.crashed = True
            self.stop()
            raise FirmwareCrashError(
                f"the firmware raised {error!r} at {self._timeline.now} ms of virtual time"
            ) from error
        finally:
            self._busy = False
