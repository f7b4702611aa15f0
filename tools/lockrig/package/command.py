"""The command `lockrig package`: firmware for one unit, in a file that anybody may bring to it."""

import os
from pathlib import Path

import click

from lockhil.boards.firmware import load
from lockhil.firmware import FirmwareError
from lockhil.session.credentials import LockKey
from lockhil.update.package import encode, make
from lockrig.errors import Exit, LockrigError
from lockrig.firmware_folder import firmware_folder
from lockrig.keystore.options import keystore_options, unlocker
from lockrig.keystore.store import locate, open_store


@click.command("package")
@click.argument("unit")
@click.option("--board", required=True, help="Which pins are which (boards/*.json), at that unit.")
@click.option(
    "--firmware", type=click.Path(path_type=Path), help="Pack the firmware in this folder."
)
@click.option("--downgrade", is_flag=True, help="Let it go over newer firmware.")
@click.option("--out", type=click.Path(path_type=Path), help="The new file; else here.")
@keystore_options
def command(
    *,
    unit: str,
    board: str,
    firmware: Path | None,
    downgrade: bool,
    out: Path | None,
    keystore: Path | None,
    passphrase_from: str | None,
) -> int:
    """Make an update of UNIT's firmware, signed with its key: lockrig update brings it there.

    The file has no key in it, and is good for that unit and board alone.

    Exit codes: 0 the file is there; 1 the unit's key isn't known for sure; 2 wrong usage, no such
    unit in the key store, or the file can't be written; 4 the key store is in use.
    """
    try:
        packed = load(firmware_folder(firmware) if firmware is not None else None)
    except FirmwareError as error:
        raise LockrigError(str(error), Exit.USAGE) from None
    with open_store(locate(keystore), unlocker(passphrase_from)) as store:
        key = LockKey(store.known(unit).key)
    try:
        made = make(packed, board, unit, key, downgrade=downgrade)
    except ValueError as error:
        raise LockrigError(str(error), Exit.USAGE) from None
    path = out or Path(f"{unit}-{packed.version}.update")
    _write(path, encode(made))
    click.echo(
        f"lockrig: {path}: firmware {packed.version} for {unit} ({board}), "
        f"{len(made.files)} files, {made.size / 1024:.1f} KB",
        err=True,
    )
    return Exit.PASSED


def _write(path: Path, data: bytes) -> None:
    """All of it in a new file, or no file."""
    try:
        with path.open("xb") as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                path.unlink()
                raise
    except FileExistsError:
        raise LockrigError(f"expected a new file, {path} is there already", Exit.USAGE) from None
    except OSError as error:
        raise LockrigError(f"can't write {path}: {error.strerror or error}", Exit.USAGE) from None
