"""The gate of a battery change: from the label to "take the cover off", or not.

Pure. There are two ways for the staff: the unit is in contact, its level fresh, nothing suspected,
and it agrees; or a diagnosis in this procedure came out as CHANGE_ALLOWED. The service desk may
answer for a pack by its case.
"""

from dataclasses import replace
from datetime import datetime

from lockrig.battery.change import AFTER, BEFORE, DESK, HANDS, Change, Gate, Seen, Step
from lockrig.battery.course import Answer, Course
from lockrig.battery.ending import Ending
from lockrig.diagnose.outcome import Ending as Diagnosis
from lockrig.diagnose.outcome import Outcome
from lockrig.records.record import normal_label
from lockrig.records.standing import Standing

LEVELS = ("GOOD", "CHANGE_SOON", "CHANGE_NOW")


class Gatekeeping(Course):
    """A change up to the moment when the cover comes off."""

    def text(self, typed: str) -> None:
        """A label or a case was typed."""
        if self.step is Step.LABEL:
            label = normal_label(typed)
            self.hint = "" if label else "label"
            if label:
                self._go(Step.LABEL_AGAIN, unit=label)
        elif self.step is Step.LABEL_AGAIN:
            same = normal_label(typed) == self.change.unit
            self.hint = "" if same else "differs"
            self._go(Step.RECORDS if same else Step.LABEL)
        elif self.step is Step.CASE:
            same = typed.strip() == self.change.case
            self.hint = "" if same else "case"
            if same:
                evidence = {"case": self.change.case, "suspicion": self._suspicion()}
                self._go(Step.SIGNS, gate=Gate("desk", self.now, evidence=evidence))

    def looked_up(self, found: Standing, saved: Change | None, *, proven: bool) -> None:
        """How the unit stands by its records, and what is open there.

        `proven`: the diagnosis that `saved` rests on is on record, and passed.
        """
        if self.step is not Step.RECORDS:
            return
        self.before = found
        self.step = Step.CONTACT
        if found.desk and not self._desk():
            self.end(Ending.DESK)
        elif saved is not None and saved.unit == self.change.unit:
            self._take_up(saved, proven=proven)

    def _take_up(self, saved: Change, *, proven: bool) -> None:
        open_ = saved.step is not Step.NO_CONTACT
        if open_ and saved.role == DESK and not self._desk():
            self.end(Ending.DESKS_CHANGE)
            return
        gate = saved.gate
        if gate is not None and gate.kind == "diagnosed" and not proven:
            gate = None
        mine = self.change
        self.change = replace(saved, role=mine.role, case=mine.case or saved.case, gate=gate)
        if open_:
            self.step = Step.RESUMED

    def turn(self, now: datetime) -> None:
        """It is `now` (UTC)."""
        self.now = now
        if self.step is Step.COVER and not self._gate_holds():
            self.hint = "expired"
            self._go(Step.CONTACT, gate=None)

    def kept(self) -> None:
        """It is on disk."""
        super().kept()
        self.turn(self.now)

    def reached(self, seen: Seen) -> None:
        """The unit is in contact, and says so much."""
        if self.step not in (Step.CONTACT, Step.COVER) or self._other(seen.unit):
            return
        self.seen = seen
        if self._stands(seen.ground):
            return
        if self.step is Step.COVER:
            self._still(seen)
        elif seen.phase == "":
            self._refuse({"result": "NO_METHOD"})
        elif self._takes_over(seen):
            return
        elif seen.phase == "replaced":
            self._go(Step.WAIT, announced=True)
        elif seen.phase == "out":
            # Who has said that it isn't out isn't asked again.
            self._pulled("no") if self._still_in else self._go(Step.PULLED)
        elif seen.phase == "begun":
            self._open_already()
        else:
            self._choose_gate(seen)

    def unreached(self, why: str) -> None:
        """There is no contact, or it was lost."""
        self.why = why
        gate = self.change.gate
        # What contact alone gave goes with it.
        own = gate is not None and gate.kind != "fresh" and gate.holds(self.now)
        if self.step is Step.COVER and not own:
            self.seen = None
            self.step = Step.PULLED
        elif self.step in (Step.CONTACT, Step.BEGIN) and own:
            self.seen = None
            self._go(Step.COVER)
        elif self.step in (Step.CONTACT, Step.BEGIN, Step.ABANDON):
            self._suspect()

    def choose(self, key: str) -> None:
        """A key of the present screen: "enter", "again", "later" or "give_up"."""
        if self.step is Step.RESUMED and key == "enter":
            self._resume()
        elif self.step is Step.NO_CONTACT and key in ("again", "enter"):
            on = Step.CASE if self._desk() else Step.DIAGNOSE
            self.step = Step.CONTACT if key == "again" else on
        elif self.step is Step.ELSEWHERE and key == "enter":
            self.step = Step.ABANDON
        elif self.step is Step.BUSY and key == "enter":
            self.step = self._retry
        elif self.step is Step.COVER and key == "enter" and self._gate_holds():
            self._go(Step.SIGNS_AGAIN)

    def answer(self, answer: str) -> None:
        """A question was answered "yes", "no" or "unsure"."""
        if self.step is Step.SIGNS:
            if answer == "no":
                on = Step.BEGIN if self.seen or not self._gate_holds() else Step.COVER
                self._go(on)
            else:
                self.end(Ending.DANGER)
        elif self.step is Step.PULLED:
            self._pulled(answer)

    def diagnosed(self, outcome: Outcome, gate: Gate) -> None:
        """A diagnosis was run, and came out so; `gate` has when its attempt began, and its name."""
        if self.step is not Step.DIAGNOSE:
            return
        self.outcome = outcome
        allowed = outcome.exit_code == 0 and outcome.ending is Diagnosis.VERDICT
        if not allowed or outcome.unit != self.change.unit or outcome.verdict is None:
            self.end(Ending.VERDICT)
            return
        evidence = {"verdict": outcome.verdict.outcome}
        passed = Gate("diagnosed", gate.at, gate.record, evidence)
        on = Step.BEGIN if passed.holds(self.now) else Step.CONTACT
        self._go(on, gate=passed, unreachable=False)

    def began(self, unit: object, answer: Answer, swaps: int | None = None) -> None:
        """The unit `unit` was told that a change begins, and answered."""
        if self.step is not Step.BEGIN or self._other(unit) or self._stands(answer.get("ground")):
            return
        result = answer.get("result")
        if result == "done" and (self._gate_holds() or self._fresh(answer)):
            self._go(Step.COVER, announced=True, swaps=swaps)
        elif result == "done":
            self._go(Step.ABANDON, announced=True, gate=None)
        else:
            self._not_begun(answer)

    def cancelled(self, answer: Answer) -> None:
        """What was begun before is given up."""
        if self.step is Step.ABANDON:
            if answer.get("result") in ("done", "NOT_BEGUN"):
                self._go(Step.CONTACT, announced=False)
            else:
                self._refuse(answer)

    def _gate_holds(self) -> bool:
        return self.change.gate is not None and self.change.gate.holds(self.now)

    def _fresh(self, answer: Answer) -> bool:
        """Pass the gate by fresh contact, if that is so."""
        good = answer.get("level") in LEVELS and answer.get("ground") == "none"
        if self.change.unreachable or not good or self.change.gate is not None:
            return False
        evidence = {"level": answer["level"], "ground": "none", "fresh": True}
        self.change = replace(self.change, gate=Gate("fresh", self.now, evidence=evidence))
        return True

    def _not_begun(self, answer: Answer) -> None:
        result, gate = answer.get("result"), self.change.gate
        if result == "BUSY":
            self._busy(Step.BEGIN)
        elif result == "OPEN":
            self.step = Step.ELSEWHERE
        elif result == "NOT_AUTHORISED":
            self.why = str(answer.get("ground", ""))
            self.end(Ending.MEASURED)
        elif result == "NOT_FRESH" and gate is not None and gate.kind == "desk":
            # The unit can't agree; the desk's own begin record stands, and is handed over later.
            self._go(Step.COVER)
        elif result == "NOT_FRESH":
            self.step = Step.CASE if self._desk() else Step.DIAGNOSE
        elif result == "NO_DIAGNOSTIC":
            self.end(Ending.UNIT_DOUBTS)
        else:
            self._refuse(answer)

    def _suspicion(self) -> str:
        if self.seen is not None and self.seen.ground != "none":
            return self.seen.ground
        return "unreachable" if self.change.unreachable else "not fresh"

    def _suspect(self) -> None:
        """No contact: a suspicion, whatever was told before."""
        self.seen = None
        self._go(Step.NO_CONTACT, unreachable=True, gate=None)

    def _takes_over(self, seen: Seen) -> bool:
        """What the staff had to leave under suspicion the service desk begins anew."""
        theirs = self._desk() and seen.role not in ("", DESK) and seen.ground != "none"
        if theirs and seen.phase in ("begun", "out", "replaced"):
            mine = Change(self.change.unit, self.change.role, self.change.case, self._ident)
            self.change = replace(mine, unreachable=self.change.unreachable)
            self.step = Step.ABANDON
            return True
        return False

    def _open_already(self) -> None:
        gate, announced = self.change.gate, self.change.announced
        if gate is not None and announced and self._gate_holds():
            self._go(Step.COVER)
        elif announced or gate is not None:
            self.step = Step.ABANDON
        else:
            self.step = Step.ELSEWHERE

    def _still(self, seen: Seen) -> None:
        """Contact while the cover is to come off."""
        if seen.phase == "out":
            self.step = Step.PULLED
        elif seen.phase == "none" and self.change.announced:
            self._go(Step.CONTACT, announced=False)

    def _choose_gate(self, seen: Seen) -> None:
        good = seen.fresh and seen.level in LEVELS and seen.ground == "none"
        gate = self.change.gate
        if gate is not None and gate.kind == "diagnosed" and self._gate_holds():
            self._go(Step.BEGIN)
        elif good and not self.change.unreachable:
            self._go(Step.SIGNS, gate=None)
        else:
            self._go(Step.CASE if self._desk() else Step.DIAGNOSE, gate=None)

    def _pulled(self, answer: str) -> None:
        out = self.seen is not None and self.seen.phase == "out"
        if answer == "yes":
            self._go(Step.SIGNS_AGAIN, out=True)
        elif out:
            self._still_in = False
            # Without anybody's hand it was without power: that is no good sign.
            self._go(Step.ABANDON, gate=None, unreachable=True)
        else:
            self._still_in = True
            self._suspect()

    def _resume(self) -> None:
        step = self.change.step
        if step in HANDS:
            self.step = step
        elif step in AFTER:
            self._go(Step.WAIT)
        elif step in BEFORE:
            self.step = Step.CONTACT
