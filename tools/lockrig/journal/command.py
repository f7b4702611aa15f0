"""The command `lockrig journal`: a unit's records, read, checked, and freed when asked to.

It moves nothing and judges no battery: what a unit says of itself is its own account.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from lockhil.client import LinkTimeoutError, RpcError
from lockhil.contact import Contact
from lockhil.journal.kept import CantKeepError, InUseError, Kept, NotKeptError, open_kept
from lockhil.journal.key import parse
from lockhil.journal.reader import NoJournalError
from lockhil.journal.visit import OtherUnitError, visit
from lockrig.errors import Exit, LockrigError
from lockrig.journal import keyfile, wording
from lockrig.journal.found import Found
from lockrig.targets import (
    LOST,
    asks_for_credential,
    contact_with,
    credential_option,
    enter,
    known,
    one_line,
)
from lockrig.trace.terminal import safe, say


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
@click.option(
    "--file", "file_", metavar="FILE", help="Keep the records in FILE, and go on in it next time."
)
@click.option("--ack", is_flag=True, help="If nothing is wrong: the unit may free what FILE holds.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
@click.option(
    "--take-key", metavar="FILE", help="Take the key over the board's console; given once."
)
@click.option(
    "--new-key", metavar="FILE", help="Make a new key, and put it there over the console."
)
@credential_option
def command(
    target: str,
    *,
    credential: Path | None,
    verify: bool,
    keys: list[bytes],
    file_: str | None,
    ack: bool,
    json_: bool,
    take_key: str | None,
    new_key: str | None,
) -> int:
    """Print the journal of the unit at TARGET, oldest record first, and what is wrong with it.

    Checksums and numbers are always checked, signatures with --key. With --file only what is new
    is read and printed, all that the file holds is checked, and the unit frees with --ack what is
    on the disk. With --take-key or --new-key only that is done: TARGET is then the board's
    console, and the unit is started again.

    Exit codes: 0 whole and, as far as was asked, genuine; 1 a record is damaged, forged or
    missing, or the unit doesn't give what was asked, or FILE can't be written; 4 no contact, or
    contact lost, or FILE in use; 2 wrong usage, or FILE isn't this unit's journal as it was kept.
    """
    if take_key or new_key:
        if (take_key and new_key) or verify or ack or json_ or keys or file_:
            raise click.UsageError("expected --take-key or --new-key alone")
        return keyfile.carry_out(target, take_key, new_key)
    if verify and not keys:
        raise click.UsageError("expected --key with --verify: take it with --take-key, once")
    if ack and not file_:
        raise click.UsageError(
            "expected --file with --ack: what the unit frees has to be somewhere"
        )
    known(target)
    with ExitStack() as stack:
        kept = stack.enter_context(_opened(Path(file_))) if file_ else None
        contact = enter(stack, contact_with(target, credential))
        try:
            return _report(contact, keys, kept, ack, json_)
        except OtherUnitError as error:
            raise _refused(file_, error) from None
        except (*LOST, LinkTimeoutError) as error:
            raise LockrigError(
                f"contact lost: {one_line(error)}{_so_far(kept)}", Exit.NO_CONTACT
            ) from None
        except (RpcError, NoJournalError) as error:
            if isinstance(error, RpcError) and asks_for_credential(error):
                raise LockrigError(
                    "the unit tells its journal to technicians and service alone: "
                    "expected --credential FILE of one",
                    Exit.FAILED,
                ) from None
            raise LockrigError(
                f"expected a unit that keeps a journal, it says: {one_line(error)}", Exit.FAILED
            ) from None


@contextmanager
def _opened(path: Path) -> Iterator[Kept]:
    """The file, or what is wrong with it in one line; what the disk refuses later on too."""
    try:
        with open_kept(path) as kept:
            yield kept
    except NotKeptError as error:
        raise _refused(str(path), error) from None
    except InUseError as error:
        raise LockrigError(one_line(error), Exit.NO_CONTACT) from None
    except CantKeepError as error:
        raise LockrigError(
            f"can't keep the journal in {safe(str(path))}: {one_line(error)}; what it held "
            "before is whole, and nothing was acknowledged: make room, or name another file",
            Exit.FAILED,
        ) from None


def _refused(file: str | None, error: Exception) -> LockrigError:
    return LockrigError(
        f"{safe(str(file))} isn't a file to go on in: {one_line(error)}; nothing in it was "
        "changed: look into it, and name another file",
        Exit.USAGE,
    )


def _so_far(kept: Kept | None) -> str:
    if kept is None or not kept.slots:
        return ""
    return f"; the file holds all up to {kept.slots[-1].seq}: run it again"


def _report(contact: Contact, keys: list[bytes], kept: Kept | None, ack: bool, json_: bool) -> int:
    if contact.clock_kind == "real":
        # Half a line may lie there from whoever was here before.
        contact.link.send_raw(b"\n")
    found = Found(contact.name, visit(contact.link, keys, kept, ack=ack), bool(keys), kept)
    if json_:
        say(json.dumps(found.document(), indent=2))
    else:
        for slot, record in found.done.read:
            say(wording.line(slot, record))
        for text in found.summary(ack):
            click.echo(f"lockrig: {text}", err=True)
    return Exit.FAILED if found.done.findings else Exit.PASSED
