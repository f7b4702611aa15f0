"""How a battery change ended, for the technician: what it means, and what to do next.

Pure text from a finished procedure; it decides nothing.
"""

from datetime import datetime
from typing import Any

from lockrig.battery.change import HANDS, Step
from lockrig.battery.ending import Ending
from lockrig.battery.procedure import Procedure
from lockrig.battery.receipt import lines
from lockrig.battery.wording import GROUNDS, RESULTS, word
from lockrig.config import ServiceDesk
from lockrig.diagnose.reasons import DESK
from lockrig.diagnose.result import contact, do_not_open
from lockrig.diagnose.screens import Screen, wrap
from lockrig.i18n import _

# Nothing has been opened yet, and nothing may be.
_OPENED = (*HANDS, Step.WAIT, Step.CONFIRM, Step.RUNS, Step.CLOSE, Step.PROVE, Step.CANCEL)
_SAFETY = (Ending.DESK, Ending.DESKS_CHANGE, Ending.MEASURED, Ending.DANGER)


def opened(procedure: Procedure) -> bool:
    """Whether the cover was off already, as far as anybody knows."""
    return procedure.change.step in _OPENED


def result(
    procedure: Procedure, desk: ServiceDesk, receipt: dict[str, Any] | None, now: datetime
) -> Screen:
    """The last screen, but of a diagnosis that allowed nothing: that has its own. `now`: local."""
    before = lines(receipt) if receipt is not None else []
    if procedure.ending is Ending.DONE:
        return _done(procedure, desk, before)
    if procedure.ending in _SAFETY:
        before += _fault_text(procedure, now)
    told = [*wrap(*_why(procedure), *_next(procedure)), *_unsaved(procedure), *contact(desk)]
    if procedure.ending is Ending.DANGER:
        return Screen(told, _("DON'T TOUCH THE BATTERY"), "stop", before)
    if opened(procedure):
        return Screen(told, _("THE CHANGE IS NOT FINISHED"), "stop", before)
    return Screen(told, do_not_open(), "stop", before)


def _done(procedure: Procedure, desk: ServiceDesk, before: list[str]) -> Screen:
    return Screen(
        [
            *wrap(
                _("Unit {unit} works with its new battery.").format(unit=procedure.change.unit),
                _(
                    "If the provider's app has a register of its own: customer, Units, Manage"
                    " locks, Register battery change."
                ),
                _("Old packs go back to the service centre."),
            ),
            *_unsaved(procedure),
            *contact(desk),
        ],
        _("THE BATTERY IS CHANGED"),
        "go",
        before,
    )


def _why(procedure: Procedure) -> list[str]:
    ending, before = procedure.ending, procedure.before
    if ending is Ending.DESK:
        return [_(DESK[before.desk]).format(file=before.file)]
    told = {
        Ending.DESKS_CHANGE: _("The service desk began this change: it is theirs."),
        Ending.MEASURED: _("The unit suspects its battery: {ground}."),
        Ending.DANGER: _("The lock is bulging, hot or wet, smells or hisses, or may do so."),
        Ending.UNIT_DOUBTS: _("The unit's own diagnostic didn't pass within 30 minutes."),
        Ending.OTHER_UNIT: _("The unit in contact isn't the one whose label was typed."),
        Ending.BUSY: _("Somebody else is testing this unit right now, on this computer."),
        Ending.UNWRITABLE: _("The record can't be written (disk full, or no permission)."),
        Ending.NO_CONTACT: _("There is no contact with the unit."),
        Ending.NEEDS_TARGET: _("The new pack is in, but nobody has said how to reach the unit."),
        Ending.FORGOTTEN: _("The unit doesn't know of this change any more."),
        Ending.REFUSED: _("The unit refused: {result}."),
        Ending.GIVEN_UP: _("The change was given up, and the unit knows it."),
    }
    text = told[ending] if ending in told else _("The change was broken off.")
    ground = word(GROUNDS, procedure.why)
    return [text.format(ground=ground, result=word(RESULTS, procedure.why))]


def _next(procedure: Procedure) -> list[str]:
    ending = procedure.ending
    told = {
        Ending.DANGER: [
            _("Step away from the lock. Smoke or fire: get everybody out and call 112."),
            _("By whom: only the service desk may touch the battery. Call now."),
        ],
        Ending.NEEDS_TARGET: [
            _("Connect to the unit and start the command again with its TARGET: it goes on here."),
        ],
        Ending.FORGOTTEN: [_("Start the command again, from its beginning.")],
        Ending.GIVEN_UP: [
            _(
                "Don't leave the lock with a pack that isn't proved: take another new pack and"
                " start the command again, or call the service desk."
            ),
        ],
    }
    if ending in told:
        return told[ending]
    if ending in _SAFETY:
        leave = _("Leave the battery as it is. By whom: only the service desk. Contact them now.")
        turn = _("Until then the door is locked and opened by the thumb-turn.")
        return [leave, turn] if opened(procedure) else [leave]
    if opened(procedure):
        return [
            _("The door can always be opened by the thumb-turn."),
            _("The same command goes on where it broke off."),
        ]
    return [_("Nothing is open. The same command may be started again.")]


def _unsaved(procedure: Procedure) -> list[str]:
    if not procedure.unsaved:
        return []
    return wrap(_("The record could not be written: tell the service desk that, too."))


def _fault_text(procedure: Procedure, now: datetime) -> list[str]:
    return [
        _("--- fault text, to read out or mail ---"),
        _("Lock unit: {unit}").format(unit=procedure.change.unit),
        _("Customer id: ________"),
        _("Time: {time}").format(time=now.strftime("%Y-%m-%d %H:%M")),
        _("The battery must not be changed by the staff:"),
        *wrap(*(f"- {reason}" for reason in _why(procedure))),
        "---",
    ]
