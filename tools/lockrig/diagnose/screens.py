"""What the technician sees at each step before the result, as lines of text.

Pure: from the procedure's state to lines; nothing here prints or reads. While the watch goes on the
screen is the same whatever happens, and says nothing of the pattern.
"""

import textwrap
from dataclasses import dataclass, field

from lockrig.diagnose.procedure import Procedure, Step
from lockrig.diagnose.questions import AFTERWARDS, Answer
from lockrig.i18n import _

# 80 columns, less the mark that training puts on every line.
WIDTH = 70


@dataclass(frozen=True, slots=True)
class Screen:
    """Lines to show; `big` is said loudest, in the `tone` "stop", "go" or "" (neither)."""

    lines: list[str]
    big: str = ""
    tone: str = ""
    before: list[str] = field(default_factory=list)
    """What may scroll away above the rest."""


def wrap(*paragraphs: str, width: int = WIDTH) -> list[str]:
    """The paragraphs as lines of at most `width`; numbered ones hang."""
    lines: list[str] = []
    for text in paragraphs:
        hang = "   " if text[:2] in ("1.", "2.", "3.", "4.", "- ") else ""
        lines += textwrap.wrap(text, width, subsequent_indent=hang) or [""]
    return lines


def banner() -> list[str]:
    """Said first, before anything is asked."""
    return wrap(
        _("Not certified, not any vendor's product. The care provider's own routine prevails."),
        _("Until this program says that the battery may be changed: do not open the cover."),
        "",
    )


def pattern() -> list[str]:
    """The sequence to expect, as lines."""
    return wrap(*sequence())


def sequence() -> list[str]:
    """The sequence to expect: shown before and after the watch, never during it."""
    return [
        _("1. You press the lock's button."),
        _("2. The green light comes on at once."),
        _("3. The green light goes off within 10 seconds."),
        _("4. Within 20 seconds the red light blinks briefly, once or twice."),
    ]


def answer_keys() -> dict[str, Answer]:
    """Which key gives which answer, in the language that is spoken."""
    # Translators: the keys for yes, no, unsure, more (than two), with spaces between.
    yes, no, unsure, more = _("y n u m").split()
    return {yes: "yes", no: "no", unsure: "unsure", more: "more", "0": 0, "1": 1, "2": 2}


def said(answer: Answer) -> str:
    """An answer in words."""
    words = {"yes": _("yes"), "no": _("no"), "unsure": _("unsure"), "more": _("more than two")}
    return words[answer] if isinstance(answer, str) else str(answer)


def _choices(allowed: tuple[Answer, ...]) -> str:
    keys = [(key, answer) for key, answer in answer_keys().items() if answer in allowed]
    keys.sort(key=lambda pair: allowed.index(pair[1]))
    return "   ".join(
        f"[{key.upper()}] {said(answer)}" if isinstance(answer, str) else f"[{key}]"
        for key, answer in keys
    )


def screen(procedure: Procedure, typed: str = "", label: str = "") -> Screen:
    """The screen of the present step; `typed` so far, `label` to be typed in training."""
    step = procedure.step
    if step in (Step.LABEL, Step.LABEL_AGAIN):
        return _label(procedure, typed, label)
    if step is Step.PATTERN:
        return Screen(
            [
                *wrap(_("This is what the lock should do:"), ""),
                *pattern(),
                *wrap(
                    "",
                    _("You will tap keys while you watch. Read this now, it isn't shown later."),
                    _("Stand so that you see both lights and reach button and keys."),
                    "",
                    _("[ENTER] I am standing ready"),
                ),
            ]
        )
    if step in (Step.BEGIN, Step.START, Step.WATCH):
        return _watch(step)
    if step is Step.REVIEW:
        return _review(procedure)
    return _question(procedure)


def _label(procedure: Procedure, typed: str, label: str) -> Screen:
    lines = banner()
    if label:
        lines += wrap(_("The training unit's label: {label}").format(label=label), "")
    if procedure.step is Step.LABEL and procedure.hint and not procedure.outcome.unit:
        lines += wrap(_("A label is 3 to 32 letters A-Z, digits or hyphens."), "")
    elif procedure.step is Step.LABEL and procedure.hint:
        lines += wrap(_("The two didn't match. Read the label again."), "")
    asked = (
        _("Type the label of the lock unit, then ENTER:")
        if procedure.step is Step.LABEL
        else _("Read the label once more and type it again, then ENTER:")
    )
    return Screen([*lines, *wrap(asked), f"> {typed}"])


def _question(procedure: Procedure) -> Screen:
    question = procedure.question
    if question is None:
        return Screen([])
    lines = []
    if procedure.step is Step.ANSWERS:
        number = len(procedure.answers) + 1
        counted = _("Question {number} of {total}")
        lines += wrap(counted.format(number=number, total=len(AFTERWARDS)), "")
    lines += wrap(_(question.text))
    if question.hint:
        lines += wrap(_(question.hint))
    if procedure.hint:
        lines += wrap("", _("Not yet: nothing may be plugged in. Pull it out, then answer yes."))
    lines += ["", _choices(question.choices)]
    if procedure.answers:
        lines += ["", _("[BACKSPACE] back")]
    return Screen(lines)


def _watch(step: Step) -> Screen:
    # The same lines at START and during the watch but for the first, so that nothing draws the eye.
    first = (
        _("START: tap SPACE, and press the lock's button right after.")
        if step is not Step.WATCH
        else _("Recording. Eyes on the lock. A sound tells when it is over.")
    )
    return Screen(
        [
            *wrap(first, ""),
            "[G]  " + _("green goes on; and again when green goes off"),
            "[R]  " + _("red blinks: one tap for each blink"),
            "[U]  " + _("undo the last tap"),
            "",
            *wrap(_("Tap, don't hold. Press the lock's button only once.")),
        ]
    )


def _review(procedure: Procedure) -> Screen:
    lines = wrap(_("Your answers:"), "")
    for question in AFTERWARDS:
        given = said(procedure.answers[question.key])
        lines += wrap(f"- {_(question.text)} {given.upper()}")
    return Screen([*lines, "", _("[ENTER] this is right"), _("[BACKSPACE] back")])
