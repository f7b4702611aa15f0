"""`lockrig simulate list`: the package's scenarios, a line each.

Names and what they are about; it runs none.
"""

import textwrap

import click

from lockrig.trace.terminal import say
from locksim.scenarios.load import scenarios


@click.command("list")
def command() -> None:
    """List the scenarios that come with lockrig."""
    known = scenarios()
    wide = max(len(name) for name in known)
    lines = []
    for name, scenario in known.items():
        about = textwrap.wrap(" ".join(scenario.about.split()), 96 - wide)
        lines.append(f"{name:<{wide}}  {about[0]}")
        lines += [" " * (wide + 2) + more for more in about[1:]]
    say("\n".join(lines))
