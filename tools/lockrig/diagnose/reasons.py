"""Why a verdict came out as it did, in the words of the person who is to act on it.

From condition and state to a message; the judge's own reason, in English and with its figures,
stays in the record.
"""

from collections.abc import Iterator

from lockjudge.verdict import Verdict
from lockrig.i18n import _, later

VIOLATED = {
    "dark before": later("A light was lit already before the button was pressed."),
    "now": later("Green didn't come on at once."),
    "green": later("Green didn't come on and go off within 10 seconds."),
    "red": later("Red didn't blink as it should: briefly, once or twice, after green, in time."),
    "nothing else": later("A light came on that doesn't belong to the pattern."),
    "one press": later("The button was pressed more than once."),
    "alive": later("The lock restarted or lost its power."),
    "on the battery": later("The lock wasn't running on its battery alone."),
    "watched": later("The lights weren't watched to the end."),
}
UNKNOWN = {
    "dark before": later("It isn't sure that both lights were dark before the button was pressed."),
    "now": later("It isn't sure that green came on at once."),
    "green": later("It isn't sure that green came on and went off within 10 seconds."),
    "red": later("It isn't sure how red blinked, how often or when."),
    "nothing else": later("It isn't sure that no other light came on."),
    "one press": later("The button may have been pressed, or START tapped, more than once."),
    "alive": later("The lock may have restarted or lost its power."),
    "on the battery": later("It isn't sure that the lock ran on its battery alone."),
    "watched": later("The lights weren't watched without a break, or a tap was undone or doubled."),
}
OTHER = later("Something else was wrong with the recording.")

# What the procedure itself may doubt; the messages go to the judge as they stand.
TOO_LATE = later("The answers came more than 30 minutes after the start, or the clock was changed.")
OTHER_UNIT = later("The unit in contact isn't the one whose label was typed.")
NO_PRESS = later("The unit didn't report its button within 2 seconds of START.")
NO_ANSWER = later("The unit didn't say which one it is.")
UNIT_SAYS_NO = later("The unit itself reports that its battery didn't pass.")
DOUBTS = (TOO_LATE, OTHER_UNIT, NO_PRESS, NO_ANSWER, UNIT_SAYS_NO)

DESK = {
    "suspected": later("An earlier test gave the suspicion that the battery is fully discharged."),
    "inconclusive": later("Two tests within 24 hours gave no answer, or were broken off."),
    "danger": later("It was noted earlier that the lock was bulging, hot or wet, smelt or hissed."),
    "damaged": later("A record of this unit is damaged: {file}"),
}


def reasons(verdict: Verdict) -> list[str]:
    """Why not, each reason once: what was wrong, or, if nothing was, what isn't known."""
    rows = [row for sequence in verdict.sequences for row in sequence.conditions]
    violated = [_(VIOLATED.get(row.name, OTHER)) for row in rows if row.state == "violated"]
    unknown = [_(UNKNOWN.get(row.name, OTHER)) for row in rows if row.state == "unknown"]
    return list(dict.fromkeys(violated or [*unknown, *_doubts(verdict)]))


def _doubts(verdict: Verdict) -> Iterator[str]:
    for doubt in verdict.doubts:
        yield _(doubt) if doubt in DOUBTS else _(OTHER)
