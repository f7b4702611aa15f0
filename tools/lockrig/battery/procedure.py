"""A battery change, step by step: which comes next, and what each input makes of it.

Pure: it is fed with texts, keys, answers and what the unit says, and never looks at a screen, a
clock, a disk or a link. Whoever drives it does what `step` asks for and reports back; an input that
doesn't fit the step changes nothing. How the cover may come off is `gate`'s; from there on:
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from lockrig.battery.change import DOOR, HANDS, Run, Seen, Step
from lockrig.battery.course import Answer
from lockrig.battery.ending import Ending
from lockrig.battery.gate import Gatekeeping

# A unit takes over no begin record that is older.
ADOPTED_WITHIN = timedelta(days=1)
_HANDS = dict(zip(HANDS[1:], (*HANDS[2:], Step.WAIT), strict=True))
_GIVE_UP = (Step.CONFIRM, Step.RUNS, Step.CLOSE)


class Procedure(Gatekeeping):
    """One change of one unit's battery, from its label to its receipt."""

    def __init__(self, role: str, case: str, now: datetime, ident: str = "") -> None:
        super().__init__(role, case, now, ident)
        self.last: dict[str, Any] = {}
        """The last run; see `Run.evidence`."""

    def next_command(self) -> str:
        """The method that moves the bolt to its other end."""
        seen = self.seen
        if seen is not None and seen.kind != DOOR:
            return "bolt.release"
        return "bolt.lock" if seen is None or seen.bolt != "LOCKED" else "bolt.unlock"

    def counts(self) -> tuple[int, int, int]:
        """Locks, unlocks, and how many of each are needed."""
        needed = self.seen.needed if self.seen else 5
        return self.change.locks, self.change.unlocks, needed

    def choose(self, key: str) -> None:
        """A key of the present screen: "enter", "again", "later" or "give_up"."""
        if key == "enter" and self.step in _HANDS:
            self.hint = ""
            self._go(_HANDS[self.step])
        elif key == "enter" and self.step is Step.RUNS:
            self.hint = ""
            self.step = Step.RUN
        elif key == "enter" and self.step is Step.CLOSE:
            self.hint = ""
            self._go(Step.PROVE)
        elif key == "later" and self.step is Step.WAIT:
            self.end(Ending.NO_CONTACT)
        elif key == "give_up" and self.step in _GIVE_UP:
            self._go(Step.CANCEL)
        else:
            super().choose(key)

    def answer(self, answer: str) -> None:
        """A question was answered "yes", "no" or "unsure"."""
        if self.step is Step.SIGNS_AGAIN:
            if answer == "no":
                self._go(Step.NEW if self.change.out else Step.OUT)
            else:
                self._finish(Ending.DANGER, "danger")
        elif self.step is Step.CONFIRM:
            if answer == "yes":
                self.step = Step.REGISTER
            else:
                self._go(Step.NEW)
        else:
            super().answer(answer)

    def reached(self, seen: Seen) -> None:
        """The unit is in contact, and says so much."""
        if self.step not in (Step.WAIT, Step.RUNS):
            super().reached(seen)
        elif not self._other(seen.unit):
            self.seen = seen
            changed = replace(self.change, kind=seen.kind, firmware=seen.firmware)
            if self.change.swaps is None:
                changed = replace(changed, swaps=seen.swaps)
            self.change = changed
            if not self._stands(seen.ground) and not self._takes_over(seen):
                self._by_phase(seen)

    def unreached(self, why: str) -> None:
        """There is no contact, or it was lost."""
        self.why = why
        if self.step in (Step.ADOPT, Step.REGISTER, Step.RUNS, Step.RUN, Step.PROVE):
            # Whatever was asked last isn't asked again by itself: first the unit tells.
            self.hint = "lost"
            self._go(Step.WAIT)
        elif self.step is Step.CANCEL:
            self.end(Ending.NO_CONTACT)
        else:
            super().unreached(why)

    def no_target(self) -> None:
        """Nobody knows where the unit could be reached."""
        if self.step is Step.WAIT:
            self.end(Ending.NEEDS_TARGET)

    def adopted(self, answer: Answer) -> None:
        """What was begun without contact was handed over, and the unit answered."""
        if self.step is not Step.ADOPT or self._refused_for(answer):
            return
        result = answer.get("result")
        if result == "done":
            self._go(Step.CONFIRM, announced=True, adopted=True)
        elif result == "OPEN":
            self._go(Step.WAIT)
        elif result == "BUSY":
            self._busy(Step.ADOPT)
        else:
            self._refuse(answer)

    def registered(self, answer: Answer) -> None:
        """The change was registered, or not."""
        if self.step is not Step.REGISTER or self._refused_for(answer):
            return
        result = answer.get("result")
        if result == "done":
            self._go(Step.RUNS, locks=0, unlocks=0)
        elif result == "NOT_BEGUN":
            self._go(Step.WAIT)
        else:
            self.hint, self.why = "again", str(result)
            self._go(Step.CONFIRM)

    def ran(self, run: Run) -> None:
        """A run was commanded, and ended."""
        if self.step is not Step.RUN:
            return
        self.last = run.evidence()
        locks = _count(run.step.get("locks"), self.change.locks)
        unlocks = _count(run.step.get("unlocks"), self.change.unlocks)
        if self.seen is not None:
            self.seen = replace(self.seen, bolt=run.bolt, locks=locks, unlocks=unlocks)
        runs = (*self.change.runs, self.last)
        if self._stands(run.ground):
            return
        enough = min(locks, unlocks) >= self.counts()[2]
        self._go(Step.CLOSE if enough else Step.RUNS, locks=locks, unlocks=unlocks, runs=runs)

    def closed(self, answer: Answer, report: Answer) -> None:
        """The proof under load was asked for: the unit's answer, and its report afterwards."""
        if self.step is not Step.PROVE:
            return
        result = answer.get("result")
        if result == "done":
            self._finish(Ending.DONE, "done", load=dict(report))
        elif self._refused_for(answer):
            return
        elif result in ("NOT_BEGUN", "NOT_COUNTED"):
            self._go(Step.WAIT)
        else:
            self.hint, self.why = "unproved", str(answer.get("cause") or result)
            self._go(Step.CLOSE)

    def cancelled(self, answer: Answer) -> None:
        """It was given up at the unit, too."""
        if self.step is Step.CANCEL:
            self._finish(Ending.GIVEN_UP, "cancelled")
        else:
            super().cancelled(answer)

    def _by_phase(self, seen: Seen) -> None:
        """Where the unit is with this change, and so we are."""
        if seen.phase == "replaced":
            self._counting(seen)
        elif self.step is Step.RUNS:
            self._go(Step.WAIT)
        elif seen.phase == "out":
            self._go(Step.CONFIRM)
        elif seen.phase == "begun":
            self.hint = "never_out"
            self._go(Step.APART)
        else:
            self._without(seen)

    def _counting(self, seen: Seen) -> None:
        enough = min(seen.locks, seen.unlocks) >= seen.needed
        counts: dict[str, Any] = {"locks": seen.locks, "unlocks": seen.unlocks}
        if enough:
            self._go(Step.CLOSE, **counts)
        elif self.step is Step.WAIT:
            self._go(Step.RUNS, **counts)
        else:
            self.change = replace(self.change, **counts)

    def _without(self, seen: Seen) -> None:
        """The unit knows of no change: it was closed, or begun without it, or it forgot."""
        change = self.change
        gate = change.gate
        proved = "prove" in change.times and change.swaps is not None
        if proved and change.swaps is not None and seen.swaps > change.swaps:
            self._finish(Ending.DONE, "done", load=dict(seen.report))
        elif gate and gate.kind != "fresh" and self.now - gate.at <= ADOPTED_WITHIN:
            self.step = Step.ADOPT
        else:
            self._finish(Ending.FORGOTTEN, "forgotten")

    def _refused_for(self, answer: Answer) -> bool:
        """Go on where that leads if the unit refuses for a suspicion, or knows of no power loss."""
        if answer.get("result") == "NOT_AUTHORISED":
            self.why = str(answer.get("ground", ""))
            self.end(Ending.MEASURED)
            return True
        if self._stands(answer.get("ground")):
            return True
        if answer.get("result") == "NOT_REMOVED":
            self.hint = "never_out"
            self._go(Step.APART)
            return True
        return False


def _count(told: object, before: int) -> int:
    return told if isinstance(told, int) and not isinstance(told, bool) else before
