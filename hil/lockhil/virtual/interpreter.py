"""The real MicroPython on this machine: where it is, and what stands in for a board's modules.

It comes with the extra `virtual`; where there is no build for a machine, the target isn't run.
"""

import shutil
import sysconfig
from functools import cache
from pathlib import Path

from lockhil.bench import NotOnThisBenchError

CHILD = Path(__file__).parent / "child"


class NoInterpreterError(NotOnThisBenchError):
    """There is no MicroPython here; the message says what to install."""


@cache
def interpreter() -> str:
    """The path of `micropython`; NoInterpreterError."""
    scripts = sysconfig.get_path("scripts")
    found = shutil.which("micropython", path=scripts)
    if found is None:
        raise NoInterpreterError(
            "expected MicroPython's unix port beside this Python, found none in "
            f"{scripts}; install it: pip install 'lockrig[virtual]' (Linux x86-64, macOS arm64)"
        )
    return found
