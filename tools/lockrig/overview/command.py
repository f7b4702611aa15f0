"""`lockrig battery overview`: all units that are known here, a line each, the worst first."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from lockrig.errors import Exit
from lockrig.i18n import _
from lockrig.overview import words
from lockrig.overview.cells import USUAL, pack_kind
from lockrig.overview.gather import Known, gather
from lockrig.overview.outlook import Outlook, outlook
from lockrig.overview.standing import STALE_DAYS, Stand, order
from lockrig.records.asked import begin, desk, desk_lines, reading, shared_options
from lockrig.records.output import save
from lockrig.records.record import stamp
from lockrig.records.text import mark, paragraphs
from lockrig.records.times import day
from lockrig.records.workbook import Table, workbook
from lockrig.trace.terminal import safe, say

Row = tuple[Stand, Outlook]


@click.command("overview")
@click.option(
    "--stale",
    type=click.FloatRange(0, 3_650),
    default=STALE_DAYS,
    show_default=True,
    metavar="DAYS",
    help="What is older isn't known any more.",
)
@click.option(
    "--pack", default=USUAL, show_default=True, metavar="KIND", help="The units' kind of pack."
)
@click.option("--training", is_flag=True, help="The units of training instead.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
@click.option("--xlsx", type=click.Path(path_type=Path), metavar="FILE", help="Write a table, too.")
@shared_options
def command(
    *,
    stale: float,
    pack: str,
    training: bool,
    json_: bool,
    xlsx: Path | None,
    folder: Path | None,
    lang: str | None,
    config_file: Path | None,
) -> int:
    """Say how the batteries of all units stand that are known here, the worst first.

    Known are units that were scanned with --remember, asked by `lockrig battery state`, diagnosed,
    or whose battery was changed. It asks no unit, and permits nothing: whether a battery may be
    changed is decided by the diagnosis alone.
    """
    here = begin(lang, folder)
    kind = pack_kind(pack)
    now = datetime.now(UTC)
    lines = desk_lines(desk(config_file))
    with reading(here):
        known = gather(here, now, training=training, stale_days=stale)
    rows = [(made, outlook(made, kind, now)) for made in sorted(known.stands, key=order)]
    if xlsx is not None:
        save(xlsx, as_workbook(rows, now, training=training))
    if json_:
        told = document(rows, known, now, lines, training=training, stale=stale)
        say(json.dumps(told, ensure_ascii=False, indent=1))
        return Exit.PASSED
    for line in page(rows, known, now, lines):
        click.echo(mark(training) + line)
    return Exit.PASSED


def page(rows: list[Row], known: Known, now: datetime, lines: list[str]) -> list[str]:
    """The lines of the overview."""
    told = []
    if rows:
        told += _table(rows, now)
    else:
        told += paragraphs(
            _(
                "No unit is known here. `lockrig scan --remember` and `lockrig battery state "
                "TARGET` remember those they meet."
            )
        )
    stands = [made for made, _outlook in rows]
    for damaged in known.damaged:
        told.append(safe(_("damaged: {what}").format(what=damaged)))
    if any(made.suspected for made in stands):
        told += ["", *paragraphs(words.desk_only(stands)), *lines]
        for made in stands:
            if made.suspected:
                told += ["", *words.fault_text(made, now)]
    return [*told, "", *paragraphs(_permits_nothing())]


def _permits_nothing() -> str:
    return _(
        "This permits nothing: whether a battery may be changed is decided by the diagnosis alone."
    )


def _table(rows: list[Row], now: datetime) -> list[str]:
    head = (
        _("Unit"),
        _("Customer"),
        _("Battery"),
        _("Since"),
        _("Trend"),
        _("Expected"),
        _("Told"),
    )
    cells = [
        (
            made.unit,
            safe(made.customer) or "-",
            words.level(made),
            "-" if made.since is None else day(made.since),
            _(words.TRENDS[ahead.trend]),
            ahead.date() or "-",
            words.age(made, now),
        )
        for made, ahead in rows
    ]
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    told = ["  ".join(f"{c:{w}}" for c, w in zip(head, widths, strict=True)).rstrip()]
    for (made, _ahead), row in zip(rows, cells, strict=True):
        padded = [f"{c:{w}}" for c, w in zip(row, widths, strict=True)]
        colour = words.COLOURS[made.shown]
        if colour:
            padded[2] = click.style(padded[2], fg=colour)
        told.append("  ".join(padded).rstrip())
    return told


def unit_document(made: Stand, ahead: Outlook, now: datetime) -> dict[str, object]:
    """One unit for programs; times are UTC."""
    age = made.age(now)
    return {
        "unit": made.unit,
        "customer": made.customer or None,
        "shown": made.shown,
        "level": made.level,
        "stale": made.stale,
        "fresh": made.told_fresh,
        "since": None if made.since is None else stamp(made.since),
        "seen_at": None if made.seen_at is None else stamp(made.seen_at),
        "age_s": None if age is None else int(age.total_seconds()),
        "source": made.source or None,
        "firmware": made.firmware or None,
        "grounds": [
            {
                "ground": ground.word,
                "at": None if ground.at is None else stamp(ground.at),
                "source": ground.source,
            }
            for ground in made.grounds
        ],
        "fault_text": "\n".join(words.fault_text(made, now)) if made.suspected else None,
        **ahead.document(now),
    }


def document(
    rows: list[Row], known: Known, now: datetime, lines: list[str], *, training: bool, stale: float
) -> dict[str, object]:
    """All of it for programs."""
    return {
        "at": stamp(now),
        "training": training,
        "stale_days": stale,
        "service_desk": lines,
        "damaged": known.damaged,
        "units": [unit_document(made, ahead, now) for made, ahead in rows],
    }


def as_workbook(rows: list[Row], now: datetime, *, training: bool) -> bytes:
    """For Excel."""
    head = (
        _("Unit"),
        _("Customer"),
        _("Battery"),
        _("Since"),
        _("Trend"),
        _("Expected"),
        _("Told, days ago"),
        _("By"),
        _("Why"),
    )
    cells = []
    for made, ahead in rows:
        old = made.age(now)
        cells.append(
            (
                made.unit,
                made.customer,
                words.level(made),
                "" if made.since is None else day(made.since),
                _(words.TRENDS[ahead.trend]),
                ahead.date() or ahead.why_not(now),
                None if old is None else round(old.total_seconds() / 86_400, 1),
                _(words.SOURCES[made.source or "nothing"]),
                "; ".join(words.ground(ground) for ground in made.grounds),
            )
        )
    return workbook(Table(_("Batteries"), _("TRAINING") if training else "", head, cells))
