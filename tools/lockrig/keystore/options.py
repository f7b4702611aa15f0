"""The options of every command that uses the key store; what they mean is `store`'s."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from lockrig.keystore.unlock import Unlocker, from_source

F = TypeVar("F", bound=Callable[..., object])

_FILE = click.option(
    "--keystore", type=click.Path(path_type=Path), metavar="FILE", help="The key store's file."
)
_PASSPHRASE = click.option(
    "--passphrase-from",
    "passphrase_from",
    metavar="FILE|fd:N",
    help="Read the key store's passphrase from this private file, or open file descriptor.",
)


def keystore_options(command: F) -> F:
    """Adds --keystore and --passphrase-from."""
    return _FILE(_PASSPHRASE(command))


def unlocker(passphrase_from: str | None) -> Unlocker:
    """Who gives the store's key."""
    return Unlocker(from_source(passphrase_from) if passphrase_from else None)
