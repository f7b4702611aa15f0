"""`lockrig records list`: a line for each record, oldest first; also as a table for Excel."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _
from lockrig.records import words
from lockrig.records.asked import begin, entries, shared_options
from lockrig.records.entry import VERDICTS, Entry
from lockrig.records.output import save
from lockrig.records.record import normal_label, stamp
from lockrig.records.text import listing
from lockrig.records.times import local, since
from lockrig.records.workbook import Table, workbook
from lockrig.trace.terminal import safe, say


@click.command("list")
@click.option("--unit", metavar="LABEL", help="This unit's alone.")
@click.option("--since", "since_", metavar="DAY", help="From 2026-11-01 on, or the last 30d.")
@click.option("--verdict", type=click.Choice(VERDICTS), help="Those alone that say so.")
@click.option("--training", is_flag=True, help="Those of training instead.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
@click.option("--xlsx", type=click.Path(path_type=Path), metavar="FILE", help="Write a table, too.")
@shared_options
def command(
    *,
    unit: str | None,
    since_: str | None,
    verdict: str | None,
    training: bool,
    json_: bool,
    xlsx: Path | None,
    folder: Path | None,
    lang: str | None,
    config_file: Path | None,  # noqa: ARG001 every command takes it
) -> int:
    """List what was kept of diagnoses and battery changes, oldest first."""
    here = begin(lang, folder)
    label = None if unit is None else wanted_label(unit)
    from_ = "" if since_ is None else stamp(since(since_, datetime.now(UTC)))
    every = entries(here)
    found = [
        entry
        for entry in every
        if entry.training == training
        and (label is None or entry.unit == label)
        and (verdict is None or entry.verdict == verdict)
        # What can't say when it was is never left out.
        and (not entry.at or entry.at >= from_)
    ]
    if xlsx is not None:
        save(xlsx, as_workbook(found, training=training))
    if json_:
        say(json.dumps(document(here, found, training=training), ensure_ascii=False, indent=1))
        return Exit.PASSED
    for line in listing(found):
        click.echo(line)
    if not found:
        click.echo(_("No such record is kept here."))
    apart = sum(entry.training for entry in every)
    if apart and not training:
        told = _("Kept apart: {count} of training (--training).").format(count=apart)
        click.echo(told)
    return Exit.PASSED


def wanted_label(unit: str) -> str:
    """The unit's normal label; LockrigError (usage)."""
    label = normal_label(unit)
    if label is None:
        told = _("expected a unit's label, 3 to 32 letters A-Z, digits or hyphens, got {unit}")
        raise LockrigError(told.format(unit=safe(repr(unit))), Exit.USAGE)
    return label


def document(folder: Path, found: Sequence[Entry], *, training: bool) -> dict[str, object]:
    """For programs; times are UTC."""
    return {
        "folder": str(folder),
        "training": training,
        "records": [
            {**asdict(entry), "at": entry.at or None, "sha256": entry.sha256 or None}
            for entry in found
        ],
    }


def as_workbook(found: Sequence[Entry], *, training: bool) -> bytes:
    """For Excel; times are local, with their zone."""
    head = (
        _("Began"),
        _("Lock unit"),
        _("What"),
        _("Verdict"),
        _("Exit code"),
        _("Who might act"),
        _("Damage"),
        _("Record"),
        "SHA-256",
    )
    rows = [
        (
            local(entry.at, seconds=True),
            entry.unit,
            words.word(words.KINDS, entry.kind),
            words.word(words.VERDICTS, entry.verdict),
            entry.exit_code,
            _(words.WHO[entry.verdict]).format(until="+30 min"),
            entry.problem,
            entry.id,
            entry.sha256,
        )
        for entry in found
    ]
    return workbook(Table(_("Records"), _("TRAINING") if training else "", head, rows))
