"""How a command ends: the exit codes, and the error that becomes one line and a code."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes, the same for every command."""

    PASSED = 0
    """Passed; in a diagnosis: the change is allowed."""
    FAILED = 1
    """Failed, or refused."""
    USAGE = 2
    """Wrong usage, or not a file of that kind."""
    SAFETY_STOP = 3
    """Do not open; call the service desk."""
    NO_CONTACT = 4
    """No contact, contact lost midway, busy, or inconclusive."""
    INTERRUPTED = 130
    """Ctrl-C."""


class LockrigError(Exception):
    """What went wrong in one line: what was expected, what came, what to do next."""

    def __init__(self, message: str, exit_code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code
