"""Words of the records for people: verdicts, who may act, conditions and what observed them.

From a typed word to a message; nothing is concluded here.
"""

from lockrig.i18n import _, later

VERDICTS = {
    "allowed": later("was allowed"),
    "suspected": later("suspected discharged"),
    "inconclusive": later("no answer"),
    "twice": later("no answer, twice"),
    "unfinished": later("broken off"),
    "withdrawn": later("given up before START"),
    "danger": later("signs of danger"),
    "cleared": later("stop lifted"),
    "done": later("changed and proved"),
    "cancelled": later("change given up"),
    "forgotten": later("change not finished"),
    "open": later("change going on"),
    "damaged": later("DAMAGED"),
    "missing": later("FILE MISSING"),
}
KINDS = {"diagnosis": later("diagnosis"), "swap": later("battery change")}
BIG = {
    "allowed": later("THE CHANGE WAS ALLOWED UNTIL {until}"),
    "suspected": later("DO NOT OPEN"),
    "inconclusive": later("DO NOT OPEN"),
    "twice": later("DO NOT OPEN"),
    "unfinished": later("DO NOT OPEN"),
    "danger": later("DO NOT OPEN"),
    "damaged": later("DO NOT OPEN"),
    "missing": later("DO NOT OPEN"),
    "withdrawn": later("NO TEST"),
    "cleared": later("STOP LIFTED BY THE SERVICE DESK"),
    "done": later("THE BATTERY IS CHANGED"),
    "cancelled": later("THE CHANGE IS NOT FINISHED"),
    "forgotten": later("THE CHANGE IS NOT FINISHED"),
    "open": later("THE CHANGE IS NOT FINISHED"),
}
WHO = {
    "allowed": later(
        "the staff, in that visit, until {until} at the latest; it says nothing of now"
    ),
    "suspected": later("only the service desk"),
    "inconclusive": later(
        "nobody; the unit might be tested once more within 24 hours, then it is the service desk's"
    ),
    "twice": later("only the service desk"),
    "unfinished": later("nobody: it counts as a test without an answer"),
    "withdrawn": later("nobody: it counts for nothing"),
    "danger": later("only the service desk"),
    "cleared": later("whoever tests the unit anew; the battery itself wasn't tested here"),
    "done": later("nothing is left to do"),
    "cancelled": later("whoever takes up the change again, or the service desk"),
    "forgotten": later("whoever takes up the change again, or the service desk"),
    "open": later("whoever began the change"),
    "damaged": later("only the service desk: nobody knows what stood in it"),
    "missing": later("only the service desk: nobody knows what stood in it"),
}
CONDITIONS = {
    "dark before": later("dark before the press"),
    "now": later("green at once"),
    "green": later("green goes off"),
    "red": later("red blinks"),
    "nothing else": later("no other light"),
    "one press": later("one press"),
    "alive": later("no restart"),
    "on the battery": later("on the battery alone"),
    "watched": later("watched to the end"),
}
STATES = {
    "holds": later("holds"),
    "violated": later("NOT MET"),
    "unknown": later("not known"),
}
OBSERVERS = {
    "person": later("a person, by taps and answers"),
    "instrument": later("an instrument"),
    "unit": later("the unit itself"),
}
_LIMITS = {
    "at most ": later("at most {limit}"),
    "at least ": later("at least {limit}"),
    "until ": later("until {limit}"),
}


def word(table: dict[str, str], key: object) -> str:
    """The message for `key`, else `key` itself."""
    text = str(key)
    return _(table[text]) if text in table else text


def limit(text: str, unit: str) -> str:
    """A limit of the judge's, as in "at most 1000", with its unit."""
    for begin, message in _LIMITS.items():
        if text.startswith(begin):
            return _(message).format(limit=f"{text.removeprefix(begin)} {unit}").rstrip()
    return f"{text} {unit}".strip()
