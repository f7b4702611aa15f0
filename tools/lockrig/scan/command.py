"""`lockrig scan`: which units are in the air, and how their batteries are, without connecting."""

import json
import os
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import click

from lockhil.bluetooth.failures import FAILURES, no_adapter, reason
from lockhil.bluetooth.radios import NEEDS_BUMBLE, VARIABLE, NoRadioError, Station, station
from lockhil.bluetooth.watch import watch
from lockrig.errors import Exit, LockrigError
from lockrig.i18n import LANGUAGES, _, choose, later, speak
from lockrig.overview.remembering import remember_air
from lockrig.records.store import root
from lockrig.scan.listing import document, lines
from lockrig.targets import one_line
from lockrig.trace.terminal import safe

VIRTUAL = "ble:virtual"
_NO_ADAPTER = later(
    "this machine can't do Bluetooth ({why}): plug an adapter in, or name a radio with --radio"
)
_FAILED = later("listening failed: {why}; try again")


@click.command("scan")
@click.argument("target", required=False)
@click.option(
    "--radio",
    "spec",
    metavar="SPEC",
    envvar=VARIABLE,
    show_envvar=True,
    help="Another radio than this machine's adapter, as bumble calls it: usb:0.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.1, 3_600),
    default=5.0,
    show_default=True,
    help="How long to listen; units tell once a second.",
)
@click.option("--remember", is_flag=True, help="Keep it for `lockrig battery overview`.")
@click.option("--records", type=click.Path(path_type=Path), metavar="DIR", help="Where to keep it.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language; else the locale's.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
def command(
    *,
    target: str | None,
    spec: str | None,
    seconds: float,
    remember: bool,
    records: Path | None,
    lang: str | None,
    json_: bool,
) -> int:
    """List the lock units in the air: name, address, signal, and how the battery is.

    With ble:virtual: a made-up air, to try it. What is told there proves nothing: only the
    diagnosis decides whether a battery may be changed.

    Exit codes: 0 it listened, whoever was there; 4 there is nothing to listen with; 2 wrong usage.
    """
    speak(choose(lang, os.environ))
    with ExitStack() as held:
        try:
            here = held.enter_context(_station(target, spec))
            runner = here.runner
            found = runner.run(watch(seconds, lambda: runner.now_ms, here.scanner))
        except NoRadioError as error:
            told = _("{spec}: no Bluetooth there: {why}")
            told = told.format(spec=safe(target or spec or ""), why=one_line(error))
            raise LockrigError(told, Exit.NO_CONTACT) from None
        except FAILURES as error:
            lacking = no_adapter(error)
            told = _(_NO_ADAPTER if lacking else _FAILED).format(why=safe(lacking or reason(error)))
            raise LockrigError(told, Exit.NO_CONTACT) from None
        now_ms = runner.now_ms
    if remember:
        remember_air(root(records), found, training=target == VIRTUAL)
    if json_:
        click.echo(json.dumps(document(found, now_ms, seconds), indent=2))
        return Exit.PASSED
    if not found:
        click.echo(_("no lock unit was heard in {seconds:g} s").format(seconds=seconds))
        return Exit.PASSED
    for line in lines(found, now_ms):
        click.echo(line)
    click.echo(_("Whether a battery may be changed is decided by the diagnosis alone."))
    return Exit.PASSED


def _station(target: str | None, spec: str | None) -> AbstractContextManager[Station]:
    if target is None:
        return station(spec or "")
    if target != VIRTUAL:
        told = _("expected no target, or {virtual} for a made-up air, got {target}")
        named = safe(repr(target))
        raise LockrigError(told.format(virtual=VIRTUAL, target=named), Exit.USAGE)
    try:
        from lockrig.scan.madeup import air  # noqa: PLC0415 nobody waits for a simulator
    except ModuleNotFoundError as error:
        if error.name != "bumble":
            raise
        raise NoRadioError(NEEDS_BUMBLE) from None
    return air()
