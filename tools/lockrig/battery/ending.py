"""How a battery change ended, and what the command exits with for it."""

from enum import Enum, auto

from lockrig.errors import Exit


class Ending(Enum):
    """How it ended."""

    DONE = auto()
    DESK = auto()  # the records leave the unit to the service desk
    DESKS_CHANGE = auto()  # the service desk began it: it is theirs
    MEASURED = auto()  # the unit has measured a ground of suspicion
    DANGER = auto()
    VERDICT = auto()  # the diagnosis didn't allow it: its own exit code
    UNIT_DOUBTS = auto()  # the unit's own diagnostic says otherwise
    OTHER_UNIT = auto()
    BUSY = auto()
    UNWRITABLE = auto()
    NO_CONTACT = auto()
    NEEDS_TARGET = auto()
    FORGOTTEN = auto()
    REFUSED = auto()
    GIVEN_UP = auto()
    INTERRUPTED = auto()


CODES = {
    Ending.DONE: Exit.PASSED,
    Ending.DESK: Exit.SAFETY_STOP,
    Ending.DESKS_CHANGE: Exit.SAFETY_STOP,
    Ending.MEASURED: Exit.SAFETY_STOP,
    Ending.DANGER: Exit.SAFETY_STOP,
    Ending.REFUSED: Exit.FAILED,
    Ending.GIVEN_UP: Exit.FAILED,
    Ending.INTERRUPTED: Exit.INTERRUPTED,
}
"""The rest: no contact, busy or inconclusive."""


def exit_code(ending: Ending | None, diagnosis: int) -> int:
    """The exit code; `diagnosis`: that of a diagnosis that allowed nothing."""
    if ending is None:
        return Exit.INTERRUPTED
    if ending is Ending.VERDICT:
        # Whatever it was: a diagnosis alone never ends a change well.
        return diagnosis or Exit.NO_CONTACT
    return CODES.get(ending, Exit.NO_CONTACT)
