"""The command `lockrig journal`: a unit's records, read, checked, and freed when asked to.

It moves nothing and judges no battery: what a unit says of itself is its own account.
"""

import json
from contextlib import ExitStack
from pathlib import Path

import click

from lockhil.client import LinkTimeoutError, RpcError
from lockhil.contact import Contact, open_contact
from lockhil.journal.check import Checker
from lockhil.journal.key import parse
from lockhil.journal.reader import Held, NoJournalError, acknowledge, read_page
from lockrig.errors import Exit, LockrigError
from lockrig.journal import keyfile, wording
from lockrig.journal.found import Found, Places
from lockrig.targets import LOST, enter, known, one_line
from lockrig.trace.terminal import say

# A page that doesn't come is asked for again: nothing is lost by that.
_TRIES = 4


def _keys(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> list[bytes]:
    """Each is hex, or a file that holds it; the text itself isn't repeated."""
    keys = []
    for value in values:
        try:
            keys.append(parse(value))
        except ValueError:
            try:
                keys.append(parse(Path(value).read_text(encoding="utf-8")))
            except (OSError, ValueError):
                raise click.BadParameter(
                    "expected 64 hexadecimal digits, or a file that holds them and nothing else"
                ) from None
    return keys


@click.command("journal")
@click.argument("target")
@click.option("--verify", is_flag=True, help="Insist on signatures; needs --key.")
@click.option(
    "--key",
    "keys",
    multiple=True,
    callback=_keys,
    metavar="HEX|FILE",
    help="The journal's key, to check signatures by; again for earlier keys.",
)
@click.option("--ack", is_flag=True, help="If nothing is wrong: the unit may free what was read.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
@click.option(
    "--take-key", metavar="FILE", help="Take the key over the board's console; given once."
)
@click.option(
    "--new-key", metavar="FILE", help="Make a new key, and put it there over the console."
)
def command(
    target: str,
    *,
    verify: bool,
    keys: list[bytes],
    ack: bool,
    json_: bool,
    take_key: str | None,
    new_key: str | None,
) -> int:
    """Print the journal of the unit at TARGET, oldest record first, and what is wrong with it.

    Checksums and numbers are always checked, signatures with --key. With --take-key or --new-key
    only that is done: TARGET is then the board's console, and the unit is started again.

    Exit codes: 0 whole and, as far as was asked, genuine; 1 a record is damaged, forged or
    missing, or the unit doesn't give what was asked; 4 no contact, or contact lost; 2 wrong usage.
    """
    if take_key or new_key:
        if (take_key and new_key) or verify or ack or json_ or keys:
            raise click.UsageError("expected --take-key or --new-key alone")
        return keyfile.carry_out(target, take_key, new_key)
    if verify and not keys:
        raise click.UsageError("expected --key with --verify: take it with --take-key, once")
    known(target)
    with ExitStack() as stack:
        contact = enter(stack, open_contact(target))
        try:
            return _report(contact, keys, ack, json_)
        except (*LOST, LinkTimeoutError) as error:
            raise LockrigError(f"contact lost: {one_line(error)}", Exit.NO_CONTACT) from None
        except (RpcError, NoJournalError) as error:
            raise LockrigError(
                f"expected a unit that keeps a journal, it says: {one_line(error)}", Exit.FAILED
            ) from None


def _report(contact: Contact, keys: list[bytes], ack: bool, json_: bool) -> int:
    if contact.clock_kind == "real":
        # Half a line may lie there from whoever was here before.
        contact.link.send_raw(b"\n")
    checker = Checker(keys)
    held, read = _read(contact, checker)
    found = Found(contact.name, held, read, checker, checker.end(held), bool(keys))
    if ack and not found.findings and read:
        found.acked = read[-1][0].seq
        acknowledge(contact.link, found.acked)
    if json_:
        say(json.dumps(found.document(), indent=2))
    else:
        for slot, record in read:
            say(wording.line(slot, record))
        for text in found.summary(ack):
            click.echo(f"lockrig: {text}", err=True)
    return Exit.FAILED if found.findings else Exit.PASSED


def _read(contact: Contact, checker: Checker) -> tuple[Held, Places]:
    """All that the unit held when it was asked first; a page that got lost is asked for again."""
    read: Places = []
    after, last, tries = 0, None, 0
    while True:
        try:
            page = read_page(contact.link, after)
        except LinkTimeoutError:
            tries += 1
            if tries == _TRIES:
                raise
            continue
        tries = 0
        last = page.held.last if last is None else last
        for slot in page.slots:
            read.append((slot, checker.take(slot)))
            after = slot.seq
        if not page.slots or after >= last:
            held = page.held
            return Held(held.first, max(last, after), held.acked, held.refused), read
