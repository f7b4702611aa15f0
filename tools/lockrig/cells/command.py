"""The command `lockrig cells`: the cell models beside published figures.

It models nothing: `locksim.cells` does.
"""

import sys
from pathlib import Path

import click

from lockrig.cells import report
from lockrig.errors import Exit, LockrigError
from lockrig.trace.terminal import safe, say
from locksim.cells.check import Compared, compare, summary
from locksim.cells.load import FOLDER, CellFile, cells
from locksim.datafile import BadFileError


@click.group()
def command() -> None:
    """The models of batteries' cells, and what they were checked against."""


@command.command("list")
@click.argument("folder", metavar="[DIR]", default=str(FOLDER))
def list_(folder: str) -> int:
    """The cells in DIR (lockrig's own by default), one a line."""
    say("\n".join(report.listed(_read(folder))))
    return Exit.PASSED


@command.command()
@click.argument("folder", metavar="[DIR]", default=str(FOLDER))
@click.option("--json", "json_", is_flag=True, help="Print one JSON document.")
@click.option("--markdown", is_flag=True, help="Print the tables of docs/cells.md.")
@click.option("--plots", metavar="OUT", help="Draw each cell's curves into the folder OUT.")
def validate(folder: str, json_: bool, markdown: bool, plots: str | None) -> int:
    """Every figure in DIR's cell files (lockrig's own by default) beside the model's.

    Exit codes: 0 of the figures held out of the fit, half are within 10 per cent and all within
    25; 1 they aren't, or none was held out; 2 a bad file.
    """
    if json_ and markdown:
        raise LockrigError("expected --json or --markdown, got both", Exit.USAGE)
    files = _read(folder)
    if plots is not None:
        _draw(files, plots)
    rows = _compared(files)
    if json_:
        say(report.as_json(files, rows))
    elif markdown:
        say(report.as_markdown(files, rows))
    else:
        say(report.as_text(files, rows))
    return Exit.PASSED if summary(rows).passed else Exit.FAILED


def _read(folder: str) -> dict[str, CellFile]:
    try:
        return cells(Path(folder))
    except BadFileError as error:
        raise LockrigError(safe(str(error)), Exit.USAGE) from None


def _compared(files: dict[str, CellFile]) -> list[Compared]:
    rows: list[Compared] = []
    with click.progressbar(
        length=sum(len(cell.point) for cell in files.values()),
        label="comparing",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as bar:
        for name, cell in files.items():
            for row in compare(name, cell):
                rows.append(row)
                bar.update(1)
    return rows


def _draw(files: dict[str, CellFile], plots: str) -> None:
    try:
        from lockrig.cells.plots import draw  # noqa: PLC0415 an extra, and slow to load
    except ImportError:
        raise LockrigError(
            "plots need matplotlib: pip install 'lockrig[simulate]'", Exit.USAGE
        ) from None
    out = Path(plots)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with click.progressbar(
            files.values(), label="drawing", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            for cell in bar:
                draw(cell, out)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise LockrigError(
            f"--plots: expected a folder to write to, got {safe(plots)!r}: {reason}", Exit.USAGE
        ) from None
