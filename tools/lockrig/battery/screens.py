"""What the technician sees at each step of a battery change: one screen a step.

Pure: from the procedure's state to lines; nothing here prints, reads or decides. The diagnosis has
screens of its own.
"""

from collections.abc import Callable

from lockrig.battery import gatescreens as gate
from lockrig.battery.change import DOOR, Step
from lockrig.battery.choices import choice, yes_no
from lockrig.battery.procedure import Procedure
from lockrig.battery.wording import COMMANDS, RESULTS, UNCOUNTED, UNPROVED, word
from lockrig.diagnose.questions import SIGNS
from lockrig.diagnose.screens import Screen, wrap
from lockrig.i18n import _, later

# When the unit isn't back by then, it is told what to look at.
SLOW_S = 20

_HANDS = {
    Step.OUT: (
        later("Step 2 of 6: lift the pack out. It still hangs on its connector."),
        later("[ENTER] the pack is out of its place"),
    ),
    Step.APART: (
        later("Step 3 of 6: disconnect the old pack. Pull at the connector, not at the wires."),
        later("[ENTER] the old pack has been off for ten seconds"),
    ),
    Step.NEW: (
        later("Step 4 of 6: connect the new pack from the service centre."),
        later("[ENTER] the new pack is connected"),
    ),
    Step.IN: (
        later("Step 5 of 6: put the new pack in its place. No wire may be pinched."),
        later("[ENTER] the new pack is in its place"),
    ),
    Step.COVER_ON: (
        later("Step 6 of 6: put the cover on."),
        later("[ENTER] the cover is on"),
    ),
}
_ASKING = {
    Step.CONTACT: later("Looking for the unit ..."),
    Step.RUN: later("The motor runs. Hands off the lock ..."),
    Step.PROVE: later("The new pack is under load, for 4 seconds. Hands off the lock ..."),
}


def title() -> str:
    """What stands over each screen."""
    return _("lockrig: change a lock unit's battery")


def screen(procedure: Procedure, typed: str = "", label: str = "", waited_s: int = 0) -> Screen:
    """The present screen: `typed` so far, `label` to be typed in training, how long it waited."""
    step = procedure.step
    if step in (Step.LABEL, Step.LABEL_AGAIN, Step.CASE):
        return gate.typing(procedure, typed, label)
    if step in _HANDS:
        return _hands(procedure)
    if step is Step.COVER:
        return gate.cover(procedure)
    if step is Step.WAIT:
        return _wait(procedure, waited_s)
    if step in _SCREENS:
        return Screen(_SCREENS[step](procedure))
    return Screen(wrap(_(_ASKING.get(step, later("Asking the unit ...")))))


def _hands(procedure: Procedure) -> Screen:
    text, done = _HANDS[procedure.step]
    lines = []
    if procedure.hint == "never_out":
        told = _("The unit was never without power: the old pack wasn't off. Once more:")
        lines = wrap(told, "")
    elif procedure.change.out and procedure.step is Step.NEW:
        lines = wrap(_("If that is done already: ENTER."), "")
    return Screen([*lines, *wrap(_(text), "", _(done))])


def _wait(procedure: Procedure, waited_s: int) -> Screen:
    lines = wrap(_("Waiting for the unit ... {seconds} s").format(seconds=waited_s))
    if procedure.hint == "lost":
        told = _("Contact was lost. Nothing is repeated by itself: first the unit tells.")
        lines = wrap(told, "") + lines
    if waited_s >= SLOW_S:
        lines += wrap(
            "",
            _("It doesn't answer. Look at these, in this order:"),
            _("1. Is the connector of the new pack pushed home, the right way round?"),
            _("2. Is the link's cable in, and are you near enough?"),
            _("3. Is it a new pack? Try another one from the service centre."),
            _("The door can always be opened by the thumb-turn."),
        )
    return Screen([*lines, "", choice("later", _("stop here; the same command goes on later"))])


def _signs_again(_procedure: Procedure) -> list[str]:
    return [
        *wrap(
            _("The cover is off. Don't touch the pack yet: look, feel the warmth, smell, listen."),
            _("Is anything bulging, hot or wet? Any smell or hiss?"),
            _(SIGNS.hint),
            "",
        ),
        yes_no("yes", "no", "unsure"),
    ]


def _busy(_procedure: Procedure) -> list[str]:
    return wrap(_("The unit is busy. Wait a moment."), "", _("[ENTER] try again"))


def _confirm(procedure: Procedure) -> list[str]:
    lines = wrap(_("The unit is back."), "")
    if procedure.hint == "again":
        told = _("It wasn't registered: {why}. Answer again.")
        lines = wrap(told.format(why=word(RESULTS, procedure.why)), "")
    asked = _("Register the battery change of unit {unit}? Old pack out, new pack in?")
    return [
        *lines,
        *wrap(asked.format(unit=procedure.change.unit), ""),
        yes_no("yes", "no"),
        choice("give_up", _("give the change up")),
    ]


def _runs(procedure: Procedure) -> list[str]:
    locks, unlocks, needed = procedure.counts()
    door = procedure.seen is None or procedure.seen.kind == DOOR
    counted = (
        _("Counted: locked {locks} of {needed}, unlocked {unlocks} of {needed}.")
        if door
        else _("Counted: opened {unlocks} of {needed}.")
    )
    shown = {"locks": min(locks, needed), "unlocks": min(unlocks, needed), "needed": needed}
    lines = wrap(counted.format(**shown))
    if procedure.hint == "lost":
        lines += wrap("", _("Contact was lost in between. These counts are the unit's own."))
    elif procedure.last:
        lines += wrap("", _last(procedure))
    command = _(COMMANDS[procedure.next_command()])
    if door:
        lines += wrap("", _("Keep the door closed and hands off the thumb-turn."))
    return [
        *lines,
        "",
        _("[ENTER] {command} once").format(command=command),
        choice("give_up", _("give the change up")),
    ]


def _last(procedure: Procedure) -> str:
    if procedure.last["counted"]:
        return _("The last run counts.")
    why = word(UNCOUNTED, procedure.last["why"])
    why = why.format(result=word(RESULTS, procedure.last["result"]))
    return _("The last run doesn't count. {why}").format(why=why)


def _close(procedure: Procedure) -> list[str]:
    lines = wrap(_("All runs are counted. Last, the unit tests its new pack under load."), "")
    if procedure.hint == "unproved":
        lines = wrap(_("The new pack wasn't proved good."), word(UNPROVED, procedure.why), "")
    return [
        *lines,
        *wrap(_("Nothing may be plugged in. Hands off the lock for 4 seconds."), ""),
        _("[ENTER] test it"),
        choice("give_up", _("give the change up")),
    ]


_SCREENS: dict[Step, Callable[[Procedure], list[str]]] = {
    Step.RESUMED: gate.resumed,
    Step.NO_CONTACT: gate.no_contact,
    Step.ELSEWHERE: gate.elsewhere,
    Step.PULLED: gate.pulled,
    Step.SIGNS: gate.signs,
    Step.SIGNS_AGAIN: _signs_again,
    Step.BUSY: _busy,
    Step.CONFIRM: _confirm,
    Step.RUNS: _runs,
    Step.CLOSE: _close,
}
