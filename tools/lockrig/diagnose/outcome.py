"""How a diagnosis of one unit came out, and what the command exits with for it.

It holds what others found and keeps the two rules that bind them: a verdict counts when it is on
disk, and the second inconclusive one within 24 h is a safety stop.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

from lockjudge.trace import Trace
from lockjudge.verdict import Verdict
from lockrig.errors import Exit
from lockrig.records.standing import Standing


class Ending(Enum):
    """How it ended."""

    VERDICT = auto()  # the exit code is the verdict's
    DESK = auto()  # the records leave the unit to the service desk
    DANGER = auto()
    COLOURS = auto()
    BUSY = auto()
    UNWRITABLE = auto()
    INTERRUPTED = auto()


_CODES = {
    Ending.DESK: Exit.SAFETY_STOP,
    Ending.DANGER: Exit.SAFETY_STOP,
    Ending.COLOURS: Exit.NO_CONTACT,
    Ending.BUSY: Exit.NO_CONTACT,
    Ending.UNWRITABLE: Exit.NO_CONTACT,
    Ending.INTERRUPTED: Exit.INTERRUPTED,
}


@dataclass(slots=True)
class Outcome:
    """What is known of `unit` so far: `before`, how it stood; `recorded`, that its end is kept."""

    unit: str = ""
    before: Standing = field(default_factory=Standing)
    trace: Trace | None = None
    verdict: Verdict | None = None
    ending: Ending | None = None
    recorded: bool = False

    @property
    def second_inconclusive(self) -> bool:
        """Whether the verdict is the inconclusive one too many within 24 h."""
        inconclusive = self.verdict is not None and self.verdict.exit_code == Exit.NO_CONTACT
        return inconclusive and self.before.repeat

    @property
    def judged_code(self) -> int:
        """The exit code that goes on disk with the verdict; by itself it allows nothing."""
        if self.verdict is None:
            return Exit.INTERRUPTED
        return Exit.SAFETY_STOP if self.second_inconclusive else self.verdict.exit_code

    @property
    def exit_code(self) -> int:
        """What the command exits with; 0 (the change is allowed) comes only of a saved verdict."""
        if self.ending is None:
            return Exit.INTERRUPTED
        return _CODES.get(self.ending, self.judged_code)

    def saved(self) -> None:
        """The verdict is on disk."""
        if self.ending is None and self.verdict is not None:
            self.recorded = True
            self.ending = Ending.VERDICT

    def unsaved(self) -> None:
        """It can't be put there. A stop stands without a record; nothing else does."""
        if self.ending is None:
            stop = self.judged_code == Exit.SAFETY_STOP
            self.ending = Ending.VERDICT if stop else Ending.UNWRITABLE

    def end(self, ending: Ending) -> None:
        """It ends without a verdict."""
        if self.ending is None and ending is not Ending.VERDICT:
            self.ending = ending
