"""Reaching a unit for a command: what can go wrong there, as one line and an exit code.

What is then done with the unit is the command's.
"""

from contextlib import AbstractContextManager, ExitStack
from typing import TypeVar

from lockhil.bench import NotOnThisBenchError
from lockhil.firmware import FirmwareError
from lockhil.targets import UnknownTargetError, check_target
from lockhil.targets.realclock import ContactLostError
from lockrig.errors import Exit, LockrigError
from lockrig.trace.terminal import safe
from locksim.mainloop import FirmwareCrashError

# How the contact with a unit ends, wherever it is.
LOST = (ContactLostError, FirmwareCrashError)

T = TypeVar("T")


def known(name: str) -> str:
    """The target's name, if there can be such a target; LockrigError (usage)."""
    try:
        check_target(name)
    except UnknownTargetError as error:
        raise LockrigError(safe(str(error)), Exit.USAGE) from None
    return name


def enter(stack: ExitStack, opening: AbstractContextManager[T]) -> T:
    """What `opening` opens, until `stack` is closed; LockrigError."""
    try:
        return stack.enter_context(opening)
    except ValueError as error:
        raise LockrigError(one_line(error), Exit.USAGE) from None
    except (*LOST, NotOnThisBenchError, FirmwareError, OSError) as error:
        raise LockrigError(one_line(error), Exit.NO_CONTACT) from None


def one_line(error: Exception) -> str:
    """The error's message, safe for a terminal."""
    return safe(" ".join(str(error).split()))
