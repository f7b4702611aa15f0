"""The command `lockrig clock`: its options, what it prints, and its exit codes."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from lockhil.client import LinkTimeoutError, RpcError
from lockhil.session.handshake import HandshakeError
from lockhil.session.link import SessionRefusedError
from lockrig.clock.asking import Seen
from lockrig.clock.computer import now_s
from lockrig.clock.ways import ByCredential, ByKey, Way
from lockrig.clock.wording import lines, off, refusal
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import LANGUAGES, _, choose, speak
from lockrig.keystore.options import keystore_options
from lockrig.sealing import refused
from lockrig.targets import LOST, asks_for_credential, credential_option, known, one_line

# A clock that was set is looked at again: so far off it may be, by the time that both looks take.
_NEAR_S = 5


@click.command("clock")
@click.argument("target")
@click.option("--set", "set_", is_flag=True, help="Set it to this computer's.")
@click.option(
    "--lower", is_flag=True, help="With --set, by the key store: also below what the unit knows."
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; else the locale's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@credential_option
@keystore_options
def command(
    *,
    target: str,
    set_: bool,
    lower: bool,
    lang: str | None,
    as_json: bool,
    credential: Path | None,
    keystore: Path | None,
    passphrase_from: str | None,
) -> int:
    """Compare the clock of the unit at TARGET with this computer's, or set it.

    By --credential, of a technician or the service: such a session sets the clock of a unit that
    knew the time when it began, by 400 days at most and not back. Without it by the key store of
    whoever provisioned the unit: that sets any clock, also one that isn't known, as after a change
    of the pack.

    Exit codes: 0 told, or set and seen to be right; 1 the unit refuses, or this computer's clock
    is wrong; 2 wrong usage, or no such unit in the key store; 4 no contact, or contact lost: run
    it again.
    """
    speak(choose(lang, os.environ))
    known(target)
    if lower and (credential or not set_):
        raise click.UsageError(_("expected --lower with --set, and without --credential"))
    if credential and (keystore or passphrase_from):
        raise click.UsageError(_("expected --credential, or the key store: not both"))
    now_s()
    with ExitStack() as stack, _in_words():
        way: Way = (
            ByCredential(stack, target, credential)
            if credential
            else ByKey(stack, target, keystore, passphrase_from, lower=lower)
        )
        before = way.look()
        if before is None and not set_:
            raise LockrigError(
                _("the unit can't read what it stored of the time, or more: --set may mend it")
            )
        now = _set(way, before) if set_ else None
    _tell(way.unit, before, now, as_json=as_json)
    return Exit.PASSED


@contextmanager
def _in_words() -> Iterator[None]:
    """What ends the contact, and what the unit refuses, as a LockrigError."""
    try:
        yield
    except (*LOST, LinkTimeoutError) as error:
        told = _("contact lost: {why}; run it again").format(why=one_line(error))
        raise LockrigError(told, Exit.NO_CONTACT) from None
    except RpcError as error:
        if asks_for_credential(error):
            told = _("the unit tells its clock to a technician and the service alone")
            raise LockrigError(told) from None
        told = _("the unit refuses: {result}").format(result=one_line(error))
        raise LockrigError(told) from None
    except SessionRefusedError as error:
        raise refused(error) from None
    except HandshakeError as error:
        raise LockrigError(one_line(error)) from None


def _set(way: Way, before: Seen | None) -> Seen:
    """Set it, and see that it is: only what comes sealed is the unit's word."""
    result = way.set()
    if result != "done":
        raise refusal(result, before, now_s())
    now = way.look()
    if now is None or now.ahead_s is None or abs(now.ahead_s) > _NEAR_S:
        raise LockrigError(
            _("the unit's clock isn't what it was set to: run it again"), Exit.NO_CONTACT
        )
    return now


def _tell(unit: str, before: Seen | None, now: Seen | None, *, as_json: bool) -> None:
    if as_json:
        rows = {"before": _row(before), "now": _row(now or before)}
        click.echo(json.dumps({"unit": unit, "set": now is not None, **rows}, indent=1))
        return
    seen = now or before
    assert seen is not None
    for line in lines(unit, seen):
        click.echo(line)
    if now is not None:
        click.echo(_("Set. Before: {how}").format(how=off(before)))
    elif seen.time_s is None:
        told = _(
            "until it is set, a credential that is over may still pass. Set it by the key store: "
            "--set, without --credential"
        )
        click.echo(f"lockrig: {told}", err=True)


def _row(seen: Seen | None) -> dict[str, Any] | None:
    if seen is None:
        return None
    return {
        "known": seen.time_s is not None,
        "time_s": seen.time_s,
        "bound_s": seen.bound_s,
        "computer_s": seen.computer_s,
        "ahead_s": seen.ahead_s,
    }
