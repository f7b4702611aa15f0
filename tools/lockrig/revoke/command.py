"""The command `lockrig revoke`: its options, its words and its exit codes."""

import secrets
import time
from contextlib import ExitStack
from pathlib import Path

import click

from lockhil.client import Link, LinkTimeoutError, RpcError
from lockhil.contact import open_contact
from lockhil.session.credentials import Role
from lockhil.session.link import SealedLink
from lockrig.credential.times import shown
from lockrig.errors import Exit, LockrigError
from lockrig.keystore.options import keystore_options, unlocker
from lockrig.keystore.store import KeyStore, UnitKeys, locate, open_store
from lockrig.revoke.epochs import bump, enter, hello, issuer
from lockrig.targets import LOST, known, one_line
from lockrig.targets import enter as reach


@click.command("revoke")
@click.argument("target")
@click.option("--look", is_flag=True, help="Revoke nothing: find out which epoch the unit is in.")
@keystore_options
def command(*, target: str, look: bool, keystore: Path | None, passphrase_from: str | None) -> int:
    """End all credentials of the unit at TARGET, and say who needs a new one.

    A unit keeps no list of its users, so that one can't be taken off it: all end at once, with
    their sessions. Whoever still may come in gets a new one (lockrig credential).

    Exit codes: 0 done; 1 the unit refuses, or its key isn't the kept one; 2 wrong usage, or no such
    unit in the key store; 4 no contact, or it was lost: run it again, it goes on.
    """
    known(target)
    with (
        open_store(locate(keystore), unlocker(passphrase_from)) as store,
        ExitStack() as stack,
    ):
        contact = reach(stack, open_contact(target))
        link = contact.link
        link.send_raw(b"\n")
        try:
            unit = hello(link)
            keys = store.known(unit)
            done = _revoked(store, unit, keys, link, look=look)
        except (*LOST, LinkTimeoutError) as error:
            raise LockrigError(
                f"contact lost: {one_line(error)}; whether it is revoked isn't known: run it again",
                Exit.NO_CONTACT,
            ) from None
        except RpcError as error:
            raise LockrigError(f"the unit refuses: {one_line(error)}") from None
        _tell(unit, keys, done)
    return Exit.PASSED


def _revoked(store: KeyStore, unit: str, keys: UnitKeys, link: Link, *, look: bool) -> str:
    """Do it, or go on with what an earlier run began; what was done."""
    before, sought = keys.epoch, keys.epoch_sought
    wallet = issuer(unit, keys)
    first_id = secrets.randbelow(1_000_000) * 10_000
    session = SealedLink(link.transport, wallet, Role.SERVICE, first_id=first_id)
    enter(session, wallet, keys)
    keys.epoch_sought = False
    store.save()
    if look:
        return f"{unit} is in epoch {keys.epoch}"
    if sought and keys.epoch > before:
        return f"{unit} began epoch {keys.epoch} already, when it was asked before"
    bump(session, keys, store.save)
    return f"{unit} is in epoch {keys.epoch} now"


def _tell(unit: str, keys: UnitKeys, done: str) -> None:
    click.echo(f"lockrig: {done}; credentials of earlier ones are no good any more", err=True)
    for told in keys.valid(int(time.time())):
        role = Role(told.role).name.lower()
        click.echo(
            f"{told.user}\t{role}\t{shown(told.not_before_s)}\t{shown(told.not_after_s)}\t"
            f"lockrig credential {unit} --id {told.user} --role {role} "
            f"--until {shown(told.not_after_s).replace(' ', 'T')}"
        )
