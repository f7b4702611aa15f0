"""Words of the overview, and the text of a fault report, as coordinators read them.

From a typed word to a message; nothing is concluded here.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from lockrig.battery.wording import GROUNDS
from lockrig.diagnose.reasons import DESK
from lockrig.diagnose.screens import wrap
from lockrig.i18n import _, later
from lockrig.overview.seen import Observation
from lockrig.overview.standing import LEVELS, Ground, Stand
from lockrig.records.times import day, local

SHOWN = {
    "suspected": later("suspected"),
    "now": later("change now"),
    "soon": later("change soon"),
    "unknown": later("unknown"),
    "good": later("good"),
}
SOURCES = {
    "air": later("heard in the air"),
    "link": later("asked over the link"),
    "change": later("battery change"),
    "records": later("records here"),
    "nothing": later("nothing was told"),
}
BRIEFLY = {"air": later("air"), "link": later("link"), "change": later("change")}
TRENDS = {
    "falling": later("falling"),
    "steady": later("steady"),
    "rising": later("rising"),
    "unknown": later("unknown"),
}
_TOLD = {
    "told": later("the unit says that only the service desk may open it"),
    **GROUNDS,
}
COLOURS = {"suspected": "red", "now": "red", "soon": "yellow", "unknown": "", "good": "green"}


def level(made: Stand) -> str:
    """The level in words; an old one is marked, and a good one that is old isn't called good."""
    shown = _(SHOWN[made.shown])
    if made.stale and made.shown != "suspected" and made.seen_at is not None:
        return _("{level} (old)").format(level=shown)
    return shown


def observed_level(told: Observation) -> str:
    """The level of one observation, in a word."""
    return _(SHOWN[LEVELS[told.level]])


def age(made: Stand, now: datetime) -> str:
    """How old the last word is."""
    old = made.age(now)
    if old is None:
        return "?" if made.seen_at is None else _("future")
    if old.days:
        return _("{days} d").format(days=old.days)
    return _("{hours} h").format(hours=old.seconds // 3_600)


def ground(found: Ground) -> str:
    """Why it is under suspicion, in one sentence."""
    table = {**_TOLD, **DESK}
    text = _(table[found.word]) if found.word in table else found.word
    text = text.format(file=found.file)
    since = "" if found.at is None else day(found.at)
    if found.source == "air":
        return _("{ground} (since {day}, heard in the air)").format(ground=text, day=since)
    if not since:
        return text
    return _("{ground} (since {day})").format(ground=text, day=since)


def fault_text(made: Stand, now: datetime) -> Iterator[str]:
    """What to read out or to mail: a description and the customer's id (FAULT-1)."""
    yield _("--- fault text, to read out or mail ---")
    yield _("Lock unit: {unit}").format(unit=made.unit)
    yield _("Customer id: {customer}").format(customer=made.customer or "________")
    yield _("Time: {time}").format(time=local(now))
    yield _("The battery must not be changed by the staff:")
    yield from wrap(*(f"- {ground(found)}" for found in made.grounds))
    yield "---"


def desk_only(stands: Sequence[Stand]) -> str:
    """Said where units are under suspicion."""
    units = ", ".join(made.unit for made in stands if made.suspected)
    return _(
        "Under suspicion: {units}. The cover stays on, only the service desk may change the "
        "battery. Contact them now:"
    ).format(units=units)
