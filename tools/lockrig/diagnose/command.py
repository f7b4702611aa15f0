"""`lockrig diagnose`: may this unit's battery be changed, and by whom?

The command line, who is to be called, and how it ends; the procedure itself is `procedure`.
"""

import json
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click

from lockrig.config import EXAMPLE, Config, ServiceDesk, load, service_desk
from lockrig.diagnose.clearing import clear
from lockrig.diagnose.driver import Driver
from lockrig.diagnose.keeping import now
from lockrig.diagnose.outcome import Outcome
from lockrig.diagnose.printer import Printer
from lockrig.diagnose.procedure import Procedure
from lockrig.diagnose.refusing import refusing
from lockrig.diagnose.result import VALID_FOR, result
from lockrig.diagnose.terminal import RealClock, Terminal, usable
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import LANGUAGES, _, choose, speak
from lockrig.records.store import Attempt, root

PACKS = ("good", "weak", "discharged")


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    target: str | None
    observe: bool
    pack: str
    unit: str | None
    folder: Path
    as_json: bool
    out: TextIO


@click.command()
@click.argument("target", required=False)
@click.option("--observe", is_flag=True, help="With a target: watch its lights yourself.")
@click.option(
    "--pack",
    type=click.Choice([*PACKS, "random"]),
    default="good",
    help="Training: the battery in the simulated unit; a random one is revealed afterwards.",
)
@click.option("--unit", metavar="LABEL", help="Training: the simulated unit's label.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; else the locale's.")
@click.option("--config", "config_file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--records", type=click.Path(path_type=Path), metavar="DIR", help="Where to keep them."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option(
    "--service-desk-case",
    metavar="REFERENCE",
    help="For the service desk alone: lift a unit's stop, under this case.",
)
def command(
    *,
    target: str | None,
    observe: bool,
    pack: str,
    unit: str | None,
    lang: str | None,
    config_file: Path | None,
    records: Path | None,
    as_json: bool,
    service_desk_case: str | None,
) -> int:
    """Find out whether a unit's battery may be changed, and by whom.

    Without TARGET: any unit with a push button and a green and a red light, by your own eyes. With
    TARGET sim: training. Not certified, not any vendor's product; the provider's own routine
    prevails.
    """
    speak(choose(lang, os.environ))
    out = sys.stderr if as_json else sys.stdout
    options = Options(target, observe, pack, unit, root(records), as_json, out)
    with refusing() as here:
        _check(options)
        config = load(config_file)
        desk = here.desk = example_desk(config) if target else service_desk(config)
        if service_desk_case is not None:
            return clear(service_desk_case, options.folder, out)
        return _train(options, desk) if target else _real(options, desk)


def _check(options: Options) -> None:
    if options.target not in (None, "sim"):
        raise LockrigError(
            _("unknown target {target}: leave it out for a real unit, or use sim to train").format(
                target=repr(options.target)
            ),
            Exit.USAGE,
        )
    if options.target is None and (options.observe or options.unit or options.pack != "good"):
        raise LockrigError(_("--observe, --pack and --unit need the target sim"), Exit.USAGE)
    if (options.target is None or options.observe) and not usable(options.out):
        raise LockrigError(
            _("this needs a person at a terminal: start it there, without a pipe"), Exit.USAGE
        )


def example_desk(config: Config) -> ServiceDesk:
    """Training works without a configuration, with an address that is marked as an example."""
    if config.service_desk is not None:
        return config.service_desk
    phone, email = (line.split('"')[1] for line in EXAMPLE.splitlines()[1:])
    mark = _("(example)")
    return ServiceDesk(f"{phone} {mark}", f"{email} {mark}")


def _real(options: Options, desk: ServiceDesk) -> int:
    procedure = Procedure(resolution_ms=RealClock.resolution_ms)
    printer = Printer(options.out, training=False)
    driver = Driver(procedure, printer, options.folder, RealClock())
    with Terminal(options.out) as terminal:
        driver.run(terminal)
        terminal.draw("")
    return _tell(options, desk, procedure.outcome, driver.attempt)


def _train(options: Options, desk: ServiceDesk) -> int:
    # Imported here: a real diagnosis must not depend on a simulator.
    from lockrig.diagnose import training  # noqa: PLC0415

    with ExitStack() as held:
        target, pack = training.open_unit(held, options.pack, options.unit, PACKS)
        if options.observe:
            outcome, attempt = training.observe(target, options.folder, options.out)
        else:
            outcome, attempt = training.press(target, options.folder)
        code = _tell(options, desk, outcome, attempt)
    revealed = _("The training unit's battery was: {pack}").format(pack=pack)
    Printer(options.out, training=True).line(revealed)
    return code


def _tell(options: Options, desk: ServiceDesk, outcome: Outcome, attempt: Attempt | None) -> int:
    begun = attempt.record.at if attempt else now()
    until = begun + VALID_FOR
    last = result(outcome, desk, datetime.now().astimezone(), until.astimezone())
    Printer(options.out, training=options.target is not None).result(last, outcome.unit)
    if options.as_json:
        verdict = outcome.verdict
        document = {
            "unit": outcome.unit,
            "training": options.target is not None,
            "ending": outcome.ending.name.lower() if outcome.ending else None,
            "exit_code": int(outcome.exit_code),
            "verdict": verdict.as_dict() if verdict else None,
            "record": str(attempt.path) if attempt else None,
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
    return int(outcome.exit_code)
