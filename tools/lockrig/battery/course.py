"""What every step of a battery change shares: how it goes on, is kept, and ends.

Pure. Which step follows which is decided in `gate` and `procedure`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from lockrig.battery.change import BEFORE, DESK, HANDS, KEPT, Change, Seen, Step
from lockrig.battery.ending import Ending, exit_code
from lockrig.diagnose.outcome import Outcome
from lockrig.records.record import stamp
from lockrig.records.standing import Standing

Answer = Mapping[str, Any]
"""A unit's answer: `result`, and beside it `level`, `ground`, `cause`."""


class Course:
    """The state of one change of one unit's battery."""

    def __init__(self, role: str, case: str, now: datetime, ident: str = "") -> None:
        self.step = Step.LABEL
        self.change = Change(role=role, case=case, ident=ident)
        self.before = Standing()
        self.ending: Ending | None = None
        self.outcome: Outcome | None = None
        """The last diagnosis that was run here."""
        self.seen: Seen | None = None
        self.hint = ""
        """What went otherwise than it should, in a word of `wording`."""
        self.why = ""
        """The same in somebody else's words: why there is no contact, a unit's result."""
        self.unsaved = False
        self.now = now
        self._ident = ident
        self._still_in = False
        self._next = Step.LABEL
        self._retry = Step.CONTACT

    @property
    def exit_code(self) -> int:
        """What the command exits with; 0 comes of a change that the unit closed alone."""
        return exit_code(self.ending, self.outcome.exit_code if self.outcome else 0)

    def kept(self) -> None:
        """It is on disk."""
        if self.step is Step.KEEP:
            self.step = self._next
        elif self.step is Step.RECEIPT:
            self.step = Step.END

    def unkept(self) -> None:
        """It can't be put there: nothing is begun so, but what is open is brought to its end."""
        if self.step is Step.KEEP and self._next in BEFORE:
            self.end(Ending.UNWRITABLE)
        elif self.step in (Step.KEEP, Step.RECEIPT):
            self.unsaved = True
            self.kept()

    def end(self, ending: Ending) -> None:
        """It ends here; what is on disk stays there, for the next time."""
        if self.step not in (Step.RECEIPT, Step.END) and ending is not Ending.DONE:
            self.ending = ending
            self.step = Step.END

    def _go(self, step: Step, **changed: Any) -> None:
        self.change = replace(self.change, **changed)
        self.step = step
        if step in KEPT:
            key, times = step.name.lower(), dict(self.change.times)
            # A gate or a hand's step that is gone through anew counts from then on.
            if step in (*BEFORE, *HANDS) or key not in times:
                times[key] = stamp(self.now)
            self.change = replace(self.change, step=step, times=times)
            self._next, self.step = step, Step.KEEP

    def _finish(self, ending: Ending, result: str, **changed: Any) -> None:
        """It ends for good: with a receipt."""
        times = {**self.change.times, "ended": stamp(self.now)}
        self.change = replace(self.change, result=result, times=times, **changed)
        self.ending = ending
        self.step = Step.RECEIPT

    def _busy(self, retry: Step) -> None:
        self._retry = retry
        self.step = Step.BUSY

    def _refuse(self, answer: Answer) -> None:
        self.why = str(answer.get("result", ""))
        self.end(Ending.REFUSED)

    def _desk(self) -> bool:
        return self.change.role == DESK

    def _stands(self, ground: object) -> bool:
        """End if the unit tells of a ground that isn't this person's to deal with."""
        if ground in ("none", None) or self._desk():
            return False
        self.why = str(ground)
        self.end(Ending.MEASURED)
        return True

    def _other(self, unit: object) -> bool:
        """End if it isn't the unit whose label was typed."""
        if isinstance(unit, str) and unit.upper() == self.change.unit:
            return False
        self.why = str(unit)
        self.end(Ending.OTHER_UNIT)
        return True
