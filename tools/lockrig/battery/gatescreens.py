"""The screens up to the moment when the cover comes off.

Pure: from the procedure's state to lines; which one is shown is `screens`' business.
"""

from lockrig.battery.change import DESK, Step
from lockrig.battery.choices import choice, yes_no
from lockrig.battery.procedure import Procedure
from lockrig.battery.wording import GROUNDS, LEVELS, word
from lockrig.diagnose.questions import SIGNS
from lockrig.diagnose.screens import Screen, banner, wrap
from lockrig.i18n import _


def typing(procedure: Procedure, typed: str, label: str) -> Screen:
    """What is typed: a label, or the service desk's case; `label` to be typed in training."""
    if procedure.step is Step.CASE:
        return _case(procedure, typed)
    return _label(procedure, typed, label)


def _label(procedure: Procedure, typed: str, shown: str) -> Screen:
    lines = banner()
    if shown:
        lines += wrap(_("The training unit's label: {label}").format(label=shown), "")
    if procedure.hint == "label":
        lines += wrap(_("A label is 3 to 32 letters A-Z, digits or hyphens."), "")
    elif procedure.hint == "differs":
        lines += wrap(_("The two didn't match. Read the label again."), "")
    asked = (
        _("Type the label of the lock unit, then ENTER:")
        if procedure.step is Step.LABEL
        else _("Read the label once more and type it again, then ENTER:")
    )
    return Screen([*lines, *wrap(asked), f"> {typed}"])


def _case(procedure: Procedure, typed: str) -> Screen:
    ground = procedure.seen.ground if procedure.seen else "unreachable"
    if ground == "none":
        ground = "unreachable" if procedure.change.unreachable else "not fresh"
    told = _("Service desk only. Suspicion: {ground}.")
    lines = wrap(
        told.format(ground=word(GROUNDS, ground)),
        _("It may be fully discharged, with gas under pressure. Keep to your own routine."),
        "",
    )
    if procedure.hint == "case":
        lines += wrap(_("That isn't the case this was started with."), "")
    asked = _("To answer for it, type the case once more, then ENTER:")
    return Screen([*lines, *wrap(asked), f"> {typed}"])


def resumed(procedure: Procedure) -> list[str]:
    change = procedure.change
    when = change.times.get(change.step.name.lower(), "")
    told = _("A change of this battery was broken off ({time} UTC).")
    return wrap(
        told.format(time=when.replace("T", " ").rstrip("Z")),
        _("It goes on where it was."),
        "",
        _("[ENTER] go on"),
    )


def no_contact(procedure: Procedure) -> list[str]:
    desk = procedure.change.role == DESK
    return [
        *wrap(
            _("No contact with the unit: {why}").format(why=procedure.why),
            "",
            _("A unit that can't be reached may have a fully discharged battery. Do not open it."),
            _("The push button decides: you press it and watch the lights.") if not desk else "",
            "",
        ),
        choice("again", _("look for the unit again")),
        _("[ENTER] go on without contact"),
    ]


def elsewhere(_procedure: Procedure) -> list[str]:
    return wrap(
        _("A change of this battery is open in the unit; this computer didn't begin it."),
        _("If somebody else is at it, end here with ctrl-C and leave it to them."),
        "",
        _("[ENTER] nobody is: give that one up and begin anew"),
    )


def pulled(_procedure: Procedure) -> list[str]:
    return [
        *wrap(
            _("The unit lost its power, or contact with it was lost."),
            _("Is the old pack disconnected already?"),
            _("If the cover is still on: leave it on and answer no."),
            "",
        ),
        yes_no("yes", "no", "unsure"),
    ]


def signs(procedure: Procedure) -> list[str]:
    late = _("More than 30 minutes have passed: the question comes once more.")
    again = wrap(late, "") if procedure.hint == "expired" else []
    return [*again, *wrap(_(SIGNS.text), _(SIGNS.hint), ""), yes_no("yes", "no", "unsure")]


def cover(procedure: Procedure) -> Screen:
    gate = procedure.change.gate
    if gate is None:
        return Screen([])
    until = gate.until.astimezone()
    why = {
        "fresh": _("The unit is in contact, its level is fresh ({level}), nothing is suspected."),
        "diagnosed": _("The lock did what a good lock does."),
        "desk": _("By the service desk alone, under case {case}."),
    }[gate.kind]
    level = word(LEVELS, str(gate.evidence.get("level", "")))
    lines = wrap(
        why.format(level=level, case=procedure.change.case),
        _("Unit {unit} alone, and begun before {until}.").format(
            unit=procedure.change.unit, until=until.strftime("%H:%M")
        ),
        "",
        _("Step 1 of 6: take the cover off. Nothing else yet."),
        "",
        _("[ENTER] the cover is off"),
    )
    if gate.kind == "desk":
        return Screen(lines, _("SERVICE DESK ONLY"), "stop")
    return Screen(lines, _("THE BATTERY MAY BE CHANGED"), "go")
