"""The entry point: finds the command, and turns what it raises into one line and an exit code."""

import importlib
import sys

import click

from lockrig.errors import Exit, LockrigError

# Command -> the module whose `command` it is. Imported when asked for, so that a diagnosis
# doesn't wait for the simulator to load.
COMMANDS = {
    "boards": "lockrig.boards.command",
    "cells": "lockrig.cells.command",
    "diagnose": "lockrig.diagnose.command",
    "flash": "lockrig.flash.command",
    "hil": "lockrig.hil.command",
    "journal": "lockrig.journal.command",
    "judge": "lockrig.judge.command",
    "monitor": "lockrig.monitor.command",
    "replay": "lockrig.replay.command",
    "simulate": "lockrig.simulate.command",
    "trace": "lockrig.trace.command",
    "virtual": "lockrig.virtual.command",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click names it
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 click names it
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command


@click.command(cls=_Lazy)
@click.version_option(package_name="lockrig")
def cli() -> None:
    """Simulate, test and service smart-lock units for home care.

    Not certified, not any vendor's product; the care provider's own routine prevails.
    """


def run(args: list[str] | None = None) -> int:
    """Run the command in `args` (the process's own by default) and return its exit code."""
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
