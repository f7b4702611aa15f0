"""Drives a procedure: keys in, screens out, records on disk, and the clock to its watch.

It does what the procedure's step asks for and decides nothing itself.
"""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

from lockrig.diagnose.contact import Contact
from lockrig.diagnose.outcome import Ending, Outcome
from lockrig.diagnose.printer import Printer
from lockrig.diagnose.procedure import Procedure, Step
from lockrig.diagnose.reasons import TOO_LATE
from lockrig.diagnose.result import VALID_FOR
from lockrig.diagnose.screens import answer_keys, screen
from lockrig.diagnose.terminal import InterruptedByUserError, RealClock, Terminal
from lockrig.records.store import Attempt, BusyError, UnitRecords, open_unit

TURN_S = 0.02
TAPS = {" ": "start", "g": "green", "r": "red", "u": "undo"}
PRESS_KEY = "b"


class Driver:
    """One run of one procedure in a terminal.

    `contact` with the unit, if there is any; `records` of the unit, if they are open already: else
    they are opened here, with a contact as a training unit's.
    """

    def __init__(
        self,
        procedure: Procedure,
        printer: Printer,
        folder: Path,
        clock: RealClock,
        contact: Contact | None = None,
        *,
        records: UnitRecords | None = None,
    ) -> None:
        self.procedure = procedure
        self.attempt: Attempt | None = None
        self._printer = printer
        self._folder = folder
        self._contact = contact
        self._clock = clock
        self._records = records
        self._start_ms: int | None = None

    def run(self, terminal: Terminal) -> None:
        """Until the procedure's end; whoever calls shows the result."""
        self._terminal = terminal
        with ExitStack() as self._held:
            try:
                while self.procedure.step is not Step.END:
                    self._step()
            except InterruptedByUserError:
                if self.procedure.step is Step.START and self.attempt is not None:
                    with suppress(OSError):
                        self.attempt.withdraw()
                self.procedure.end(Ending.INTERRUPTED)

    def _step(self) -> None:
        procedure, step = self.procedure, self.procedure.step
        if step in (Step.LABEL, Step.LABEL_AGAIN):
            procedure.text(self._type())
        elif step is Step.RECORDS:
            self._look_up()
        elif step is Step.PATTERN:
            if self._ask() == "enter":
                procedure.ready()
        elif step is Step.BEGIN:
            self._begin()
        elif step is Step.START:
            self._watch()
        elif step is Step.REVIEW:
            self._review()
        elif step is Step.SAVE:
            self._save()
        else:
            self._answer()

    def _show(self, typed: str = "") -> None:
        label = self._contact.label if self._contact else ""
        self._printer.show(self._terminal, screen(self.procedure, typed, label), self._heading())

    def _heading(self) -> str:
        return self.procedure.outcome.unit

    def _ask(self) -> str:
        self._show()
        return self._terminal.key()

    def _type(self) -> str:
        return type_line(self._terminal, self._show)

    def _answer(self) -> None:
        key = self._ask()
        answer = answer_keys().get(key.lower())
        if key == "backspace":
            self.procedure.back()
        elif answer is not None:
            self.procedure.answer(answer)
            if self.procedure.outcome.ending is Ending.DANGER and self._records is not None:
                with suppress(OSError):
                    self._records.danger(now())
                    self.procedure.outcome.recorded = True

    def _look_up(self) -> None:
        unit = self.procedure.outcome.unit
        training = self._contact is not None
        try:
            if self._records is None:
                opened = open_unit(self._folder, unit, training=training)
                self._records = self._held.enter_context(opened)
            self.procedure.standing(self._records.standing(now()))
        except BusyError:
            self.procedure.end(Ending.BUSY)
        except OSError:
            self.procedure.end(Ending.UNWRITABLE)

    def _begin(self) -> None:
        assert self._records is not None
        try:
            self.attempt = self._records.begin(now(), repeat=self.procedure.outcome.before.repeat)
            self.procedure.begun()
        except OSError:
            self.procedure.end(Ending.UNWRITABLE)

    def _watch(self) -> None:
        """START and the watch: the screen changes once, at START, and then no more."""
        self._terminal.drop()
        shown: object = None
        while self.procedure.step in (Step.START, Step.WATCH):
            leds = self._contact.leds() if self._contact else None
            if shown != (self.procedure.step, leds):
                shown = (self.procedure.step, leds)
                drawn = screen(self.procedure)
                self._printer.show(self._terminal, drawn, self._heading(), leds)
            keys = self._terminal.keys(TURN_S)
            t_ms = self._clock.ms()
            self.procedure.turn(t_ms)
            if self._contact:
                self._contact.turn(t_ms)
            for key in keys:
                self._tap(key.lower(), t_ms)
        self._terminal.bell()
        # Taps that came too late must not answer questions.
        self._terminal.keys(0.5)
        self._terminal.drop()

    def _tap(self, key: str, t_ms: int) -> None:
        if key in TAPS:
            waiting = self.procedure.step is Step.START
            self.procedure.tap(TAPS[key], t_ms)
            if waiting and self.procedure.step is Step.WATCH:
                self._start_ms = t_ms
                self._terminal.bell()
        elif key == PRESS_KEY and self._contact:
            self._contact.press()

    def _review(self) -> None:
        key = self._ask()
        if key == "backspace":
            self.procedure.back()
        elif key == "enter":
            assert self.attempt is not None
            if self._contact:
                for doubt in self._contact.doubts(self.procedure.outcome.unit, self._start_ms):
                    self.procedure.doubt(doubt)
            begun = self.attempt.record.at
            if not begun <= now() <= begun + VALID_FOR:
                self.procedure.doubt(TOO_LATE)
            self.procedure.confirm(self._clock.ms())

    def _save(self) -> None:
        try:
            assert self.attempt is not None
            save(self.attempt, self.procedure.outcome)
            self.procedure.saved()
        except OSError:
            self.procedure.unsaved()


def type_line(terminal: Terminal, show: Callable[[str], None]) -> str:
    """What is typed up to an ENTER; `show` is told what there is of it so far."""
    typed = ""
    while True:
        show(typed)
        for key in terminal.keys(3600):
            if key == "enter":
                return typed
            if key == "backspace":
                typed = typed[:-1]
            elif len(key) == 1 and len(typed) < 40:
                typed += key


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
