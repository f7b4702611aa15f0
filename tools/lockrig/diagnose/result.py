"""The result: may the battery be changed, by whom, and what to do next.

Pure text from a finished outcome; it decides nothing.
"""

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


def result(outcome: Outcome, desk: ServiceDesk, now: datetime, until: datetime) -> Screen:
    """The last screen; `now` and `until` (when the permission ends) in local time."""
    if outcome.exit_code == 0:
        return _allowed(outcome, until, desk)
    why = _why(outcome)
    before = []
    if outcome.verdict is not None:
        before += [_("A good lock does this:"), *pattern(), ""]
    if outcome.ending in (Ending.VERDICT, Ending.DESK, Ending.DANGER):
        before += _fault_text(outcome, why, now)
    else:
        before += wrap(*(f"- {reason}" for reason in why))
    return Screen([*_next(outcome), *contact(desk)], do_not_open(), "stop", before)


def _allowed(outcome: Outcome, until: datetime, desk: ServiceDesk) -> Screen:
    return Screen(
        [
            *wrap(
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
            ),
            *contact(desk),
        ],
        _("THE BATTERY MAY BE CHANGED"),
        "go",
        [_("The lock did what a good lock does:"), *pattern()],
    )


def _why(outcome: Outcome) -> list[str]:
    ending, before = outcome.ending, outcome.before
    if ending is Ending.DESK:
        return [_(DESK[before.desk]).format(file=before.file)]
    if ending is Ending.VERDICT and outcome.verdict is not None:
        return reasons(outcome.verdict)
    told = {
        Ending.DANGER: _("The lock is bulging, hot or wet, smells or hisses, or may do so."),
        Ending.COLOURS: _("Red and green can't be told apart with certainty."),
        Ending.BUSY: _("Somebody else is testing this unit right now, on this computer."),
        Ending.UNWRITABLE: _("The record can't be written (disk full, or no permission)."),
    }
    return [told.get(ending, _("The test was broken off."))] if ending is not None else []


def _next(outcome: Outcome) -> list[str]:
    ending = outcome.ending
    if ending is Ending.DANGER:
        return wrap(
            _("Step away from the lock. Smoke or fire: get everybody out and call 112."),
            _("By whom: only the service desk may touch the battery. Call now."),
            *_unrecorded(outcome),
        )
    told = {
        Ending.COLOURS: _("Fetch somebody else who can tell them apart. This counts as no test."),
        Ending.BUSY: _("Wait until that test is finished."),
        Ending.UNWRITABLE: _("Without a record no change. Free the disk, or use another computer."),
        Ending.INTERRUPTED: _(
            "A test that was begun and not finished counts as one without an answer."
        ),
    }
    if ending in told:
        return wrap(told[ending])
    if outcome.exit_code == Exit.SAFETY_STOP:
        return [
            *wrap(_("By whom: only the service desk may change this battery."), _stop(outcome)),
            *_unrecorded(outcome),
        ]
    return wrap(
        _("The test gave no answer."),
        _("By whom: nobody yet. You may test this unit once more; then it is the service desk's."),
    )


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
        *wrap(*(f"- {reason}" for reason in why)),
        "---",
    ]
