"""The command `lockrig provision`: its options, its words and its exit codes."""

from pathlib import Path

import click

from lockhil.boards.address import AddressError, NotThereError, parse
from lockhil.boards.repl import BoardError, NoContactError, NotAConsoleError
from lockrig.clock.computer import now_s
from lockrig.errors import Exit, LockrigError
from lockrig.keystore.options import keystore_options, unlocker
from lockrig.keystore.store import locate, open_store
from lockrig.provision.procedure import provision
from lockrig.provision.silent import found_on_link
from lockrig.targets import one_line


@click.command("provision")
@click.argument("target")
@click.option("--again", is_flag=True, help="Give another key to a unit that has one.")
@click.option("--link", help="The unit's link, asked where its console is closed.")
@keystore_options
def command(
    *,
    target: str,
    again: bool,
    link: str | None,
    keystore: Path | None,
    passphrase_from: str | None,
) -> int:
    """Make the key of the lock for the unit whose console is TARGET, keep it, and give it to it.

    From its next start on, which comes at once, it is a production unit: it opens to credentials
    alone (lockrig credential), and its console is closed. Its clock is set to this computer's. The
    key stays in the key store, which is made where there is none; it is never printed. Whatever
    breaks it off: run it again.

    Exit codes: 0 the unit has its key; 1 it has another already, or refuses; 2 wrong usage, or no
    key store; 4 no contact.
    """
    try:
        address = parse(target)
    except AddressError as error:
        raise LockrigError(one_line(error), Exit.USAGE) from None
    except NotThereError as error:
        raise LockrigError(one_line(error), Exit.NO_CONTACT) from None
    # Where it is wrong here nothing is kept, and nothing asked of the board.
    now_s()
    if again:
        click.echo("lockrig: every credential for this unit ends with its new key", err=True)
    with open_store(locate(keystore), unlocker(passphrase_from), new=True) as store:
        try:
            done = provision(address.console, store, again=again)
        except BoardError as error:
            raise LockrigError(f"the board refuses: {one_line(error)}", Exit.FAILED) from None
        except NotAConsoleError as error:
            raise LockrigError(one_line(error), Exit.USAGE) from None
        except NoContactError as error:
            found = found_on_link(store, link or address.link)
            if found is None:
                raise LockrigError(one_line(error), Exit.NO_CONTACT) from None
            done = found
        kept = store.path
    how = "has the key that was kept for it before" if done.went_on else "has its key"
    click.echo(f"lockrig: {done.unit} {how}, epoch {done.epoch}, kept in {kept}", err=True)
    clock = "its clock is set" if done.clock_set else "lockrig clock --set sets its clock"
    click.echo(f"lockrig: {clock}", err=True)
    return Exit.PASSED
