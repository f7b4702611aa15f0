"""The result: may the battery be changed, by whom, and what to do next.

Pure text from a finished outcome, as paragraphs for whatever shows it; it decides nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lockrig.config import ServiceDesk
from lockrig.diagnose.outcome import Ending, Outcome
from lockrig.diagnose.reasons import DESK, reasons
from lockrig.diagnose.screens import Screen, pattern, wrap
from lockrig.errors import Exit
from lockrig.i18n import _

VALID_FOR = timedelta(minutes=30)


def contact(desk: ServiceDesk) -> list[str]:
    """How the service desk is reached: telephone and e-mail, always both."""
    return [
        _("Service desk, telephone: {phone}").format(phone=desk.phone),
        _("Service desk, e-mail:    {email}").format(email=desk.email),
    ]


def do_not_open() -> str:
    """The sentence that every end but one carries."""
    return _("DO NOT OPEN")


@dataclass(frozen=True, slots=True)
class Result:
    """What is told of an outcome, in paragraphs; `allowed` is the one yes.

    `fault`: the lines of a fault text to send to the service desk, where it is theirs; `why`: the
    reasons, where it isn't; `judged`: lights were watched, so that the pattern is worth a look.
    """

    allowed: bool
    big: str
    todo: list[str]
    why: list[str] = field(default_factory=list)
    fault: list[str] = field(default_factory=list)
    judged: bool = True


def told(outcome: Outcome, now: datetime, until: datetime) -> Result:
    """What is to be told; `now` and `until` (when the permission ends) in local time."""
    if outcome.exit_code == 0:
        return Result(True, _("THE BATTERY MAY BE CHANGED"), _allowed(outcome, until))
    why = _why(outcome)
    desk = outcome.ending in (Ending.VERDICT, Ending.DESK, Ending.DANGER)
    return Result(
        False,
        do_not_open(),
        _next(outcome),
        [] if desk else why,
        _fault_text(outcome, why, now) if desk else [],
        outcome.verdict is not None,
    )


def result(outcome: Outcome, desk: ServiceDesk, now: datetime, until: datetime) -> Screen:
    """The last screen of a terminal."""
    last = told(outcome, now, until)
    todo = [*wrap(*last.todo), *contact(desk)]
    if last.allowed:
        heading = _("The lock did what a good lock does:")
        return Screen(todo, last.big, "go", [heading, *pattern()])
    before = [_("A good lock does this:"), *pattern(), ""] if last.judged else []
    before += wrap(*last.fault, *(f"- {reason}" for reason in last.why))
    return Screen(todo, last.big, "stop", before)


def _allowed(outcome: Outcome, until: datetime) -> list[str]:
    return [
        _("Unit {unit}: yes, until {until} at the latest. Then test anew.").format(
            unit=outcome.unit, until=until.strftime("%H:%M")
        ),
        _("By whom: the staff, now, as part of this visit. No other unit."),
        "",
        _("1. Cover off. Look again: bulging, hot, wet, smell, hiss? Then stop and call."),
        _("2. Pack out, connector apart, new pack on the connector, pack in, cover on."),
        _("3. In the app: customer, Units, Manage locks, Register battery change."),
        _("4. Lock 5 times and unlock 5 times (street door, laundry room: open 5 times)."),
        "",
    ]


def _why(outcome: Outcome) -> list[str]:
    ending, before = outcome.ending, outcome.before
    if ending is Ending.DESK:
        return [_(DESK[before.desk]).format(file=before.file)]
    if ending is Ending.VERDICT and outcome.verdict is not None:
        return reasons(outcome.verdict)
    other = {
        Ending.DANGER: _("The lock is bulging, hot or wet, smells or hisses, or may do so."),
        Ending.COLOURS: _("Red and green can't be told apart with certainty."),
        Ending.BUSY: _("Somebody else is testing this unit right now, on this computer."),
        Ending.UNWRITABLE: _("The record can't be written (disk full, or no permission)."),
    }
    return [other.get(ending, _("The test was broken off."))] if ending is not None else []


def _next(outcome: Outcome) -> list[str]:
    ending = outcome.ending
    if ending is Ending.DANGER:
        return [
            _("Step away from the lock. Smoke or fire: get everybody out and call 112."),
            _("By whom: only the service desk may touch the battery. Call now."),
            *_unrecorded(outcome),
        ]
    other = {
        Ending.COLOURS: _("Fetch somebody else who can tell them apart. This counts as no test."),
        Ending.BUSY: _("Wait until that test is finished."),
        Ending.UNWRITABLE: _("Without a record no change. Free the disk, or use another computer."),
        Ending.INTERRUPTED: _(
            "A test that was begun and not finished counts as one without an answer."
        ),
    }
    if ending in other:
        return [other[ending]]
    if outcome.exit_code == Exit.SAFETY_STOP:
        return [
            _("By whom: only the service desk may change this battery."),
            _stop(outcome),
            *_unrecorded(outcome),
        ]
    return [
        _("The test gave no answer."),
        _("By whom: nobody yet. You may test this unit once more; then it is the service desk's."),
    ]


def _stop(outcome: Outcome) -> str:
    if outcome.second_inconclusive or outcome.before.desk == "inconclusive":
        return _("No answer twice within 24 hours: the cover stays on, no further test.")
    if outcome.before.desk in ("danger", "damaged"):
        return _("The cover stays on, no further test. Contact them now.")
    return _("It may be fully discharged: the cover stays on, no further test. Contact them now.")


def _unrecorded(outcome: Outcome) -> list[str]:
    if outcome.ending not in (Ending.VERDICT, Ending.DANGER) or outcome.recorded:
        return []
    return [_("The record could not be written: tell the service desk that, too.")]


def _fault_text(outcome: Outcome, why: list[str], now: datetime) -> list[str]:
    return [
        _("--- fault text, to read out or mail ---"),
        _("Lock unit: {unit}").format(unit=outcome.unit),
        _("Customer id: ________"),
        _("Time: {time}").format(time=now.strftime("%Y-%m-%d %H:%M")),
        _("The battery must not be changed by the staff:"),
        *(f"- {reason}" for reason in why),
        "---",
    ]
