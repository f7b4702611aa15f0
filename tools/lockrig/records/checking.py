"""`lockrig records verify`: is everything that was kept still what was kept?

It words what `verify` found, of the folder of records or of one that `export` made.
"""

import contextlib
import json
from dataclasses import asdict
from pathlib import Path

import click

from lockrig.errors import Exit
from lockrig.i18n import _, later
from lockrig.records.asked import begin, reading, shared_options
from lockrig.records.index import Index
from lockrig.records.manifest import NAME, check_export
from lockrig.records.verify import Checked, verify
from lockrig.trace.terminal import safe, say

_WORDS = {
    "damaged": later("damaged"),
    "missing": later("missing"),
    "changed": later("changed"),
    "verdict": later("another verdict"),
    "foreign": later("foreign"),
    "half-written": later("left over"),
}


@click.command("verify")
@click.argument("dir_", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
@shared_options
def command(
    *,
    dir_: Path | None,
    json_: bool,
    folder: Path | None,
    lang: str | None,
    config_file: Path | None,  # noqa: ARG001 every command takes it
) -> int:
    """Check every record: its checksum, its trace, the verdict judged anew, the index.

    DIR is a folder of records, or one that `lockrig records export` made; your data folder unless
    it is named.

    Exit codes: 0 everything is as it was kept; 1 something is wrong; 2 wrong usage.
    """
    here = begin(lang, dir_ or folder)
    with reading(here):
        checked = check_export(here) if (here / NAME).is_file() else _records(here)
    if json_:
        told = {
            "folder": str(here),
            "whole": checked.whole,
            "records": checked.records,
            "traces": checked.traces,
            "judged": checked.judged,
            "findings": [{**asdict(f), "fault": f.fault} for f in checked.findings],
        }
        say(json.dumps(told, indent=1))
    else:
        for finding in checked.findings:
            what = _(_WORDS[finding.what])
            click.echo(safe(f"{what}: {finding.file}: {finding.text}"))
        told_ = _("{records} records, {traces} traces, {judged} verdicts judged anew: {end}")
        end = _("everything is whole") if checked.whole else _("NOT WHOLE")
        click.echo(told_.format(**_counts(checked), end=end))
    return Exit.PASSED if checked.whole else Exit.FAILED


def _counts(checked: Checked) -> dict[str, int]:
    return {
        "records": checked.records,
        "traces": checked.traces,
        "judged": checked.judged,
    }


def _records(here: Path) -> Checked:
    with contextlib.closing(Index(here)) as index:
        known = index.known()
        if index.remade:
            told = _("the index was damaged or old ({why}): it was made anew from the files")
            click.echo(f"lockrig: {told.format(why=safe(index.remade))}", err=True)
    return verify(here, known)
