"""The command `lockrig update`: its options, its words and its exit codes."""

from pathlib import Path

import click

from lockhil.update.package import LONGEST, NotAPackageError, Package, decode
from lockrig.errors import Exit, LockrigError
from lockrig.targets import credential_option, known
from lockrig.trace.terminal import safe
from lockrig.update.outcome import Outcome, say
from lockrig.update.procedure import carry_out


@click.command("update")
@click.argument("target")
@click.argument("package", type=click.Path(path_type=Path))
@credential_option
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
def command(*, target: str, package: Path, credential: Path | None, json_: bool) -> int:
    """Bring the firmware in PACKAGE to the unit on whose link TARGET is, see it run, confirm it.

    It takes a service credential. A contact that is lost is sought again; whenever it ends early,
    the same command goes on where it was. What the unit runs stays until it has verified all of it.

    Exit codes: 0 updated, or up to date; 1 refused, or the new firmware doesn't run there; 2 wrong
    usage, or no whole package; 4 no contact, contact lost or busy; 130 ctrl-C.
    """
    outcome = Outcome(target)
    try:
        if credential is None:
            raise click.UsageError("expected --credential FILE, of service")
        known(target)
        outcome.package = _read(package)
        carry_out(outcome, outcome.package, credential, quiet=json_)
        outcome.exit_code = Exit.PASSED
    except LockrigError as error:
        outcome.error, outcome.exit_code = str(error), error.exit_code
        raise
    except click.UsageError as error:
        outcome.error, outcome.exit_code = error.message, Exit.USAGE
        raise
    finally:
        if json_:
            click.echo(outcome.as_json())
    if not json_:
        say(outcome)
    return Exit.PASSED


def _read(path: Path) -> Package:
    """LockrigError (usage)."""
    shown = safe(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
    except OSError as error:
        raise LockrigError(f"can't read {shown}: {error.strerror or error}", Exit.USAGE) from None
    if len(data) > LONGEST:
        raise LockrigError(f"{shown}: expected a package of at most {LONGEST >> 20} MB", Exit.USAGE)
    try:
        return decode(data)
    except NotAPackageError as error:
        raise LockrigError(f"{shown} is no whole package: {error}", Exit.USAGE) from None
