"""The journal's key in a file of its own that nobody else reads; it is never printed."""

import os
import secrets

import click

from lockhil.boards.address import AddressError, NotThereError
from lockhil.boards.address import parse as parse_address
from lockhil.boards.repl import BoardError, NoContactError, NotAConsoleError
from lockhil.journal.key import KeyGivenError, replace, take
from lockrig.errors import Exit, LockrigError
from lockrig.targets import one_line
from lockunit.journalkey import KEY_BYTES


def carry_out(target: str, take_to: str | None, new_in: str | None) -> int:
    """Take the key into a file, or make a new one there and give it to the unit."""
    try:
        console = parse_address(target).console
    except AddressError as error:
        raise LockrigError(one_line(error), Exit.USAGE) from None
    except NotThereError as error:
        raise LockrigError(one_line(error), Exit.NO_CONTACT) from None
    path = take_to or new_in or ""
    # First of all: a key that is given once mustn't find its file full.
    file = _new_file(path)
    kept = False
    try:
        if take_to:
            _write(file, take(console))
        else:
            key = secrets.token_bytes(KEY_BYTES)
            # Whatever comes then, whoever holds the file can read what the unit wrote.
            _write(file, key)
            kept = True
            replace(console, key)
        kept = True
    except KeyGivenError as error:
        raise LockrigError(one_line(error), Exit.FAILED) from None
    except (NoContactError, NotAConsoleError, BoardError) as error:
        raise LockrigError(one_line(error), Exit.NO_CONTACT) from None
    finally:
        os.close(file)
        if not kept:
            os.unlink(path)
    click.echo(f"lockrig: the key is in {path}; the unit starts again", err=True)
    return Exit.PASSED


def _new_file(path: str) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise LockrigError(
            f"expected a new file, {path} is there already: it may hold a key", Exit.USAGE
        ) from None
    except OSError as error:
        raise LockrigError(f"can't write {path}: {error.strerror}", Exit.USAGE) from None


def _write(file: int, key: bytes) -> None:
    os.write(file, key.hex().encode() + b"\n")
    os.fsync(file)
