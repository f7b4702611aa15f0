"""The command `lockrig maintenance`: opens a production unit's console for one start."""

from contextlib import ExitStack
from pathlib import Path

import click

from lockhil.client import LinkTimeoutError, RpcError
from lockrig.errors import Exit, LockrigError
from lockrig.targets import (
    LOST,
    asks_for_credential,
    configured_credential,
    contact_with,
    credential_option,
    enter,
    known,
    one_line,
)


@click.command("maintenance")
@click.argument("target")
@credential_option
def command(*, target: str, credential: Path | None) -> int:
    """Restart the unit at TARGET with its console open, for that start alone.

    It takes a service credential. Then flash it, or provision it again: whatever starts it next
    closes its console, and so do 15 minutes without anybody there.

    Exit codes: 0 it restarts; 1 it refuses; 2 wrong usage; 4 no contact, contact lost or busy.
    """
    if credential is None and configured_credential(target) is None:
        raise click.UsageError("expected --credential FILE, of service")
    known(target)
    with ExitStack() as stack:
        link = enter(stack, contact_with(target, credential)).link
        try:
            link.send_raw(b"\n")
            result = str(link.call("maintenance.enter").get("result"))
        except (*LOST, LinkTimeoutError) as error:
            raise LockrigError(
                f"contact lost: {one_line(error)}; its console may be open for a start: look there",
                Exit.NO_CONTACT,
            ) from None
        except RpcError as error:
            if asks_for_credential(error):
                raise LockrigError("the unit takes that from service alone") from None
            raise LockrigError(f"the unit refuses: {one_line(error)}") from None
    if result != "done":
        code = Exit.NO_CONTACT if result == "BUSY" else Exit.FAILED
        raise LockrigError(f"the unit refuses: {result}", code)
    click.echo("lockrig: the unit restarts within seconds, with its console open", err=True)
    return Exit.PASSED
