"""`lockrig simulate`: the group of what is done with the simulator; each part is its own file."""

import click

from lockrig.simulate.safety import safety


@click.group("simulate")
def command() -> None:
    """Let simulated units live, and count."""


command.add_command(safety)
