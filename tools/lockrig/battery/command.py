"""The group `lockrig battery`: a change of a unit's battery, and how it stands.

It finds its subcommand, and does nothing itself.
"""

import click

from lockrig.lazy import LazyGroup

COMMANDS = {
    "swap": "lockrig.battery.swap",
    "state": "lockrig.battery.state",
    "overview": "lockrig.overview.command",
    "report": "lockrig.overview.report",
}


class _Battery(LazyGroup):
    modules = COMMANDS


@click.group(cls=_Battery)
def command() -> None:
    """Change a lock unit's battery, and see how it stands.

    Not certified, not any vendor's product; the care provider's own routine prevails.
    """
