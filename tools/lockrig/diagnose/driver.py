"""Drives a procedure in a terminal: keys in, screens out, and the clock to its watch.

It does what the procedure's step asks for and decides nothing itself.
"""

from collections.abc import Callable
from pathlib import Path

from lockrig.diagnose.contact import Contact
from lockrig.diagnose.keeping import Keeping
from lockrig.diagnose.printer import Printer
from lockrig.diagnose.procedure import Procedure, Step
from lockrig.diagnose.screens import answer_keys, screen
from lockrig.diagnose.terminal import InterruptedByUserError, RealClock, Terminal
from lockrig.records.store import Attempt, UnitRecords

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
        self._keeping = Keeping(procedure, folder, contact, records=records)
        self._printer = printer
        self._contact = contact
        self._clock = clock

    @property
    def attempt(self) -> Attempt | None:
        """The attempt on disk, once there is one."""
        return self._keeping.attempt

    def run(self, terminal: Terminal) -> None:
        """Until the procedure's end; whoever calls shows the result."""
        self._terminal = terminal
        try:
            while self.procedure.step is not Step.END:
                self._step()
        except InterruptedByUserError:
            self._keeping.break_off()
        finally:
            self._keeping.close()

    def _step(self) -> None:
        procedure, step = self.procedure, self.procedure.step
        if self._keeping.step():
            return
        if step in (Step.LABEL, Step.LABEL_AGAIN):
            procedure.text(self._type())
        elif step is Step.PATTERN:
            if self._ask() == "enter":
                procedure.ready()
        elif step is Step.START:
            self._watch()
        elif step is Step.REVIEW:
            self._review()
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
            self._keeping.answer(answer)

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
            if self._keeping.tap(TAPS[key], t_ms):
                self._terminal.bell()
        elif key == PRESS_KEY and self._contact:
            self._contact.press()

    def _review(self) -> None:
        key = self._ask()
        if key == "backspace":
            self.procedure.back()
        elif key == "enter":
            self._keeping.confirm(self._clock.ms())


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
