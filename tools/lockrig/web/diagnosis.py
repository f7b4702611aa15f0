"""One diagnosis that is done on pages: the procedure, its records, and the page that is watching.

It passes on what the pages send and remembers whose it is; it draws nothing and decides nothing.
"""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from lockrig.diagnose.contact import Contact
from lockrig.diagnose.keeping import Keeping, now
from lockrig.diagnose.outcome import Ending
from lockrig.diagnose.procedure import Procedure, Step
from lockrig.diagnose.questions import Answer
from lockrig.diagnose.result import VALID_FOR
from lockrig.diagnose.terminal import RealClock
from lockrig.records.store import BusyError, open_unit
from lockrig.web.watching import NonsenseError, Watching

ANSWERS: dict[str, Answer] = {
    **{word: word for word in ("yes", "no", "unsure", "more")},
    **{str(count): count for count in (0, 1, 2)},
}
# Before START nothing is lost with somebody who went away, and others wait for the unit.
IDLE_MS = 10 * 60 * 1000
# After it the answers are waited for: they may still say that the pack is suspected.
STARTED = (Step.WATCH, Step.ANSWERS, Step.REVIEW)
ANSWERED_FOR = timedelta(hours=2)
# A label is shorter, and nobody reads aloud more.
LONGEST = 100


class Diagnosis:
    """For the browser `owner`; in training with `contact`, open as long as `held`.

    `revealed`: what is told of the training unit once it is over.
    """

    def __init__(
        self,
        owner: str,
        folder: Path,
        clock: RealClock,
        *,
        contact: Contact | None = None,
        held: ExitStack | None = None,
        revealed: str = "",
    ) -> None:
        self.name = secrets.token_urlsafe(12)
        self.owner = owner
        self.clock = clock
        self._folder = folder
        self.contact = contact
        self.revealed = revealed
        self.procedure = Procedure("sim" if contact else None, clock.resolution_ms)
        self.keeping = Keeping(self.procedure, folder, contact)
        self.watching: Watching | None = None
        self.turn = 0
        """Counts what was done: a form that was drawn before the last of it is too late."""
        self._held = held or ExitStack()
        self._touched_ms = clock.ms()
        self._until = now() + VALID_FOR

    @property
    def training(self) -> bool:
        """Whether all of it is practice."""
        return self.contact is not None

    @property
    def over(self) -> bool:
        """Whether it has come to its end."""
        return self.procedure.step is Step.END

    def allowed(self) -> bool:
        """Whether the change is allowed, still: in time, on record, nothing newer against it."""
        outcome, attempt = self.procedure.outcome, self.keeping.attempt
        if outcome.exit_code != 0 or attempt is None:
            return False
        if not self._until - VALID_FOR <= now() < self._until:
            return False
        try:
            with open_unit(self._folder, outcome.unit, training=self.training) as records:
                return records.passed(attempt.name) and not records.standing(now()).desk
        except (BusyError, OSError):
            return False

    @property
    def until(self) -> datetime:
        """When a permission ends, or a diagnosis that has none is put away."""
        return self._until

    def act(self, turn: str, what: str, value: str) -> None:
        """A form that was drawn at `turn` was sent; what doesn't fit in changes nothing."""
        self._touched_ms = self.clock.ms()
        if turn != str(self.turn) or len(value) > LONGEST:
            return
        procedure = self.procedure
        acts: dict[str, Callable[[], object]] = {
            "text": lambda: procedure.text(value),
            "answer": lambda: self._answer(value),
            "back": procedure.back,
            "ready": procedure.ready,
            "confirm": lambda: self.keeping.confirm(self.clock.ms()),
            "break": self.keeping.break_off,
        }
        if what in acts:
            self.turn += 1
            self._do(acts[what])

    def taken_over(self) -> Watching:
        """A page opens the watch; one that had it before has it no more."""
        self._touched_ms = self.clock.ms()
        if self.watching is not None:
            self.watching.lost(self.clock.ms())
        self.watching = Watching(self.procedure, self.keeping, self.contact)
        return self.watching

    def heard(self, watching: Watching, said: str) -> None:
        """The page that is `watching` said something."""
        if watching is self.watching:
            self._do(lambda: watching.said(said, self.clock.ms()))

    def left(self, watching: Watching) -> None:
        """The connection of `watching` is gone."""
        if watching is self.watching:
            self._touched_ms = self.clock.ms()
            self.watching = None
            watching.lost(self.clock.ms())

    def sweep(self) -> bool:
        """Break off what nobody does any more; whether all of it may be forgotten."""
        if not self.over:
            attempt = self.keeping.attempt
            late = attempt is not None and now() > attempt.record.at + ANSWERED_FOR
            idle = self.clock.ms() - self._touched_ms > IDLE_MS and self.watching is None
            if late or (idle and self.procedure.step not in STARTED):
                self.end()
        return self.over and now() > self._until + timedelta(hours=1)

    def end(self) -> None:
        """It ends here, at whatever step; after START as one without an answer."""
        self._do(self.keeping.break_off)

    def _answer(self, value: str) -> None:
        if value in ANSWERS:
            self.keeping.answer(ANSWERS[value])

    def _do(self, act: Callable[[], object]) -> None:
        """Whatever goes wrong in it, it doesn't go on from there."""
        try:
            act()
            while self.keeping.step():
                pass
        except NonsenseError:
            raise
        except Exception:
            self.procedure.end(Ending.INTERRUPTED)
            raise
        finally:
            if self.over:
                self._close()

    def _close(self) -> None:
        if self.keeping.attempt is not None:
            self._until = self.keeping.attempt.record.at + VALID_FOR
        self.keeping.close()
        self._held.close()
