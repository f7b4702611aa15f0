"""`lockrig boards`: which boards have a name, are plugged in or run virtually."""

import json
from dataclasses import asdict

import click

from lockhil.boards.ports import ports
from lockrig.boards.named import named
from lockrig.boards.probed import Prober
from lockrig.errors import Exit


@click.command("boards")
@click.option("--probe", is_flag=True, help="Open each port and ask: what runs there is restarted.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
def command(probe: bool, json_: bool) -> int:
    """List the boards of lockrig.toml, what is plugged in, and which virtual boards run.

    Without --probe no port is opened: opening resets some boards. What a board with a name says
    is kept until it is probed again.
    """
    prober = Prober() if probe else None
    known = named(prober)
    found = [(port, prober.ask(port.console) if prober else None) for port in ports()]
    if json_:
        told = [asdict(port) | ({"probed": asdict(said)} if said else {}) for port, said in found]
        shown = {"named": [board.as_json() for board in known], "boards": told}
        click.echo(json.dumps(shown, indent=2))
        return Exit.PASSED
    for board in known:
        for line in board.lines():
            click.echo(line)
    if not found:
        click.echo("no serial port is plugged in, and no virtual board runs")
        click.echo("plug one in, or start one: lockrig virtual")
    for port, said in found:
        usb = f" ({port.usb})" if port.usb else ""
        click.echo(f"{port.target}  {port.what}{usb}")
        if port.link is not None:
            click.echo(f"  console {port.console}, link {port.link}")
        if said is not None:
            click.echo(f"  {said}")
    return Exit.PASSED
