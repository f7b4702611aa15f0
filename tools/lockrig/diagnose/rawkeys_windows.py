"""Single keys from a Windows console, unechoed. Interprets none of them."""

import sys
import time
from typing import Any

if sys.platform == "win32":
    import msvcrt

    def enter() -> Any:
        """Nothing to switch: the console gives single keys when asked for them."""

    def leave(_saved: Any) -> None:
        """Nothing to put back but what was typed and not read."""
        while msvcrt.kbhit():
            msvcrt.getwch()

    def read(timeout_s: float) -> bytes | None:
        """One key, as soon as there is one; b"" if there is none."""
        until = time.monotonic() + timeout_s
        while True:
            if msvcrt.kbhit():
                char = msvcrt.getwch()
                if char in "\x00\xe0":  # an arrow or function key: its second half says which
                    msvcrt.getwch()
                    return b""
                return char.encode("utf-8", "replace")
            if time.monotonic() >= until:
                return b""
            time.sleep(0.005)
