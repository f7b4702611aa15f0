"""Drives a battery change: keys in, screens out, the unit asked, everything on disk in time.

It does what the procedure's step asks for and decides nothing itself.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from lockrig.battery.asking import Asking
from lockrig.battery.change import DESK, Gate, Step
from lockrig.battery.choices import choice_keys
from lockrig.battery.ending import Ending
from lockrig.battery.kept import Kept
from lockrig.battery.procedure import Procedure
from lockrig.battery.receipt import document
from lockrig.battery.screens import screen, title
from lockrig.battery.unit import Unit
from lockrig.battery.watched import Watched
from lockrig.diagnose.driver import Driver as Diagnosis
from lockrig.diagnose.driver import type_line
from lockrig.diagnose.keeping import now
from lockrig.diagnose.printer import Printer
from lockrig.diagnose.procedure import Procedure as Diagnosing
from lockrig.diagnose.screens import answer_keys
from lockrig.diagnose.terminal import InterruptedByUserError, RealClock, Terminal
from lockrig.records.sealed import DamagedRecordError
from lockrig.records.standing import Standing
from lockrig.records.store import Attempt, BusyError, UnitRecords, open_unit

# How often the unit is looked at while somebody works on it, and time is told.
TURN_S = 1.0
_TYPED = (Step.LABEL, Step.LABEL_AGAIN, Step.CASE)
_LIVE = (Step.COVER, Step.WAIT, Step.RUNS)
_SHOWN = (Step.BEGIN, Step.ADOPT, Step.REGISTER, Step.RUN, Step.PROVE, Step.CANCEL, Step.ABANDON)


class Driver:
    """One run of one procedure in a terminal, for the unit at `target` (its name), if any."""

    def __init__(
        self,
        procedure: Procedure,
        folder: Path,
        out: TextIO,
        unit: Unit | None,
        target: str | None,
        *,
        clock: RealClock | None = None,
    ) -> None:
        self.procedure = procedure
        self.attempt: Attempt | None = None
        self.kept: Kept | None = None
        self._folder = folder
        self._out = out
        self._unit = unit
        self._target = target
        self._training = unit is not None and unit.target is not None
        self._printer = Printer(out, training=self._training, title=title())
        self._clock = clock or RealClock()
        self._records: UnitRecords | None = None
        self._drawn: tuple[Step, list[str]] | None = None
        self._since_ms = 0

    def run(self, terminal: Terminal) -> None:
        """Until the procedure's end; whoever calls shows the result."""
        self._terminal = terminal
        with ExitStack() as self._held:
            try:
                while self.procedure.step is not Step.END:
                    self._turn()
                    self._step()
            except InterruptedByUserError:
                self.procedure.end(Ending.INTERRUPTED)
            if self._unit is not None:
                self._unit.close()

    def _step(self) -> None:
        step = self.procedure.step
        if step in _TYPED:
            self.procedure.text(type_line(self._terminal, self._show))
        elif step is Step.RECORDS:
            self._look_up()
        elif step in (Step.KEEP, Step.RECEIPT):
            self._keep(step)
        elif step is Step.DIAGNOSE:
            self._diagnose()
        elif step is Step.CONTACT or step in _SHOWN:
            self._show()
            Asking(self._unit, self.procedure).do(step)
        else:
            self._people(step)

    def _turn(self) -> None:
        """Tell the procedure and the unit what time it is."""
        self.procedure.turn(now())
        if self._unit is not None:
            self._unit.turn(self._clock.ms())

    def _people(self, step: Step) -> None:
        """What a person has to do or say; meanwhile the unit is looked at where that matters."""
        self._since_ms = self._clock.ms()
        key = self._key(live=step in _LIVE)
        self._turn()
        answer = answer_keys().get(key)
        choice = choice_keys().get(key)
        if self.procedure.step is not step or not key:
            return
        if choice is not None:
            if step is Step.NEW and choice == "enter" and self._unit is not None:
                self._unit.change_pack()
            self.procedure.choose(choice)
        elif isinstance(answer, str):
            self.procedure.answer(answer)
            if self.procedure.ending is Ending.DANGER and self._records is not None:
                self._danger(self._records)

    def _danger(self, records: UnitRecords) -> None:
        try:
            records.danger(now())
        except OSError:
            self.procedure.unsaved = True

    def _key(self, *, live: bool) -> str:
        """The next key; "" if the unit or the time has led elsewhere meanwhile."""
        step = self.procedure.step
        self._terminal.drop()
        if live and step is Step.WAIT:
            Asking(self._unit, self.procedure).do(step)
        while self.procedure.step is step:
            self._show()
            keys = self._terminal.keys(TURN_S)
            if keys:
                return keys[0].lower()
            self._turn()
            if live:
                Asking(self._unit, self.procedure).do(step)
        return ""

    def _show(self, typed: str = "") -> None:
        label = ""
        if self._unit is not None and self._unit.target is not None:
            label = self._unit.target.unit_id.upper()
        waited_s = (self._clock.ms() - self._since_ms) // 1_000
        drawn = screen(self.procedure, typed, label, waited_s)
        shown = (self.procedure.step, drawn.lines)
        if shown != self._drawn:
            self._drawn = shown
            self._printer.show(self._terminal, drawn, self.procedure.change.unit)

    def _look_up(self) -> None:
        try:
            opened = open_unit(self._folder, self.procedure.change.unit, training=self._training)
            records = self._records = self._held.enter_context(opened)
            self.kept = Kept(records)
            self._take_up(records, self.kept)
        except BusyError:
            self.procedure.end(Ending.BUSY)
        except OSError:
            self.procedure.end(Ending.UNWRITABLE)

    def _take_up(self, records: UnitRecords, kept: Kept) -> None:
        standing, saved = records.standing(now()), None
        try:
            saved = kept.load()
        except DamagedRecordError as error:
            standing = Standing("damaged", file=str(error))
            if self.procedure.change.role == DESK:
                kept.set_aside()
        gate = saved.gate if saved else None
        proven = gate is not None and records.passed(gate.record)
        self.procedure.looked_up(standing, saved, proven=proven)

    def _keep(self, step: Step) -> None:
        assert self.kept is not None
        try:
            if step is Step.KEEP:
                self.kept.save(self.procedure.change)
            else:
                receipt = document(self.procedure, self._target, self._training)
                self.kept.finish(self.procedure.change, receipt)
                self._lift()
            self.procedure.kept()
        except OSError:
            self.procedure.unkept()

    def _lift(self) -> None:
        """The service desk has seen to the unit: what stood against it here is lifted."""
        procedure = self.procedure
        done = procedure.ending is Ending.DONE and procedure.change.role == DESK
        if done and procedure.before.desk and self._records is not None:
            self._records.clear(procedure.change.case, now())

    def _diagnose(self) -> None:
        """The same diagnosis as `lockrig diagnose`, of the unit whose label was typed."""
        assert self._records is not None
        diagnosing = Diagnosing(self._target, self._clock.resolution_ms)
        for _ in range(2):
            diagnosing.text(self.procedure.change.unit)
        contact = None
        if self._unit is not None:
            heard = self.procedure.seen is not None
            contact = Watched(self._unit, self._clock.ms(), heard=heard)
        printer = Printer(self._out, training=self._training)
        diagnosis = Diagnosis(
            diagnosing, printer, self._folder, self._clock, contact, records=self._records
        )
        self._drawn = None
        diagnosis.run(self._terminal)
        self.attempt = diagnosis.attempt
        self.procedure.turn(now())
        at = self.attempt.record.at if self.attempt else now()
        name = self.attempt.name if self.attempt else ""
        self.procedure.diagnosed(diagnosing.outcome, Gate("diagnosed", at, name))
