"""Which keys choose what in a battery change, and the lines that say so."""

from lockrig.diagnose.screens import answer_keys, said
from lockrig.i18n import _


def choice_keys() -> dict[str, str]:
    """Which key chooses what, in the language that is spoken."""
    # Translators: the keys for try again, give up, later, with spaces between; none of y n u.
    again, give_up, later_ = _("t g l").split()
    return {"enter": "enter", again: "again", give_up: "give_up", later_: "later"}


def choice(choice: str, text: str) -> str:
    """A line that says which key does what; `text` is translated already."""
    key = next(key for key, chosen in choice_keys().items() if chosen == choice)
    return f"[{key.upper()}] {text}"


def yes_no(*answers: str) -> str:
    keys = {answer: key for key, answer in answer_keys().items()}
    return "   ".join(f"[{keys[answer].upper()}] {said(answer)}" for answer in answers)
