"""The service desk lifts a unit's stop after it has seen to the unit, under its own case.

Nobody else may; who they are isn't checked here, and no name is kept. A real unit's records only.
"""

import re
from pathlib import Path
from typing import TextIO

import click

from lockrig.diagnose.keeping import now
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.records.record import normal_label
from lockrig.records.store import BusyError, open_unit

# With a digit, so that it is a case and no person.
CASE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 ./-]{2,39}")


def clear(case: str, folder: Path, out: TextIO) -> int:
    """Ask for the unit and for confirmation, then record the clearing."""
    if not CASE.fullmatch(case):
        raise LockrigError(
            _("a case reference has 3 to 40 letters, digits, . / or -, one digit at least"),
            Exit.USAGE,
        )
    click.echo(_("Only the service desk may do this, after it has seen to the unit."), file=out)
    unit = _label(_("Label of the unit"))
    if unit != _label(_("The same label once more")):
        raise LockrigError(_("The two didn't match. Read the label again."), Exit.USAGE)
    asked = _("Lift the stop of {unit} under case {case}? Type the case again to confirm")
    if _prompt(asked.format(unit=unit, case=case)).strip() != case:
        raise LockrigError(_("not confirmed: the stop stands"), Exit.FAILED)
    try:
        with open_unit(folder, unit, training=False) as records:
            records.clear(case, now())
    except BusyError:
        raise LockrigError(
            _("Somebody else is testing this unit right now, on this computer."), Exit.NO_CONTACT
        ) from None
    except OSError as error:
        raise LockrigError(
            _("the clearing can't be written ({reason}): the stop stands").format(
                reason=error.strerror or error
            ),
            Exit.NO_CONTACT,
        ) from None
    click.echo(_("Lifted. The unit may be tested again; that it passes isn't said."), file=out)
    return Exit.PASSED


def _label(text: str) -> str:
    label = normal_label(_prompt(text))
    if label is None:
        raise LockrigError(_("A label is 3 to 32 letters A-Z, digits or hyphens."), Exit.USAGE)
    return label


def _prompt(text: str) -> str:
    answer: str = click.prompt(text, err=True)
    return answer
