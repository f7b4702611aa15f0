"""One of the two boards where it is plugged in: its pins in the nets, its power, its starts.

Which clock its loop lives on is not its business.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from lockhil.virtual.dialogue import EDGE
from lockhil.virtual.loop import BoardLoop
from lockhil.virtual.pair.nets import Nets
from lockhil.virtual.soldered import RESET_CAUSES, Soldered
from locksim.board import RESETS
from locksim.rail import BOOT_MS
from locksim.timeline import Alarm, Timeline
from locksim.world import RX_PIECE
from lockunit import board as port


@dataclass(frozen=True, slots=True)
class Begin:
    """How a board begins: its clock at the first start, what its calendar shows at 0 ms (seconds
    since 1970; None: nobody set it), and where its random bytes come from."""

    ticks_start: int = 0
    utc_s: int | None = None
    seed: int = 0


class Place(Soldered):
    """A board's place, `side` of the nets; it runs while it is plugged in and has power."""

    def __init__(
        self,
        side: str,
        nets: Nets,
        timeline: Timeline,
        loop: BoardLoop,
        begin: Begin,
    ) -> None:
        self.side = side
        self._nets = nets
        self._timeline = timeline
        self.loop = loop
        self._random = Random(f"{begin.seed} {side}")  # noqa: S311 a simulation
        # Those that the board got so far.
        self.chances = b""
        self._ticks = begin.ticks_start
        self._start = Alarm(timeline, self.start)
        self._plugged, self._powered = True, True
        self._memory = 0
        self._utc_s = begin.utc_s
        self._cause = "power"
        self.boots = 0
        # Told the bytes that the board sends on its link.
        self.on_sent: Callable[[bytes], None] = lambda _: None
        loop.on_reset = self.reset

    # Its power.

    def power(self, *, on: bool) -> None:
        """Its supply is switched on or off."""
        self._powered = on
        self._settle()

    def plug(self, *, into: bool) -> None:
        """It is plugged in, or pulled out: with everything that it had in memory."""
        self._plugged = into
        self._settle()

    def _settle(self) -> None:
        if self._plugged and self._powered:
            if not self.loop.running:
                self._start.set(BOOT_MS)
            return
        self._start.set(-1)
        if self.boots:
            self._cause, self._memory, self._utc_s = "power", 0, None
        if self.loop.running:
            self.fall("gone")

    def start(self) -> None:
        """Start the board, if it has power."""
        self._start.set(-1)
        if self._plugged and self._powered and not self.loop.running:
            self.boots += 1
            self._nets.note(self.side, self._cause)
            self.loop.crashed = False
            ticks, self._ticks = self._ticks, 0
            self.loop.power_on(self, ticks)

    def reset(self, cause: str) -> None:
        """Reset it by one of `RESETS`; a no-op while it is down. ValueError."""
        if cause not in RESETS:
            raise ValueError(f"expected one of {', '.join(RESETS)}, got {cause!r}")
        if self.loop.running:
            if cause == "power":
                self._memory = 0
            self.fall(cause)
            self._cause = cause
            self._start.set(BOOT_MS)

    def fall(self, why: str) -> None:
        """It stops here and now, and lets go of its pins."""
        self._nets.note(self.side, why)
        self.loop.stop()
        self._nets.fall(self.side)

    def receive(self, data: bytes) -> None:
        """Bytes come in on its link, in a UART's pieces; lost while it is down."""
        for start in range(0, len(data), RX_PIECE):
            self.loop.event(port.EV_RX, data[start : start + RX_PIECE])

    def edge(self, pin: int, level: int) -> None:
        """An edge comes, once whoever made it waits."""
        self._timeline.after(0, lambda: self.loop.event(EDGE, pin << 1 | level))

    # What its program asks and tells.

    def set_up(self, pin: int, bits: int) -> None:
        self._nets.set_up(self.side, pin, bits)

    def drive(self, pin: int, level: int) -> None:
        self._nets.drive(self.side, pin, level)

    def modulate(self, pin: int, duty: int) -> None:
        self._nets.modulate(self.side, pin, duty)

    def level(self, pin: int) -> int:
        return self._nets.net(self.side, pin).level(self._timeline.now)

    def convert(self, pin: int) -> int | None:
        return self._nets.net(self.side, pin).voltage(self._timeline.now)

    def edges(self, kind: int, arg: int) -> list[tuple[int, int]]:  # noqa: ARG002 edges alone
        return [(arg >> 1, arg & 1)]

    def sent(self, data: bytes) -> None:
        self.on_sent(data)

    def advertise(self, interval_ms: int, advert: bytes, answer: bytes) -> None:
        """Nobody hears it."""

    def memory(self) -> int:
        return self._memory

    def keep(self, bits: int) -> None:
        self._memory = bits

    def cause(self) -> int:
        return RESET_CAUSES[RESETS[self._cause]]

    def calendar(self) -> int:
        return 0 if self._utc_s is None else self._utc_s + self._timeline.now // 1_000

    def set_calendar(self, seconds: int) -> None:
        self._utc_s = seconds - self._timeline.now // 1_000

    def random(self) -> bytes:
        drawn = self._random.randbytes(4)
        self.chances += drawn
        return drawn
