"""`lockrig boards`: which boards are plugged in or run virtually, and what to call them."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import click

from lockhil.boards.contents import look
from lockhil.boards.ports import Port, ports
from lockhil.boards.repl import BoardError, NoContactError, NotAConsoleError
from lockhil.boards.session import visit
from lockrig.errors import Exit


@dataclass(frozen=True, slots=True)
class _Probed:
    """What a board said of itself, or why it said nothing."""

    board: dict[str, Any] | None = None
    unit: str | None = None
    firmware: str | None = None
    error: str | None = None

    def __str__(self) -> str:
        if self.board is None:
            return str(self.error)
        runs = f"unit {self.unit}, firmware {self.firmware}" if self.firmware else "no firmware"
        return f"{self.board['name']}: {runs}"


@click.command("boards")
@click.option("--probe", is_flag=True, help="Open each port and ask: what runs there is restarted.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
def command(probe: bool, json_: bool) -> int:
    """List what is plugged in and which virtual boards run.

    Without --probe no port is opened: opening resets some boards.
    """
    found = [(port, _probe(port) if probe else None) for port in ports()]
    if json_:
        told = [asdict(port) | ({"probed": asdict(said)} if said else {}) for port, said in found]
        click.echo(json.dumps({"boards": told}, indent=2))
        return Exit.PASSED
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


def _probe(port: Port) -> _Probed:
    try:
        with visit(port.console) as here:
            board = here.who.as_json()
            if here.who.mpy is None or not here.who.block:
                return _Probed(board)
            found = look(here.repl)
            return _Probed(board, found.unit, found.version)
    except (NoContactError, NotAConsoleError, BoardError) as error:
        return _Probed(error=str(error))
