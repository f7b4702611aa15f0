"""`lockrig battery report`: one unit's battery in detail, on the screen, as a page, for Excel."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from markupsafe import Markup

from lockrig.errors import Exit, LockrigError
from lockrig.i18n import _, language
from lockrig.overview import words
from lockrig.overview.cells import USUAL, pack_kind
from lockrig.overview.details import Details
from lockrig.overview.gather import gather
from lockrig.overview.journal import journal_readings
from lockrig.overview.outlook import outlook
from lockrig.overview.plot import plot
from lockrig.overview.plot import title as plotted
from lockrig.overview.standing import STALE_DAYS
from lockrig.records.asked import begin, desk, desk_lines, reading, shared_options
from lockrig.records.html import environment, printed, style
from lockrig.records.listing import wanted_label
from lockrig.records.output import save
from lockrig.records.text import closing, facts, mark, paragraphs, table
from lockrig.records.workbook import Table, workbook
from lockrig.trace.terminal import say

_TONES = {"suspected": "stop", "now": "stop", "good": "go"}
# On the screen; the page and the other files have all of them.
_MOST_LINES = 12


@click.command("report")
@click.argument("unit", metavar="UNIT")
@click.option(
    "--stale", type=click.FloatRange(0, 3_650), default=STALE_DAYS, show_default=True,
    metavar="DAYS", help="What is older isn't known any more.",
)  # fmt: skip
@click.option("--pack", default=USUAL, show_default=True, metavar="KIND", help="Its kind of pack.")
@click.option(
    "--journal", type=click.Path(path_type=Path), metavar="FILE",
    help="The unit's journal, as `lockrig journal --file` keeps it: for its readings.",
)  # fmt: skip
@click.option("--training", is_flag=True, help="A unit of training.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page, too.")
@click.option("--xlsx", type=click.Path(path_type=Path), metavar="FILE", help="Write tables, too.")
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
@shared_options
def command(
    *,
    unit: str,
    stale: float,
    pack: str,
    journal: Path | None,
    training: bool,
    html: Path | None,
    xlsx: Path | None,
    json_: bool,
    folder: Path | None,
    lang: str | None,
    config_file: Path | None,
) -> int:
    """Tell all that is known here of one unit's battery. UNIT is its label.

    It asks no unit, and permits nothing: whether a battery may be changed is decided by the
    diagnosis alone.
    """
    here = begin(lang, folder)
    label, kind, now = wanted_label(unit), pack_kind(pack), datetime.now(UTC)
    lines = desk_lines(desk(config_file))
    with reading(here):
        known = gather(here, now, training=training, stale_days=stale, only=label)
    if not known.stands:
        told = _("nothing is known here of {unit}; `lockrig battery overview` lists the units")
        raise LockrigError(told.format(unit=label), Exit.USAGE)
    more = [] if journal is None else journal_readings(journal, label, kind)
    made = known.stands[0]
    entries = known.entries.get(label, [])
    ahead = outlook(made, kind, now, more)
    details = Details(made, ahead, kind, entries, now, training, more)
    if html is not None:
        save(html, page(details, lines))
    if xlsx is not None:
        save(xlsx, as_workbook(details))
    if json_:
        say(json.dumps(details.document(lines), ensure_ascii=False, indent=1))
        return Exit.PASSED
    for line in text(details, lines):
        click.echo(mark(training) + line)
    return Exit.PASSED


def text(details: Details, desk_: list[str]) -> Iterator[str]:
    """The report for a terminal."""
    made = details.made
    yield f"{made.unit}: {words.level(made)}"
    yield ""
    yield from facts(details.facts())
    for heading, head, rows in _tables(details):
        if not rows:
            continue
        yield ""
        shown = rows[-_MOST_LINES:]
        more = _("the last {count} of {all}").format(count=len(shown), all=len(rows))
        yield from paragraphs(heading if len(shown) == len(rows) else f"{heading} ({more})")
        yield from table(head, [["" if c is None else str(c) for c in row] for row in shown], "  ")
    if made.suspected:
        yield ""
        yield from paragraphs(words.desk_only([made]))
        yield from desk_
        yield ""
        yield from words.fault_text(made, details.now)
    yield ""
    yield from paragraphs(closing())


def _tables(details: Details) -> list[tuple[str, tuple[str, ...], list[tuple[object, ...]]]]:
    limits = ", ".join(f"{name} < {mv} mV" for name, mv in details.limits())
    measured = _("What was told; limits at 20 degrees C: {limits}").format(limits=limits)
    return [
        (_("Levels over time"), (_("Since"), _("Battery")), [*details.levels()]),
        (measured, details.told_head(), [*details.told_rows()]),
        (_("Changes of the battery"), (_("Time"), _("What")), [*details.changes()]),
        (
            _("Diagnoses and battery changes on record"),
            (_("Began"), _("What"), _("Verdict"), _("Record")),
            [*details.attempts()],
        ),
    ]


def body(details: Details) -> Markup:
    """The report without its head, to stand in another page."""
    told = environment("lockrig.overview").get_template("details.html.j2")
    return Markup(told.render(_content(details)))  # noqa: S704 filled in with all escaped


def _content(details: Details) -> dict[str, object]:
    made = details.made
    return {
        "_": _,
        "details": details,
        "plot": plot(details),
        "plot_title": plotted(),
        "tables": _tables(details),
        "fault": list(words.fault_text(made, details.now)) if made.suspected else [],
    }


def page(details: Details, desk_: list[str]) -> bytes:
    """The report as a page that needs nothing else."""
    made = details.made
    told = environment("lockrig.overview").get_template("battery.html.j2")
    return told.render(
        _content(details),
        lang=language(),
        title=_("battery report"),
        level=words.level(made),
        tone=_TONES.get(made.shown, ""),
        desk=desk_,
        desk_only=words.desk_only([made]),
        closing=closing(),
        printed=printed(),
        style=style(),
    ).encode()


def as_workbook(details: Details) -> bytes:
    """The report for Excel."""
    above = _("TRAINING") if details.training else ""
    tables = [Table(_("Report"), above, (_("What"), _("Told")), details.facts())]
    names = (_("Levels"), _("Readings"), _("Changes"), _("Records"))
    for name, (_title, head, rows) in zip(names, _tables(details), strict=True):
        cells = [
            tuple(c if isinstance(c, str | int | float) or c is None else str(c) for c in row)
            for row in rows
        ]
        tables.append(Table(name, above, head, cells))
    journal = [(at.astimezone().isoformat(), mv) for at, mv in details.journal]
    if journal:
        tables.append(Table(_("Journal"), above, (_("Time"), _("at 20 C")), journal))
    return workbook(*tables)
