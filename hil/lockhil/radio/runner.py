"""How coroutines run from plain code, on whichever clock the air lives by."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Runner(Protocol):
    """Lets the air's time pass."""

    @property
    def now_ms(self) -> int:
        """Milliseconds on the air's clock."""

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        """The coroutine's result; time passes until there is one."""

    def wait(self, done: Callable[[], bool], timeout_ms: int) -> bool:
        """Let time pass until `done()`, at most so long; says whether it was done."""


class ThreadRunner:
    """On the wall's clock, in a thread of its own."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="radio", daemon=True)
        self._thread.start()

    @property
    def now_ms(self) -> int:
        return int((time.monotonic() - self._began) * 1_000)

    def run(self, coro: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coro, self._loop).result()

    def wait(self, done: Callable[[], bool], timeout_ms: int) -> bool:
        until = time.monotonic() + timeout_ms / 1_000
        while not done():
            left = until - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(0.005, left))
        return True

    def close(self) -> None:
        """End the thread and its loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
