"""Whatever goes wrong in a procedure ends in "do not open": nobody may take it for a yes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from lockrig.config import ServiceDesk
from lockrig.diagnose.result import contact, do_not_open
from lockrig.errors import Exit, LockrigError


@dataclass(slots=True)
class Refusing:
    """`desk`: who is to be called, as soon as that is known."""

    desk: ServiceDesk | None = None


@contextmanager
def refusing() -> Iterator[Refusing]:
    """LockrigError in place of every error but click's own; ctrl-C goes on as it is."""
    here = Refusing()
    try:
        yield here
    except LockrigError as error:
        raise LockrigError(f"{error}\n{do_not_open()}", error.exit_code) from None
    except (click.ClickException, click.Abort):
        raise
    except Exception as error:
        told = [f"{type(error).__name__}: {error}", do_not_open()]
        told += contact(here.desk) if here.desk else []
        raise LockrigError("\n".join(told), Exit.NO_CONTACT) from error
