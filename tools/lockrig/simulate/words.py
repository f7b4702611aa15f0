"""A life's milestones, warnings and diagnoses in words, for the terminal and the page alike.

It words what `locksim` found; it finds nothing itself.
"""

from collections.abc import Iterator
from itertools import groupby

from locksim.scenarios.result import Diagnosis, Lead, Life, Milestone, Prompt

# MON-2 wants so many days.
SOON_DAYS, NOW_DAYS = 30, 7
MOST_RUNS = 3

_WHAT = {
    "stays_open": "the unit no longer locks",
    "refused": "the first opening that failed",
    "end": "the first visit that the pack let down",
    "dead": "the unit went dead",
    "pack": "another pack was put in",
}


def milestone(stone: Milestone) -> str:
    """What happened."""
    if stone.what == "reversed":
        return f"cell {stone.cell} was driven below 0 V"
    if stone.what == "discharged":
        return f"98 % of what cell {stone.cell} can deliver is gone"
    text = _WHAT.get(stone.what, stone.what)
    return f"{text}: {stone.why}" if stone.why else text


def day(days: float) -> str:
    return f"{days:,.0f}"


def volts(mv: int) -> str:
    return f"{mv / 1000:.2f} V" if mv >= 0 else "< 0 V"


def span(days: float) -> str:
    """So many days, as people say it."""
    whole = round(days)
    years, rest = divmod(whole, 365)
    if not years:
        return f"{whole} day{'' if whole == 1 else 's'}"
    return f"{years} year{'' if years == 1 else 's'} {rest} day{'' if rest == 1 else 's'}"


def lead(found: Lead) -> str:
    """How long before the end the warnings came."""
    if found.end_day is None:
        return "the pack let nobody down"

    def before(days: float | None, least: int) -> str:
        if days is None:
            return "never"
        return f"{days:.0f} days before ({'enough' if days >= least else f'wanted: {least}'})"

    return (
        f"the pack let somebody down on day {day(found.end_day)}; "
        f"CHANGE_SOON or worse {before(found.soon_days, SOON_DAYS)}, "
        f"CHANGE_NOW or worse {before(found.now_days, NOW_DAYS)}"
    )


def prompt(found: Prompt) -> str:
    """How soon CHANGE_NOW came."""
    if found.runs is not None:
        ok = "at once" if found.runs <= MOST_RUNS else f"wanted: at most {MOST_RUNS}"
        return f"{found.runs} runs of the motor after the model's weakest cell showed it ({ok})"
    if found.shown_on is None:
        return found.why_not or "the model's weakest cell never showed it after a run"
    return f"not said, though shown on day {day(found.shown_on)}: {found.why_not}"


def seen(found: Diagnosis) -> str:
    """What an onlooker saw."""
    if not found.green:
        return "dark" if not found.red_blinks else f"no green, {found.red_blinks} x red"
    return f"green, {found.red_blinks} x red" if found.red_blinks else "green, no red"


def diagnoses(life: Life) -> Iterator[tuple[Diagnosis, Diagnosis, int]]:
    """Runs of equal diagnoses: the first, the last, how many."""

    def alike(found: Diagnosis) -> tuple[object, ...]:
        return (found.pack, seen(found), found.outcome, found.level, found.discharged)

    for _, group in groupby(life.diagnoses, key=alike):
        each = list(group)
        yield each[0], each[-1], len(each)
