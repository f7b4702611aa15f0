"""One connection in the air: its two ends meet every so often, and hand over what they have.

A meeting takes place only while something is to be handed over; that the two are still there is
computed, not tried.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from lockhil.radio.path import Path
from lockhil.radio.worldloop import WorldLoop

if TYPE_CHECKING:
    from lockhil.radio.controller import Radio

# Packets of up to 251 bytes that one end hands over at one meeting, as common controllers do.
A_MEETING = 4
TIMED_OUT = 0x08


@dataclass(slots=True)
class Packet:
    """`arrive` at the other end; `gone`: the sender has it off his hands."""

    arrive: Callable[[], None]
    gone: Callable[[], None] = lambda: None


class Link:
    """Between a central and a peripheral, from its first meeting on.

    `path` is asked for what lies between them.
    """

    def __init__(
        self,
        loop: WorldLoop,
        chance: Random,
        path: Callable[[], Path],
        ends: dict["Radio", int],
    ) -> None:
        self._loop = loop
        self._chance = chance
        self._path = path
        now = path()
        self.interval_ms, self.supervision_ms = now.interval_ms, now.supervision_ms
        self._anchor_ms = self._now_ms()
        # Who is still there, and the handle of the connection at his end.
        self.ends = ends
        self._queues: dict[Radio, deque[Packet]] = {radio: deque() for radio in ends}
        self._meeting: asyncio.TimerHandle | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._shut_since_ms: float | None = None
        self.changed()

    def _now_ms(self) -> float:
        return self._loop.time() * 1_000

    @property
    def _open(self) -> bool:
        return len(self.ends) == 2 and self._path().open

    def peer(self, radio: "Radio") -> "Radio | None":
        """The other end, if it is still there."""
        return next((end for end in self.ends if end is not radio), None)

    def send(self, sender: "Radio", packet: Packet) -> None:
        """Hand it over at the next meeting, or whenever it first arrives."""
        self._queues[sender].append(packet)
        self._arrange()

    def update(self, interval_ms: float, supervision_ms: int) -> None:
        """Meet at another pace."""
        self.interval_ms, self.supervision_ms = interval_ms, supervision_ms
        self._anchor_ms = self._now_ms()
        self.changed()

    def changed(self) -> None:
        """What lies between them is another: think again about when they meet."""
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
        now = self._now_ms()
        silence: float | None
        if self._open:
            self._shut_since_ms = None
            silence = self._path().silence_ms(self._chance, self.interval_ms, self.supervision_ms)
        else:
            if self._shut_since_ms is None:
                self._shut_since_ms = now
            silence = max(0.0, self._shut_since_ms + self.supervision_ms - now)
        if silence is not None:
            self._silence = self._loop.call_later(silence / 1_000, self._silent)
        self._arrange()

    def vanish(self, radio: "Radio") -> None:
        """That end is gone without a word."""
        self.ends.pop(radio, None)
        self._queues[radio].clear()
        if self.ends:
            self.changed()
        else:
            self.close()

    def close(self) -> None:
        """It is over; nothing of it happens any more."""
        self.ends.clear()
        for timer in (self._meeting, self._silence):
            if timer is not None:
                timer.cancel()
        self._meeting = self._silence = None
        for queue in self._queues.values():
            queue.clear()

    def _arrange(self) -> None:
        wanted = self._open and any(self._queues.values())
        if not wanted and self._meeting is not None:
            self._meeting.cancel()
            self._meeting = None
        elif wanted and self._meeting is None:
            passed = self._now_ms() - self._anchor_ms
            at = self._anchor_ms + (math.floor(passed / self.interval_ms) + 1) * self.interval_ms
            self._meeting = self._loop.call_at(at / 1_000, self._meet)

    def _meet(self) -> None:
        self._meeting = None
        for queue in self._queues.values():
            # What is handed over leads to more, and that waits for the next meeting.
            for _ in range(min(A_MEETING, len(queue))):
                if not queue or not self._path().arrives(self._chance):
                    break
                packet = queue.popleft()
                packet.arrive()
                packet.gone()
        self._arrange()

    def _silent(self) -> None:
        ends = dict(self.ends)
        self.close()
        for radio, handle in ends.items():
            radio.left(handle, TIMED_OUT)
