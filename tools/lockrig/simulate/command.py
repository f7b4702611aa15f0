"""The group `lockrig simulate`: finds its subcommand; a scenario's name or file means `run`.

It loads a subcommand when it is asked for, and does nothing itself.
"""

import click

from lockrig.lazy import LazyGroup

# Subcommand -> the module whose `command` it is.
COMMANDS = {
    "run": "lockrig.simulate.run",
    "list": "lockrig.simulate.listing",
    "safety": "lockrig.simulate.safety",
}


class _Scenarios(LazyGroup):
    modules = COMMANDS

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            args = ["run", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_Scenarios)
def command() -> None:
    """Let a battery live in a lock, years in seconds, up to and past its end.

    `lockrig simulate NAME` (or a scenario's file) is `lockrig simulate run NAME`.
    """
