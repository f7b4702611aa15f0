"""Ctrl-C and its kin as a wish: noted when it comes, granted between two lines.

It ends nothing itself; whoever listens looks at `asked`.
"""

import signal
import threading
from types import FrameType
from typing import Any

# A closed terminal and a plain `kill` may end it as well; Windows lacks the first.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_SIGNALS = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


class Stop:
    """Notes the signals while it is open; a second one no longer waits."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Stop":
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                # Who started it under `nohup` doesn't want it to end.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 Python's own
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
