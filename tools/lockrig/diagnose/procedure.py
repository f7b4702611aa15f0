"""The procedure: which step a diagnosis is at, and what each input makes of it.

Pure: it is fed with texts, answers, taps and times and never looks at a screen, a key, a clock or a
disk. Whoever drives it does what `step` asks for and reports back; an input that doesn't fit the
step changes nothing.
"""

from enum import Enum, auto

from lockjudge.verdict import judge
from lockrig.diagnose.outcome import Ending, Outcome
from lockrig.diagnose.questions import AFTERWARDS, COLOURS, PLUGGED, SIGNS, Answer, Question
from lockrig.diagnose.watch import Watch
from lockrig.records.record import normal_label
from lockrig.records.standing import Standing


class Step(Enum):
    """What comes next, and who reports it."""

    LABEL = auto()  # text()
    LABEL_AGAIN = auto()  # text()
    RECORDS = auto()  # the driver looks the unit up: standing(), or end()
    COLOURS = auto()  # answer()
    SIGNS = auto()  # answer()
    PLUGGED = auto()  # answer()
    PATTERN = auto()  # ready()
    BEGIN = auto()  # the driver puts the attempt on disk: begun(), or end()
    START = auto()  # tap("start")
    WATCH = auto()  # tap(), hidden(), off(), and turn() all the time
    ANSWERS = auto()  # answer(), back()
    REVIEW = auto()  # confirm(), back()
    SAVE = auto()  # the driver puts the verdict on disk: saved() or unsaved()
    END = auto()


_ASKED = {Step.COLOURS: COLOURS, Step.SIGNS: SIGNS, Step.PLUGGED: PLUGGED}


class Procedure:
    """One diagnosis of one unit, from its label to its end."""

    def __init__(self, target: str | None = None, resolution_ms: int = 1) -> None:
        self.step = Step.LABEL
        self.outcome = Outcome()
        self.hint = False
        """The last input was turned down: say again what is expected."""
        self.answers: dict[str, Answer] = {}
        self._target = target
        self._resolution_ms = resolution_ms
        self._watch: Watch | None = None
        self._doubts: list[str] = []

    @property
    def question(self) -> Question | None:
        """The question that is to be answered now."""
        if self.step is Step.ANSWERS:
            return AFTERWARDS[len(self.answers)]
        return _ASKED.get(self.step)

    def text(self, typed: str) -> None:
        """A label was typed."""
        label = normal_label(typed)
        if self.step is Step.LABEL:
            self.hint = label is None
            if label is not None:
                self.outcome.unit, self.step = label, Step.LABEL_AGAIN
        elif self.step is Step.LABEL_AGAIN:
            self.hint = label != self.outcome.unit
            self.step = Step.LABEL if self.hint else Step.RECORDS

    def standing(self, found: Standing) -> None:
        """How the unit stands by its records."""
        if self.step is Step.RECORDS:
            self.outcome.before = found
            self.step = Step.COLOURS
            if found.desk:
                self.end(Ending.DESK)

    def answer(self, answer: Answer) -> None:
        """The present question was answered."""
        if self.question is None or answer not in self.question.choices:
            return
        if self.step is Step.ANSWERS:
            self.answers[self.question.key] = answer
            if len(self.answers) == len(AFTERWARDS):
                self.step = Step.REVIEW
        elif self.step is Step.COLOURS:
            self.step = Step.SIGNS
            if answer != "yes":
                self.end(Ending.COLOURS)
        elif self.step is Step.SIGNS:
            self.step = Step.PLUGGED
            if answer != "no":
                self.end(Ending.DANGER)
        else:
            self.hint = answer != "yes"
            if answer == "yes":
                self.step = Step.PATTERN

    def back(self) -> None:
        """The last of the answers afterwards is to be given again."""
        if self.step in (Step.ANSWERS, Step.REVIEW) and self.answers:
            self.answers.popitem()
            self.step = Step.ANSWERS

    def ready(self) -> None:
        """The pattern was read; the person stands at the lock."""
        if self.step is Step.PATTERN:
            self.step = Step.BEGIN

    def begun(self) -> None:
        """That an attempt begins is on disk: START may be tapped."""
        if self.step is Step.BEGIN:
            self.step = Step.START

    def tap(self, key: str, t_ms: int) -> None:
        """One of watch.KEYS was tapped at `t_ms`."""
        if self.step is Step.START and key == "start":
            self._watch = Watch(t_ms, self._resolution_ms)
            self.step = Step.WATCH
        elif self.step is Step.WATCH and self._watch is not None:
            self._watch.tap(key, t_ms)
            self._watched()

    def turn(self, t_ms: int) -> None:
        """It is `t_ms`, and nothing was tapped."""
        if self.step is Step.WATCH and self._watch is not None:
            self._watch.turn(t_ms)
            self._watched()

    def hidden(self, t_ms: int) -> None:
        """By `t_ms` something else may have been on the screen, or taps may have been lost."""
        if self.step is Step.WATCH and self._watch is not None:
            self._watch.hidden(t_ms)
            self._watched()

    def off(self, by_ms: int) -> None:
        """The times of taps may be `by_ms` off, besides what `turn` can tell."""
        if self.step is Step.WATCH and self._watch is not None:
            self._watch.off(by_ms)

    def doubt(self, reason: str) -> None:
        """Something (a message to be translated) that keeps the verdict from being a yes."""
        if self.step not in (Step.SAVE, Step.END) and reason not in self._doubts:
            self._doubts.append(reason)

    def confirm(self, t_ms: int) -> None:
        """The answers are final: judge."""
        if self.step is Step.REVIEW and self._watch is not None:
            header = {"target": self._target, "unit": self.outcome.unit}
            self.outcome.trace = self._watch.trace(header, self.answers, t_ms)
            self.outcome.verdict = judge(self.outcome.trace, self._doubts)
            self.step = Step.SAVE

    def saved(self) -> None:
        """Verdict and trace are on disk."""
        if self.step is Step.SAVE:
            self.outcome.saved()
            self.step = Step.END

    def unsaved(self) -> None:
        """They can't be put there."""
        if self.step is Step.SAVE:
            self.outcome.unsaved()
            self.step = Step.END

    def end(self, ending: Ending) -> None:
        """It ends here without a verdict."""
        if self.step is not Step.END and ending is not Ending.VERDICT:
            self.outcome.end(ending)
            self.step = Step.END

    def _watched(self) -> None:
        if self._watch is not None and self._watch.done:
            self.step = Step.ANSWERS
