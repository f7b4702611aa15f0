"""The entry point: finds the command, and turns what it raises into one line and an exit code."""

import sys

import click

from lockhil.lab import entries
from lockhil.lab.entries import Board
from lockrig.errors import Exit, LockrigError
from lockrig.lazy import LazyGroup

# Command -> the module whose `command` it is.
COMMANDS = {
    "battery": "lockrig.battery.command",
    "boards": "lockrig.boards.command",
    "calibrate": "lockrig.calibrate.command",
    "cells": "lockrig.cells.command",
    "clock": "lockrig.clock.command",
    "config": "lockrig.config.command",
    "credential": "lockrig.credential.command",
    "diagnose": "lockrig.diagnose.command",
    "flash": "lockrig.flash.command",
    "hil": "lockrig.hil.command",
    "journal": "lockrig.journal.command",
    "judge": "lockrig.judge.command",
    "maintenance": "lockrig.maintenance.command",
    "monitor": "lockrig.monitor.command",
    "package": "lockrig.package.command",
    "probe": "lockrig.probe.command",
    "provision": "lockrig.provision.command",
    "records": "lockrig.records.command",
    "replay": "lockrig.replay.command",
    "revoke": "lockrig.revoke.command",
    "scan": "lockrig.scan.command",
    "schema": "lockrig.schemas.command",
    "simulate": "lockrig.simulate.command",
    "trace": "lockrig.trace.command",
    "update": "lockrig.update.command",
    "virtual": "lockrig.virtual.command",
    "web": "lockrig.web.command",
}


class _Lazy(LazyGroup):
    modules = COMMANDS


@click.command(cls=_Lazy)
@click.version_option(package_name="lockrig")
def cli() -> None:
    """Simulate, test and service smart-lock units for home care.

    Not certified, not any vendor's product; the care provider's own routine prevails.
    """


def _boards() -> dict[str, Board]:
    from lockrig.config import load  # noqa: PLC0415 for who asks for a board

    return load().boards


def run(args: list[str] | None = None) -> int:
    """Run the command in `args` (the process's own by default) and return its exit code."""
    entries.use(_boards)
    try:
        result = cli.main(args, prog_name="lockrig", standalone_mode=False)
    except LockrigError as error:
        click.echo(f"lockrig: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("lockrig: interrupted", err=True)
        return Exit.INTERRUPTED
    return int(result or 0)


def main() -> None:
    """The console script."""
    sys.exit(run())
