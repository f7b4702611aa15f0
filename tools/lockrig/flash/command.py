"""`lockrig flash`: puts the firmware on a board and sees it run.

What it does to the board is `lockhil.boards`'; here are the options, the words and the exit codes.
"""

from collections.abc import Callable
from pathlib import Path

import click

from lockhil.boards.address import AddressError, NotThereError, parse
from lockhil.boards.firmware import load
from lockhil.boards.flash import FlashError, State
from lockhil.boards.plan import MissingError, RefusedError, Wishes
from lockhil.boards.repl import BoardError, NoContactError, NotAConsoleError
from lockhil.boards.running import NotRunningError
from lockhil.client import Link, Transport
from lockhil.firmware import FirmwareError
from lockhil.lab.entries import Board, boards
from lockhil.probe.wiring import WiringError
from lockrig.errors import Exit, LockrigError
from lockrig.firmware_folder import firmware_folder
from lockrig.flash.outcome import Outcome, say
from lockrig.flash.procedure import Job, carry_out
from lockrig.flash.runtime import install
from lockrig.targets import configured_credential, credential_option, read_credential
from lockunit.settings import KINDS

_CODES: dict[type[Exception], Exit] = {
    AddressError: Exit.USAGE,
    MissingError: Exit.USAGE,
    FirmwareError: Exit.USAGE,
    WiringError: Exit.USAGE,
    NotAConsoleError: Exit.USAGE,
    RefusedError: Exit.FAILED,
    FlashError: Exit.FAILED,
    BoardError: Exit.FAILED,
    NotRunningError: Exit.FAILED,
    NotThereError: Exit.NO_CONTACT,
    NoContactError: Exit.NO_CONTACT,
}


@click.command("flash")
@click.argument("target", required=False)
@click.option(
    "--runtime",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="MicroPython itself onto the chip: its .bin or .uf2, and none of the firmware.",
)
@click.option(
    "--drive",
    type=click.Path(path_type=Path),
    help="Where the chip's BOOTSEL drive is mounted, for a .uf2.",
)
@click.option(
    "--firmware", type=click.Path(path_type=Path), help="Flash the firmware in this folder."
)
@click.option("--unit", help="The label of a unit that has none yet: at most 16 of A-Z, 0-9, -.")
@click.option("--kind", type=click.Choice(KINDS), help="The kind of lock of such a unit.")
@click.option("--board", help="Which pins are which (boards/*.json), where that can't be told.")
@click.option("--link", help="The unit's link, if its version is to be asked for there.")
@credential_option
@click.option("--probe", is_flag=True, help="Make it the probe of another board, a unit's.")
@click.option("--wiring", default="virtual", help="How a probe is wired: a name, or a file.")
@click.option("--adopt", is_flag=True, help="Take a board that has somebody else's program.")
@click.option("--downgrade", is_flag=True, help="Put older firmware over newer.")
@click.option("--dry-run", is_flag=True, help="Say what would be copied, and copy nothing.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(
    context: click.Context,
    *,
    target: str | None,
    runtime: Path | None,
    drive: Path | None,
    firmware: Path | None,
    unit: str | None,
    kind: str | None,
    board: str | None,
    link: str | None,
    credential: Path | None,
    probe: bool,
    wiring: str,
    adopt: bool,
    downgrade: bool,
    dry_run: bool,
    json_: bool,
) -> int:
    """Put the firmware on the board whose console is TARGET, and see it run.

    TARGET is serial:PORT (a device, socket://HOST:PORT or rfc2217://HOST:PORT), virtual:NAME of a
    virtual board that runs, or a board's name in lockrig.toml. What the unit stored, and what
    isn't ours, stays. With --probe the board becomes the instrument beside a unit: docs/probe.md.
    """
    if runtime is not None:
        _refuse_others(context)
        return install(runtime, target, drive, json_=json_)
    if target is None or drive is not None:
        raise click.UsageError("expected TARGET, or --runtime FILE, to which alone --drive belongs")
    outcome = Outcome(target)
    try:
        named = boards().get(target, Board())
        unit, board = unit or named.unit or None, board or named.board or None
        credential = credential or configured_credential(target)
        wishes = Wishes(unit, kind, board, adopt=adopt, downgrade=downgrade)
        seal = _sealing(credential) if credential is not None else None
        _flash(
            outcome, firmware, Job(wishes, link, dry_run, json_, seal), wiring if probe else None
        )
        outcome.exit_code = Exit.PASSED
    except LockrigError as error:
        outcome.error, outcome.exit_code = str(error), error.exit_code
        raise
    finally:
        if json_:
            click.echo(outcome.as_json())
    if not json_:
        say(outcome)
    return Exit.PASSED


def _refuse_others(context: click.Context) -> None:
    """With --runtime no firmware is put anywhere: what is said of that is a mistake."""
    told = click.core.ParameterSource.COMMANDLINE
    given = {name for name in context.params if context.get_parameter_source(name) == told}
    others = sorted(given - {"target", "runtime", "drive", "json_"})
    if others:
        raise click.UsageError(f"--runtime puts no firmware there: leave --{others[0]} out")


def _sealing(path: Path) -> Callable[[Transport, int], Link]:
    """Makes links in sessions of the credential in this file. LockrigError."""
    held = read_credential(path)

    def sealed(transport: Transport, first_id: int) -> Link:
        # Nobody waits for cryptography who has no use for it.
        from lockrig.sealing import CarriedLink  # noqa: PLC0415

        return CarriedLink(transport, held, first_id)

    return sealed


def _flash(outcome: Outcome, folder: Path | None, job: Job, wiring: str | None) -> None:
    """Everything that goes wrong becomes one line that says what the board has now."""
    try:
        address = parse(outcome.target)
        job.link = job.link or address.link
        if wiring is not None:
            # Nobody waits for it who flashes a unit.
            from lockrig.flash import probe  # noqa: PLC0415

            probe.carry_out(outcome, address.console, wiring, job)
            return
        firmware = load(firmware_folder(folder) if folder is not None else None)
        carry_out(outcome, address.console, firmware, job)
    except tuple(_CODES) as error:
        code = next(code for kind, code in _CODES.items() if isinstance(error, kind))
        lost = code == Exit.NO_CONTACT and outcome.who is not None
        left = _left(job, State.UNCHANGED if lost else None)
        raise LockrigError(f"{error}{left}", code) from None
    except LockrigError as error:
        # What the unit has against the credential.
        raise LockrigError(f"{error}{_left(job, None)}", error.exit_code) from None
    except KeyboardInterrupt:
        left = _left(job, State.UNCHANGED)
        raise LockrigError(f"interrupted{left}", Exit.INTERRUPTED) from None


def _left(job: Job, otherwise: State | None) -> str:
    """What the board has now."""
    state = job.flash.state if job.flash is not None else otherwise
    return f"; {state.value}" if state is not None else ""
