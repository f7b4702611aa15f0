"""The real MicroPython on this machine: how it starts, and what stands in for board modules.

It comes with the extra `virtual`; where there is no build for a machine, the target isn't run.
"""

import importlib.util
import sys
from functools import cache
from pathlib import Path

from lockhil.bench import NotOnThisBenchError

_HERE = Path(__file__).parent
CHILD = _HERE / "child"


class NoInterpreterError(NotOnThisBenchError):
    """There is no MicroPython here; the message says what to install."""


@cache
def interpreter() -> tuple[str, ...]:
    """The words that start MicroPython's unix port; its arguments follow. NoInterpreterError."""
    spec = importlib.util.find_spec("micropython_module")
    if spec is None or spec.origin is None:
        raise NoInterpreterError(
            "expected MicroPython's unix port in this environment, found none; "
            "install it: pip install 'lockrig[virtual]' (Linux x86-64, macOS arm64)"
        )
    folder = str(Path(spec.origin).parent)
    return (sys.executable, "-I", "-S", str(_HERE / "launch.py"), folder)
