"""`lockrig records reindex`: make the index anew from the files that there are."""

from pathlib import Path

import click

from lockrig.errors import Exit
from lockrig.i18n import _
from lockrig.records.asked import begin, entries, reading, shared_options
from lockrig.records.entry import MISSING
from lockrig.records.index import forget


@click.command("reindex")
@shared_options
def command(
    *,
    folder: Path | None,
    lang: str | None,
    config_file: Path | None,  # noqa: ARG001 every command takes it
) -> int:
    """Forget the index, and make it anew: what was missing isn't known to be any more."""
    here = begin(lang, folder)
    missing = [entry for entry in entries(here) if entry.verdict == MISSING]
    with reading(here):
        forget(here)
    made = entries(here)
    for entry in missing:
        click.echo(_("no longer remembered as missing: {file}").format(file=entry.file))
    click.echo(_("{count} records in the index").format(count=len(made)))
    return Exit.PASSED
