"""An event loop for asyncio whose time is a world's: no callback waits for anything real.

What is ready runs at once, at this instant of the world; a timer is a wake on the timeline. Who
lets the world's time pass (`World.run`) thereby runs this loop too.
"""

import asyncio
import logging
import math
from asyncio import events
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any, TypeVarTuple, Unpack

from locksim.timeline import Timeline

Ts = TypeVarTuple("Ts")
# So many callbacks run at no instant; it would never end.
MOST_AT_ONCE = 1_000_000
_LOG = logging.getLogger(__name__)


class WorldLoop(asyncio.BaseEventLoop):
    """The loop of one timeline. It is never started: the timeline runs it.

    An error in a callback comes out of whoever lets time pass.
    """

    def __init__(self, timeline: Timeline) -> None:
        super().__init__()
        self._timeline = timeline
        self._soon: deque[asyncio.Handle] = deque()
        self._woken = False
        self._error: BaseException | None = None

    def __del__(self) -> None:
        """Nothing was opened."""

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be the running loop, for code outside that calls what asks for one."""
        before = events._get_running_loop()
        events._set_running_loop(self)
        try:
            yield
        finally:
            events._set_running_loop(before)

    def time(self) -> float:
        return self._timeline.now / 1_000

    def is_running(self) -> bool:
        return events._get_running_loop() is self

    def call_soon(
        self,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append(handle)
        if not self._woken:
            # Once what runs now has returned: it may be in the middle of serving a board.
            self._woken = True
            self._timeline.after(0, self._run_soon)
        return handle

    # Whoever acts on a world from another thread holds its lock.
    call_soon_threadsafe = call_soon

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        ms = max(0, math.ceil(when * 1_000 - 1e-6) - self._timeline.now)
        self._timeline.after(ms, lambda: self._due(handle))
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Nothing: its wake finds it cancelled."""

    def _due(self, handle: asyncio.TimerHandle) -> None:
        if not handle.cancelled():
            self._soon.append(handle)
            self._run_soon()

    def _run_soon(self) -> None:
        self._woken = True
        try:
            with self.entered():
                for _ in range(MOST_AT_ONCE):
                    if not self._soon:
                        return
                    self._run_one(self._soon.popleft())
            raise RuntimeError(f"{MOST_AT_ONCE} callbacks at {self._timeline.now} ms, and no end")
        finally:
            self._woken = False
            if self._soon:
                self.call_soon(lambda: None)

    def _run_one(self, handle: asyncio.Handle) -> None:
        if not handle.cancelled():
            handle._run()
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def drain(self) -> None:
        """Run what is ready, now: its world ends."""
        if not self.is_running():
            self._run_soon()

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        if "handle" in context:
            self._error = context["exception"]
        else:
            _LOG.error("%s", context["message"], exc_info=context.get("exception"))
