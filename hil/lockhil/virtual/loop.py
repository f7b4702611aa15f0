"""Runs a unit in the real MicroPython: `locksim`'s main loop, in another process.

One input at a time goes in, as in `locksim.mainloop`. `VirtualLoop` lives on the virtual clock:
while the board computes no time passes, and when it waits its deadline is handed to the world,
which says what happened next.
"""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from lockhil.virtual.child_process import ChildGoneError, ChildProcess, SilentChild
from lockhil.virtual.dialogue import EDGE, RADIO, Dialogue
from lockhil.virtual.protocol import Message
from lockhil.virtual.radioport import NoAir, RadioPort
from lockhil.virtual.soldered import Soldered
from lockhil.virtual.wires import Wires
from locksim.board import SimBoard
from locksim.mainloop import EVENTS, MOST_STEPS_A_MS, TICKS_PERIOD, FirmwareCrashError, Restless
from locksim.timeline import Alarm, Timeline
from lockunit.settings import Settings

# Which of the firmware's timers it was can't be seen from outside.
DEADLINE = "deadline"
_CAUSES = {**EVENTS, RADIO: "event.radio", EDGE: "event.edge"}
# So much happens in no unit's turn; it would never end.
MOST_MESSAGES = 100_000


class BoardLoop:
    """What a board on either clock has: inputs in their order, its deadline, its watchdog.

    `child` starts a process of it. `radio`: what is around it. `on_reset` is told the cause when
    the board resets itself.
    """

    def __init__(
        self,
        timeline: Timeline,
        wiring: dict[str, Any],
        child: Callable[[], ChildProcess],
        on_flash: Callable[[Message], None] | None = None,
        radio: RadioPort | None = None,
    ) -> None:
        self._timeline = timeline
        self._radio = radio or NoAir()
        self._wiring = wiring
        self._new_child = child
        self._on_flash = on_flash
        self.child: ChildProcess | None = None
        self.dialogue: Dialogue | None = None
        self._alarm = Alarm(timeline, self._due)
        self._watchdog = Alarm(timeline, lambda: self.on_reset("watchdog"))
        self._inbox: deque[tuple[int, int | bytes]] = deque()
        self._booted_at = 0
        self._ticks_at_boot = 0
        self.on_reset: Callable[[str], None] = lambda _: None
        self.crashed = False
        self.wakes: list[tuple[int, str]] = []

    @property
    def running(self) -> bool:
        """Whether the unit is up."""
        return self.child is not None

    @property
    def stopped(self) -> bool:
        """Whether it is down and could be started; a unit that crashed stays down."""
        return not (self.running or self.crashed)

    @property
    def waiting(self) -> bool:
        """Whether its program waits for time to pass, or for something to happen."""
        return self.dialogue is not None and self.dialogue.waiting

    @property
    def backlog(self) -> int:
        """How many inputs wait for the unit to take them in."""
        return len(self._inbox)

    @property
    def ticks(self) -> int:
        """The unit's clock: milliseconds with a period of 2**30."""
        return (self._ticks_at_boot + self._timeline.now - self._booted_at) % TICKS_PERIOD

    def start(self, board: SimBoard, settings: Settings, ticks: int) -> None:  # noqa: ARG002 on disk
        """Boot the unit; its clock begins at `ticks`."""
        self.power_on(Wires(self._wiring, board), ticks)

    def power_on(self, soldered: Soldered, ticks: int = 0) -> None:
        """Start the board in these surroundings; its clock begins at `ticks`."""
        self._booted_at, self._ticks_at_boot = self._timeline.now, ticks % TICKS_PERIOD
        self.child = self._new_child()
        self.dialogue = Dialogue(
            soldered,
            self._wiring["link"]["uart"],
            self.child.send,
            lambda: self.ticks,
            self._radio,
        )
        self._radio.attach(lambda data: self.event(RADIO, data))
        self.dialogue.on_feed = self._watchdog.set
        if self._on_flash is not None:
            self.dialogue.on_flash = self._on_flash
        # Once the board waits: it can't be taken away while it is being listened to.
        self.dialogue.on_reset = lambda: self._timeline.after(0, lambda: self.on_reset("soft"))
        self.go_on()

    def stop(self) -> None:
        """The unit is gone, with all it had in memory: its process is killed."""
        if self.child is not None:
            self.child.kill()
            self._radio.detach()
        self.child = self.dialogue = None
        self._inbox.clear()
        self._alarm.set(-1)
        self._watchdog.set(-1)

    def event(self, kind: int, arg: int | bytes, wire: int = 0) -> None:  # noqa: ARG002 serial
        """An input changed. While the unit computes it waits its turn."""
        if not self.running:
            return
        self._inbox.append((kind, arg))
        if self.waiting:
            self.go_on()

    def _due(self) -> None:
        if self.dialogue is not None and self.dialogue.waiting:
            self.wakes.append((self._timeline.now, DEADLINE))
            self.dialogue.time_out()
            self.go_on()

    def go_on(self) -> None:
        """If the board waits, end that by what came in, or else note its deadline."""
        dialogue = self.dialogue
        if dialogue is None or not dialogue.waiting:
            return
        if self._inbox:
            kind, arg = self._inbox.popleft()
            self.wakes.append((self._timeline.now, _CAUSES[kind]))
            dialogue.happen(kind, arg)
        else:
            self._alarm.set(dialogue.wait_ms)


class VirtualLoop(BoardLoop):
    """A board on the world's virtual clock; `disk` is its flash, which outlives every start.

    `on_flash`: told of each write to it beforehand; if it raises, that is where the board stands.
    """

    def __init__(
        self,
        timeline: Timeline,
        wiring: dict[str, Any],
        disk: Path,
        on_flash: Callable[[Message], None] | None = None,
        radio: RadioPort | None = None,
    ) -> None:
        super().__init__(
            timeline,
            wiring,
            lambda: SilentChild(disk, watched=on_flash is not None),
            on_flash,
            radio,
        )
        self._listening = False
        self._restless = Restless()

    def _due(self) -> None:
        if self._restless.woken(self._timeline.now):
            self._crash(f"it woke {MOST_STEPS_A_MS} times within a millisecond")
        super()._due()

    def go_on(self) -> None:
        """Serve the board until it waits and nothing more has come in."""
        if self._listening:
            return
        self._listening = True
        try:
            super().go_on()
            while self.dialogue is not None and not self.dialogue.waiting:
                self._listen(self.dialogue)
                super().go_on()
        finally:
            self._listening = False

    def _listen(self, dialogue: Dialogue) -> None:
        """Serve the board until it waits. FirmwareCrashError."""
        assert self.child is not None
        try:
            for _ in range(MOST_MESSAGES):
                if dialogue.waiting:
                    return
                dialogue.serve(self.child.receive())
            self._crash(f"it asked and told {MOST_MESSAGES} times without waiting")
        except ChildGoneError as error:
            self._crash(str(error))

    def _crash(self, why: str) -> NoReturn:
        self.crashed = True
        self.stop()
        raise FirmwareCrashError(
            f"the firmware ended at {self._timeline.now} ms of virtual time: {why}"
        ) from None
