"""`lockrig schema`: the JSON Schema of what a command prints, or of a file that is kept."""

from importlib.resources import files

import click

from lockrig.errors import Exit, LockrigError
from lockrig.trace.terminal import safe, say

_END = ".schema.json"


def names() -> list[str]:
    """What there are schemas of."""
    folder = files("lockrig.schemas")
    return sorted(
        path.name.removesuffix(_END) for path in folder.iterdir() if path.name.endswith(_END)
    )


@click.command("schema")
@click.argument("name", required=False)
def command(*, name: str | None) -> int:
    """Print the JSON Schema called NAME, or the names of all."""
    if name is None:
        for each in names():
            click.echo(each)
        return Exit.PASSED
    if name not in names():
        raise LockrigError(
            f"there is no schema {safe(repr(name))}; there are {', '.join(names())}", Exit.USAGE
        )
    say(files("lockrig.schemas").joinpath(f"{name}{_END}").read_text("utf-8").rstrip())
    return Exit.PASSED
