"""The command `lockrig credential`: a file that lets one user into one unit, for a time."""

import time
from pathlib import Path

import click

from lockhil.session.credentialfile import encode, user_bytes
from lockhil.session.credentials import Role
from lockrig.credential.times import seconds, shown
from lockrig.errors import Exit, LockrigError
from lockrig.keystore.options import keystore_options, unlocker
from lockrig.keystore.private import write_new
from lockrig.keystore.store import issue, locate, open_store

# Good at once is good from a day ago on: the unit's clock may be slow, and whoever gets it is meant
# to come in.
_SLOW_S = 86_400
_ROLES = tuple(role.name.lower() for role in Role)


def _user(_: click.Context, __: click.Parameter, value: str) -> str:
    try:
        user_bytes(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return value


@click.command("credential")
@click.argument("unit")
@click.option("--role", required=True, type=click.Choice(_ROLES), help="What the user may do.")
@click.option(
    "--id", "user", required=True, callback=_user, help="The user's id, at most 16: not a name."
)
@click.option("--from", "from_", help="The first day or moment; else at once.")
@click.option("--until", required=True, help="The last day or moment, included.")
@click.option("--out", type=click.Path(path_type=Path), help="The new file; else here.")
@keystore_options
def command(
    *,
    unit: str,
    role: str,
    user: str,
    from_: str | None,
    until: str,
    out: Path | None,
    keystore: Path | None,
    passphrase_from: str | None,
) -> int:
    """Make a credential of a user for UNIT, in a file that nobody else reads.

    It can't be taken back alone before it ends, so let it end early: days, not years. Days and
    moments without a zone are this computer's. The file has the user's key, never the lock's.

    Exit codes: 0 the file is there; 1 the unit's key isn't known for sure; 2 wrong usage, no such
    unit in the key store, or the file can't be written; 4 the key store is in use.
    """
    now_s = int(time.time())
    first_s = seconds(from_, end=False) if from_ else now_s - _SLOW_S
    times = (first_s, seconds(until, end=True))
    if times[1] < max(times[0], now_s):
        raise LockrigError(
            f"expected an end after now and after the beginning, got {shown(times[1])}", Exit.USAGE
        )
    path = out or Path(f"{unit}-{user}.credential")
    with open_store(locate(keystore), unlocker(passphrase_from)) as store:
        keys = store.known(unit)
        try:
            made = issue(keys, unit, user, Role[role.upper()], times)
        except ValueError as error:
            raise LockrigError(str(error), Exit.USAGE) from None
        # Noted first: one that is out and that nobody knows of would be missed by a revocation.
        store.save()
        write_new(path, encode(made))
    click.echo(
        f"lockrig: {path}: {user}, {role} of {unit}, {shown(times[0])} to {shown(times[1])}, "
        f"epoch {keys.epoch}",
        err=True,
    )
    return Exit.PASSED
