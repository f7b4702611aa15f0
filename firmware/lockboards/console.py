"""The console of a production unit: closed, but for the one start that a service session asked for.

A unit with a lock's key is one. boot.py asks here; what a console shows else is the port's.
"""

import os
import sys
import time

import machine

from lockboards import first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from lockboards.files import Files

# So long the console stays open, where nobody comes: a start may last for years.
OPEN_MS = 15 * 60_000
# A unit that ends at every start mustn't empty its pack by starting.
_PAUSE_MS = 10_000

_opened = _closed = False


def opened() -> bool:
    """Whether this start is one with an open console, of a unit that has none else."""
    return _opened


def closed() -> bool:
    """Whether nobody can interrupt this start."""
    return _closed


def opens(files: "Files") -> bool:
    """Whether the console may open in this start. What asked for it is used up first.

    So a power cut at any moment leaves at most a console that doesn't open.
    """
    global _opened  # noqa: PLW0603 one board, so one console
    try:
        first.begin()
    except (OSError, ValueError, KeyError):
        pass  # the unit itself will say so
    from lockunit import maintenance  # noqa: PLC0415 not before the button is watched

    try:
        stored = files.fetch(maintenance.STORED_AS)
        if stored is None:
            return False
        files.remove(maintenance.STORED_AS)
        if files.fetch(maintenance.STORED_AS) is not None:
            return False
    except OSError:
        return False  # it would be there at the next start too
    _opened = maintenance.asks(stored)
    return _opened


def run_closed(main: "Callable[[], None]") -> None:
    """Run the unit; what ends it leads into a reset, never to a prompt. Never returns."""
    global _closed  # noqa: PLW0603 one board, so one console
    _closed = True
    try:
        if hasattr(os, "dupterm"):
            os.dupterm(None)  # a second console, say on the network
        main()
    except BaseException as error:
        sys.print_exception(error)
    time.sleep_ms(_PAUSE_MS)
    machine.reset()
