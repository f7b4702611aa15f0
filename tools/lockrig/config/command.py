"""The command `lockrig config`: whether the configuration is right, and the schema for editors."""

import json
from pathlib import Path

import click

from lockrig.config import load, locate, shape
from lockrig.errors import Exit
from lockrig.trace.terminal import safe


@click.group("config")
def command() -> None:
    """Check lockrig.toml, or print the schema that editors complete and check it by."""


@command.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def check(file: Path | None) -> int:
    """Read FILE, or the lockrig.toml that every command reads, and say what is wrong with it.

    Exit codes: 0 it is right; 2 it isn't there, or something in it is wrong.
    """
    config = load(file, must=True)
    desk = "a service desk" if config.service_desk is not None else "no service desk"
    names = ", ".join(sorted(config.boards)) or "none"
    click.echo(f"{safe(str(locate(file)))} is right: {desk}; boards: {names}")
    return Exit.PASSED


@command.command("schema")
def schema() -> int:
    """Print the JSON Schema (draft 2020-12) of lockrig.toml."""
    click.echo(json.dumps(shape.schema(), indent=2))
    return Exit.PASSED
