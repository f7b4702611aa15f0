"""Reaching a unit for a command: with which credential, and what can go wrong there, as one line
and an exit code.

What is then done with the unit is the command's.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from lockhil.bench import NotOnThisBenchError
from lockhil.client import Link, RpcError, Transport
from lockhil.contact import Contact, open_contact
from lockhil.firmware import FirmwareError
from lockhil.lab.entries import boards
from lockhil.targets import NAMES, UnknownTargetError, check_target
from lockhil.targets.realclock import ContactLostError
from lockrig.errors import Exit, LockrigError
from lockrig.trace.terminal import safe
from locksim.mainloop import FirmwareCrashError

# How the contact with a unit ends, wherever it is.
LOST = (ContactLostError, FirmwareCrashError)

T = TypeVar("T")
C = TypeVar("C", bound=Callable[..., object])

if TYPE_CHECKING:
    from lockhil.session.credentials import Credential

# A unit's answer to what needs a session.
_NOT_AUTHORISED = -32001


def credential_option(command: C) -> C:
    """Adds --credential, for `contact_with`."""
    return click.option(
        "--credential",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The user's credential, for a unit that has a lock's key.",
    )(command)


def read_credential(path: Path) -> "Credential":
    """A credential from its file. LockrigError: others may read it, or it is none."""
    # Nobody waits for cryptography who has no use for it.
    from lockhil.session.credentialfile import (  # noqa: PLC0415
        NotACredentialError,
        decode,
    )
    from lockrig.keystore.private import read_private  # noqa: PLC0415

    try:
        return decode(read_private(path))
    except NotACredentialError as error:
        raise LockrigError(f"{safe(str(path))}: {error}", Exit.USAGE) from None


def configured_credential(name: str) -> Path | None:
    """The credential of a board that has a name, where one is configured."""
    board = boards().get(name)
    return Path(board.credential) if board is not None and board.credential else None


def contact_with(name: str, credential: Path | None) -> AbstractContextManager[Contact]:
    """Contact with a unit, in the open or in sealed sessions of a credential; see `open_contact`.

    What the unit has against the credential becomes a LockrigError, whenever that shows.
    """
    credential = credential or configured_credential(name)
    if credential is None:
        return open_contact(name)
    if name in NAMES:
        raise LockrigError(
            f"{name} is a simulated unit of this process alone, which no credential is for: "
            "leave --credential out",
            Exit.USAGE,
        )
    held = read_credential(credential)

    def sealed(transport: Transport, first_id: int) -> Link:
        from lockrig.sealing import CarriedLink  # noqa: PLC0415

        return CarriedLink(transport, held, first_id)

    return open_contact(name, sealed)


def asks_for_credential(error: RpcError) -> bool:
    """Whether the unit wants a credential, or one in another role."""
    return error.code == _NOT_AUTHORISED


def known(name: str) -> str:
    """The target's name, if there can be such a target; LockrigError (usage)."""
    try:
        check_target(name)
    except UnknownTargetError as error:
        raise LockrigError(safe(str(error)), Exit.USAGE) from None
    return name


def enter(stack: ExitStack, opening: AbstractContextManager[T]) -> T:
    """What `opening` opens, until `stack` is closed; LockrigError."""
    try:
        return stack.enter_context(opening)
    except ValueError as error:
        raise LockrigError(one_line(error), Exit.USAGE) from None
    except (*LOST, NotOnThisBenchError, FirmwareError, OSError) as error:
        raise LockrigError(one_line(error), Exit.NO_CONTACT) from None


def one_line(error: Exception) -> str:
    """The error's message, safe for a terminal."""
    return safe(" ".join(str(error).split()))
