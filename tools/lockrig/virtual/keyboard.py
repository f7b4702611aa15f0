"""What is typed while a virtual board runs in the foreground, line by line, until ctrl-C.

What a line does is the caller's.
"""

import selectors
import sys
import time
from collections.abc import Callable

_LOOK_S = 0.2


def serve(failed: Callable[[], object], act: Callable[[list[str]], str], helps: str) -> None:
    """Do what is typed until ctrl-C, or until `failed()`; without a keyboard, wait for that.

    `act` is given a line's words, and gives what to say.
    """
    if not sys.stdin.isatty():
        while not failed():
            time.sleep(_LOOK_S)
        return
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin, selectors.EVENT_READ)
        while not failed():
            if not selector.select(_LOOK_S):
                continue
            line = sys.stdin.readline()
            if not line:
                selector.unregister(sys.stdin)
            elif words := line.split():
                print(helps if words == ["help"] else act(words), flush=True)  # noqa: T201 a dialogue
