"""`lockrig records export`: records for somebody else, in a folder with pages and hashes."""

from pathlib import Path

import click

from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.records.asked import begin, desk, desk_lines, entries, loaded, one, shared_options
from lockrig.records.entry import DAMAGED, MISSING
from lockrig.records.html import page
from lockrig.records.listing import as_workbook, wanted_label
from lockrig.records.manifest import NAME, manifest
from lockrig.records.output import save_folder
from lockrig.trace.terminal import safe


@click.command("export")
@click.argument("ident", metavar="[ID]", required=False)
@click.option("--unit", metavar="LABEL", help="All of this unit's.")
@click.option("--training", is_flag=True, help="With --unit: those of training.")
@click.option("--customer", default="", metavar="ID", help="The customer's id, for the pages.")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FOLDER")
@shared_options
def command(
    *,
    ident: str | None,
    unit: str | None,
    training: bool,
    customer: str,
    out: Path,
    folder: Path | None,
    lang: str | None,
    config_file: Path | None,
) -> int:
    """Write the record called ID, or all of a unit's, to a new FOLDER.

    Each as a page to print, its JSON file and its trace as they are; a table for Excel; and
    MANIFEST.sha256, by which `lockrig records verify FOLDER` or sha256sum checks the folder.

    Exit codes: 0 all of it; 1 what is damaged or missing is only told, not copied; 2 wrong usage.
    """
    here = begin(lang, folder)
    if (ident is None) == (unit is None) or (training and unit is None):
        raise LockrigError(_("expected the ID of a record, or --unit LABEL"), Exit.USAGE)
    every = entries(here)
    if ident is not None:
        chosen = [one(every, ident)]
    else:
        label = wanted_label(str(unit))
        chosen = [e for e in every if (e.unit, e.training) == (label, training)]
        if not chosen:
            told = _("no record of {unit} is kept here").format(unit=label)
            raise LockrigError(told, Exit.USAGE)
    lines = desk_lines(desk(config_file))
    written: list[tuple[str, bytes]] = []
    sheets = []
    for entry in chosen:
        made, kept = loaded(here, entry, customer)
        sheets.append(made)
        written += [(f"{entry.id}.html", page(made, lines)), *kept.items()]
    listed = [made.entry for made in sheets]
    written.append(("records.xlsx", as_workbook(listed, training=listed[0].training)))
    save_folder(out, [*written, (NAME, manifest(written))])
    told = _("{count} records in {path}; `lockrig records verify {path}` checks them")
    click.echo(told.format(count=len(chosen), path=safe(str(out))))
    bad = [entry for entry in listed if entry.verdict in (DAMAGED, MISSING)]
    for entry in bad:
        told = _("damaged or missing, so there is only its page: {file}")
        click.echo(told.format(file=safe(entry.file)), err=True)
    return Exit.FAILED if bad else Exit.PASSED
