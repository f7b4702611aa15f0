"""`lockrig battery swap`: a technician changes the battery of one unit, and proves that it works.

The command line, who is to be called, and how it ends; the change itself is `procedure`.
"""

import json
import os
import secrets
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import click

from lockhil.lab import entries
from lockrig.battery.change import DESK, ROLES, STAFF, VALID_FOR
from lockrig.battery.driver import Driver
from lockrig.battery.ending import Ending
from lockrig.battery.opening import PACKS, carries_world, open_training, open_unit
from lockrig.battery.procedure import Procedure
from lockrig.battery.receipt import document
from lockrig.battery.result import result
from lockrig.battery.screens import title
from lockrig.battery.unit import Unit
from lockrig.config import ServiceDesk, load, service_desk
from lockrig.diagnose.clearing import CASE
from lockrig.diagnose.command import example_desk
from lockrig.diagnose.keeping import now
from lockrig.diagnose.printer import Printer
from lockrig.diagnose.refusing import refusing
from lockrig.diagnose.result import result as diagnosis_result
from lockrig.diagnose.terminal import Terminal, usable
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import LANGUAGES, _, choose, speak
from lockrig.records.store import root
from lockrig.targets import credential_option, known, read_credential


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    target: str | None
    role: str
    case: str | None
    pack: str
    new_pack: str
    silent: bool
    label: str | None
    folder: Path
    as_json: bool
    out: TextIO
    credential: Path | None

    @property
    def training(self) -> bool:
        """Whether the unit is one to train on."""
        return self.target is not None and carries_world(self.target)


@click.command("swap")
@click.argument("target", required=False)
@click.option("--role", type=click.Choice(ROLES), default=STAFF, help="Who does it.")
@click.option("--case", metavar="REFERENCE", help="The service desk's case; with --role desk.")
@click.option(
    "--pack",
    type=click.Choice([*PACKS, "random"]),
    default="weak",
    help="Training: the battery in the unit; a random one is revealed afterwards.",
)
@click.option(
    "--new-pack", type=click.Choice(PACKS), default="good", help="Training: the one that comes in."
)
@click.option("--silent", is_flag=True, help="Training: no contact before the new one is in.")
@click.option("--unit", "label", metavar="LABEL", help="Training: the simulated unit's label.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; else the locale's.")
@click.option("--config", "config_file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--records", type=click.Path(path_type=Path), metavar="DIR", help="Where to keep them."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@credential_option
def command(
    *,
    target: str | None,
    role: str,
    case: str | None,
    pack: str,
    new_pack: str,
    silent: bool,
    label: str | None,
    lang: str | None,
    config_file: Path | None,
    records: Path | None,
    as_json: bool,
    credential: Path | None,
) -> int:
    """Change the battery of one unit, and prove that it works.

    TARGET is the unit's link: serial:PORT, virtual:NAME; sim and virtual are training. Without one
    the unit is without contact: the push button decides, and the new pack is proved later. What was
    broken off goes on by the same command. Not certified, not any vendor's product; the provider's
    own routine prevails.

    Exit codes: 0 changed and proved; 1 refused or given up; 3 safety stop, service desk; 4 no
    contact, busy or inconclusive; 2 wrong usage; 130 ctrl-C.
    """
    speak(choose(lang, os.environ))
    out = sys.stderr if as_json else sys.stdout
    options = Options(
        target, role, case, pack, new_pack, silent, label, root(records), as_json, out, credential
    )
    with refusing() as here:
        # A board's name is one of that file's too.
        entries.use(lambda: load(config_file).boards)
        _check(options)
        config = load(config_file)
        desk = here.desk = example_desk(config) if options.training else service_desk(config)
        return _train(options, desk) if options.training else _real(options, desk)


def _check(options: Options) -> None:
    if options.target is not None:
        known(options.target)
    if options.credential is not None:
        if options.target is None or options.training:
            raise LockrigError(_("--credential is for a unit on its line: TARGET"), Exit.USAGE)
        read_credential(options.credential)
    if (options.role == DESK) != (options.case is not None):
        raise LockrigError(_("--role desk and --case REFERENCE go together"), Exit.USAGE)
    if options.case is not None and not CASE.fullmatch(options.case):
        raise LockrigError(
            _("a case reference has 3 to 40 letters, digits, . / or -, one digit at least"),
            Exit.USAGE,
        )
    trained = (
        options.label or options.silent or (options.pack, options.new_pack) != ("weak", "good")
    )
    if trained and not options.training:
        raise LockrigError(
            _("--pack, --new-pack, --silent and --unit are for training: sim or virtual"),
            Exit.USAGE,
        )
    if not usable(options.out):
        raise LockrigError(
            _("this needs a person at a terminal: start it there, without a pipe"), Exit.USAGE
        )


def _real(options: Options, desk: ServiceDesk) -> int:
    return _change(options, desk, open_unit(options.target, options.credential))


def _train(options: Options, desk: ServiceDesk) -> int:
    with ExitStack() as held:
        unit, pack = open_training(
            held,
            str(options.target),
            (options.pack, options.new_pack),
            options.label,
            silent=options.silent,
        )
        code = _change(options, desk, unit)
    revealed = _("The training unit's battery was: {pack}").format(pack=pack)
    Printer(options.out, training=True).line(revealed)
    return code


def _change(options: Options, desk: ServiceDesk, unit: Unit | None) -> int:
    procedure = Procedure(options.role, options.case or "", now(), secrets.token_hex(4))
    driver = Driver(procedure, options.folder, options.out, unit, options.target)
    with Terminal(options.out) as terminal:
        driver.run(terminal)
        terminal.draw("")
    _tell(options, desk, driver)
    return int(procedure.exit_code)


def _tell(options: Options, desk: ServiceDesk, driver: Driver) -> None:
    procedure = driver.procedure
    local = datetime.now().astimezone()
    receipt: dict[str, Any] | None = None
    if procedure.change.result:
        receipt = document(procedure, options.target, options.training)
    unit = procedure.change.unit
    if procedure.ending is Ending.VERDICT and procedure.outcome is not None:
        until = local + VALID_FOR
        last = diagnosis_result(procedure.outcome, desk, local, until)
        Printer(options.out, training=options.training).result(last, unit)
    else:
        last = result(procedure, desk, receipt, local)
        Printer(options.out, training=options.training, title=title()).result(last, unit)
    if options.as_json:
        kept = driver.kept.receipt if driver.kept else None
        whole = {
            "unit": unit,
            "training": options.training,
            "ending": procedure.ending.name.lower() if procedure.ending else None,
            "exit_code": int(procedure.exit_code),
            "receipt": receipt,
            "record": str(kept) if kept else None,
        }
        click.echo(json.dumps(whole, ensure_ascii=False, indent=1))
