"""`lockrig battery state`: how a unit's battery stands, and whether a change is open.

It asks and changes nothing there, and remembers what it was told for the overview; a good level
isn't permission to open anything.
"""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from lockrig.battery.opening import carries_world, opener
from lockrig.battery.unit import NoContactError, Unit
from lockrig.battery.wording import GROUNDS, LEVELS, PHASES, word
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import LANGUAGES, _, choose, speak
from lockrig.overview.remembering import remember_report
from lockrig.records.store import root
from lockrig.targets import credential_option, known


@click.command("state")
@click.argument("target")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; else the locale's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option(
    "--remember/--no-remember", default=True, help="Keep it for the overview; else only tell it."
)
@click.option("--records", type=click.Path(path_type=Path), metavar="DIR", help="Where to keep it.")
@credential_option
def command(
    *,
    target: str,
    lang: str | None,
    as_json: bool,
    remember: bool,
    records: Path | None,
    credential: Path | None,
) -> int:
    """Say how the battery of the unit at TARGET stands, and whether a change of it is open."""
    speak(choose(lang, os.environ))
    known(target)
    unit = Unit(opener(target, credential))
    try:
        seen = unit.look()
        life = unit.call("unit.life") if remember else {}
    except NoContactError as error:
        told = _("No contact with the unit: {why}").format(why=error)
        raise LockrigError(told, Exit.NO_CONTACT) from None
    finally:
        unit.close()
    if remember:
        remember_report(root(records), seen, life, training=carries_world(target))
    if as_json:
        click.echo(json.dumps(asdict(seen), ensure_ascii=False, indent=1))
        return Exit.PASSED
    fresh = _("fresh") if seen.fresh else _("not fresh")
    level, ground = word(LEVELS, seen.level), word(GROUNDS, seen.ground)
    click.echo(_("Lock unit: {unit}").format(unit=seen.unit))
    click.echo(_("Battery: {level} ({fresh})").format(level=level, fresh=fresh))
    click.echo(_("Suspicion: {ground}").format(ground=ground))
    click.echo(_("Change: {phase}").format(phase=word(PHASES, seen.phase)))
    return Exit.PASSED
