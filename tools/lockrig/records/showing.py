"""`lockrig records show`: one record, read anew from its files, on the screen or on a page."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from lockrig.errors import Exit
from lockrig.records.asked import begin, desk, desk_lines, entries, loaded, one, shared_options
from lockrig.records.entry import DAMAGED, MISSING
from lockrig.records.html import page
from lockrig.records.output import save
from lockrig.records.sheet import Sheet
from lockrig.records.text import whole
from lockrig.trace.terminal import say


@click.command("show")
@click.argument("ident", metavar="ID")
@click.option("--customer", default="", metavar="ID", help="The customer's id, to stand in it.")
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page to print, too."
)
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
@shared_options
def command(
    *,
    ident: str,
    customer: str,
    html: Path | None,
    json_: bool,
    folder: Path | None,
    lang: str | None,
    config_file: Path | None,
) -> int:
    """Show the record called ID; its beginning or its end is enough.

    Exit codes: 0 shown; 1 shown, and it is damaged or missing; 2 there is no such record.
    """
    here = begin(lang, folder)
    entry = one(entries(here), ident)
    lines = desk_lines(desk(config_file))
    made, kept = loaded(here, entry, customer)
    if html is not None:
        save(html, page(made, lines))
    if json_:
        say(json.dumps(document(made, kept), ensure_ascii=True, indent=1))
    else:
        for line in whole(made, lines):
            click.echo(line)
    return Exit.FAILED if made.entry.verdict in (DAMAGED, MISSING) else Exit.PASSED


def document(made: Sheet, kept: dict[str, bytes]) -> dict[str, Any]:
    """For programs: the line, and the file's own contents where it is whole."""
    entry = made.entry
    data = kept.get(Path(entry.file).name)
    return {
        **asdict(entry),
        "at": entry.at or None,
        "sha256": entry.sha256 or None,
        "service_desk_only": made.for_the_desk,
        "contents": None if data is None else json.loads(data),
    }
