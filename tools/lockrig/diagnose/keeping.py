"""What every driver of a procedure does with its unit's records, be it a terminal's or a page's.

It does what the procedure's step asks of the disk and decides nothing itself; it knows no screen.
"""

from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

from lockrig.diagnose.contact import Contact
from lockrig.diagnose.outcome import Ending, Outcome
from lockrig.diagnose.procedure import Procedure, Step
from lockrig.diagnose.questions import Answer
from lockrig.diagnose.reasons import TOO_LATE
from lockrig.diagnose.result import VALID_FOR
from lockrig.records.store import Attempt, BusyError, UnitRecords, open_unit


class Keeping:
    """The records behind one `procedure`, held from the label to `close`.

    `contact` with the unit, if there is any; `records` of the unit, if they are open already: else
    they are opened here, with a contact as a training unit's.
    """

    def __init__(
        self,
        procedure: Procedure,
        folder: Path,
        contact: Contact | None = None,
        *,
        records: UnitRecords | None = None,
    ) -> None:
        self.attempt: Attempt | None = None
        self._procedure = procedure
        self._folder = folder
        self._contact = contact
        self._records = records
        self._start_ms: int | None = None
        self._held = ExitStack()

    def step(self) -> bool:
        """Do what the procedure's step asks of the disk; False if it asks that of somebody else."""
        asked = {Step.RECORDS: self._look_up, Step.BEGIN: self._begin, Step.SAVE: self._save}
        work = asked.get(self._procedure.step)
        if work is not None:
            work()
        return work is not None

    def answer(self, answer: Answer) -> None:
        """The present question was answered; a danger is put on record at once."""
        self._procedure.answer(answer)
        if self._procedure.outcome.ending is Ending.DANGER and self._records is not None:
            with suppress(OSError):
                self._records.danger(now())
                self._procedure.outcome.recorded = True

    def tap(self, key: str, t_ms: int) -> bool:
        """One of watch.KEYS was tapped at `t_ms`; whether the watch began by it."""
        waiting = self._procedure.step is Step.START
        self._procedure.tap(key, t_ms)
        began = waiting and self._procedure.step is Step.WATCH
        if began:
            self._start_ms = t_ms
        return began

    def confirm(self, t_ms: int) -> None:
        """The answers are final: what the unit and the clock have against a yes, then judge."""
        if self._procedure.step is not Step.REVIEW:
            return
        assert self.attempt is not None
        if self._contact:
            for doubt in self._contact.doubts(self._procedure.outcome.unit, self._start_ms):
                self._procedure.doubt(doubt)
        begun = self.attempt.record.at
        if not begun <= now() <= begun + VALID_FOR:
            self._procedure.doubt(TOO_LATE)
        self._procedure.confirm(t_ms)

    def break_off(self) -> None:
        """The person gave up: before START that counts for nothing, after it as no answer."""
        if self._procedure.step is Step.START and self.attempt is not None:
            with suppress(OSError):
                self.attempt.withdraw()
        self._procedure.end(Ending.INTERRUPTED)

    def close(self) -> None:
        """Let others at the unit's records."""
        self._held.close()

    def _look_up(self) -> None:
        unit = self._procedure.outcome.unit
        training = self._contact is not None
        try:
            if self._records is None:
                opened = open_unit(self._folder, unit, training=training)
                self._records = self._held.enter_context(opened)
            self._procedure.standing(self._records.standing(now()))
        except BusyError:
            self._procedure.end(Ending.BUSY)
        except OSError:
            self._procedure.end(Ending.UNWRITABLE)

    def _begin(self) -> None:
        assert self._records is not None
        try:
            repeat = self._procedure.outcome.before.repeat
            self.attempt = self._records.begin(now(), repeat=repeat)
            self._procedure.begun()
        except OSError:
            self._procedure.end(Ending.UNWRITABLE)

    def _save(self) -> None:
        try:
            assert self.attempt is not None
            save(self.attempt, self._procedure.outcome)
            self._procedure.saved()
        except OSError:
            self._procedure.unsaved()


def save(attempt: Attempt, outcome: Outcome) -> None:
    """Put verdict and trace on disk; OSError if that can't be."""
    assert outcome.trace is not None
    assert outcome.verdict is not None
    attempt.judged(
        outcome.trace,
        outcome.judged_code,
        now(),
        second_inconclusive=outcome.second_inconclusive,
        verdict=outcome.verdict.as_dict(),
    )


def now() -> datetime:
    """The wall's time, UTC."""
    return datetime.now(UTC).replace(microsecond=0)
