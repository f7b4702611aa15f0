"""Runs coroutines for code that isn't one: on a world's clock, or in a thread on the wall's."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from lockhil.radio.worldloop import WorldLoop
from locksim.timeline import Timeline
from locksim.world import World

T = TypeVar("T")
# A coroutine that isn't done by then waits for something that won't happen.
MOST_MS = 3_600_000
_LOOK_S = 0.002


class Runner(Protocol):
    """Where Bluetooth's coroutines run."""

    @property
    def now_ms(self) -> int:
        """The clock: milliseconds."""

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        """Let time pass until the coroutine is done; its result, or what it raised."""

    def wait(self, done: Callable[[], bool], timeout_ms: int) -> bool:
        """Let time pass until `done()`, at most so long; whether it was."""


class WorldRunner:
    """On a world's clock, virtual or not: time passes in here and in `World.run` alone."""

    def __init__(self, timeline: Timeline, loop: WorldLoop) -> None:
        self._timeline = timeline
        self._loop = loop

    @property
    def now_ms(self) -> int:
        return self._timeline.now

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        """See `Runner.run`. TimeoutError after an hour; RuntimeError in the loop itself."""
        if self._loop.is_running():
            coro.close()
            raise RuntimeError("expected a call from outside the loop; inside it, await instead")
        task: asyncio.Task[T] = self._loop.create_task(coro)
        if not self.wait(task.done, MOST_MS):
            task.cancel()
            self._timeline.run()
            raise TimeoutError(f"not done after {MOST_MS // 1_000} s of the world's time: {coro}")
        return task.result()

    def wait(self, done: Callable[[], bool], timeout_ms: int) -> bool:
        return self._timeline.run_until(done, timeout_ms)


class Shared(Protocol):
    """A world that a thread lets run, as `virtual.realtime.RealBoard` does."""

    world: World

    @property
    def failure(self) -> BaseException | None:
        """What ended the world, if anything did."""

    def acting(self) -> AbstractContextManager[World]:
        """The world, now, and nobody else's meanwhile."""


class BoardRunner:
    """On the wall's clock, in the world of a board that runs in a thread; called from another."""

    def __init__(self, board: Shared, loop: WorldLoop) -> None:
        self._board = board
        self._loop = loop

    @property
    def now_ms(self) -> int:
        with self._board.acting() as world:
            return world.now

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        """See `Runner.run`. RuntimeError: the world broke meanwhile."""
        with self._board.acting():
            task: asyncio.Task[T] = self._loop.create_task(coro)
        try:
            while not self.wait(task.done, MOST_MS):
                pass
        finally:
            if not task.done():
                with self._board.acting():
                    task.cancel()
        return task.result()

    def wait(self, done: Callable[[], bool], timeout_ms: int) -> bool:
        def over() -> bool:
            if self._board.failure is not None:
                raise RuntimeError("the board's world broke") from self._board.failure
            return done()

        return _wait(over, timeout_ms)


class ThreadRunner:
    """On the wall's clock: a plain event loop in a thread of its own, from here to `close`."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self.loop.run_forever, name="radio", daemon=True)
        self._thread.start()

    @property
    def now_ms(self) -> int:
        return int((time.monotonic() - self._began) * 1_000)

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(coro, self.loop)
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise

    def wait(self, done: Callable[[], bool], timeout_ms: int) -> bool:
        return _wait(done, timeout_ms)

    def close(self) -> None:
        """End the loop, and what still runs in it."""
        asyncio.run_coroutine_threadsafe(self._cancel(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _cancel(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _wait(done: Callable[[], bool], timeout_ms: int) -> bool:
    until = time.monotonic() + timeout_ms / 1_000
    while not done():
        left = until - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(_LOOK_S, left))
    return True
