"""What is asked, and in which words: before the watch and after it.

The words are meant to be read aloud in a stairwell. What an answer means is the procedure's and
the judge's business.
"""

from dataclasses import dataclass

from lockrig.i18n import later

YES_NO = ("yes", "no", "unsure")
COUNT = (0, 1, 2, "more", "unsure")
Answer = str | int


@dataclass(frozen=True, slots=True)
class Question:
    """One question (messages to be translated) and the answers that it takes."""

    key: str
    text: str
    hint: str = ""
    choices: tuple[Answer, ...] = YES_NO


COLOURS = Question(
    "colours",
    later("Can you tell red light from green light with certainty?"),
)
SIGNS = Question(
    "signs",
    later("Look at, feel and smell the lock. Is anything bulging, hot or wet? Any smell or hiss?"),
    later("If you are unsure, answer yes."),
)
PLUGGED = Question(
    "plugged",
    later("Is the lock free of cables? No charger, no USB cable, no power bank?"),
    later("If something is plugged in: pull it out, then answer yes."),
)
AFTERWARDS = (
    Question(
        "dark_before",
        later("Were both lights dark right before you pressed the button?"),
    ),
    Question(
        "green_at_once",
        later("Did green come on at once, only once, and stay on steadily?"),
        later(
            "At once: well under a second. Steadily: for longer than a second, without flickering."
        ),
    ),
    Question(
        "red_while_green",
        later("Was red lit at any time while green was lit?"),
        later("If there was no clear dark pause between green and red, answer unsure."),
    ),
    Question(
        "red_blinks",
        later("How many times did red blink, all in all?"),
        later("Count what you saw, not what you tapped. Too quick to count: unsure."),
        COUNT,
    ),
    Question(
        "red_short",
        later("Was red a short blink each time, and each time alike?"),
        later(
            "Short: well under a second. If all you saw was a mere flash, answer "
            "unsure. If red never came, answer no."
        ),
    ),
    Question(
        "watched_to_end",
        later("Did you watch the lights all the time, until the sound at the end?"),
    ),
    Question(
        "nothing_plugged_in",
        later("Was the lock free of cables all the time?"),
    ),
)
