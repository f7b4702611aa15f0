"""Tables as an Excel file: every cell is a text or a number, never a formula or a link.

It writes what it is given; the words are the caller's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter

# Excel takes no more in a cell, nor in a sheet's name.
_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_WIDEST = 60

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name, a line above the columns ("" for none), their names, the rows."""

    name: str
    above: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(*tables: Table) -> bytes:
    """The file of some tables."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {**options, "strings_to_numbers": False}) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        loud = book.add_format({"bold": True, "bg_color": "#FFD54A"})
        # Marked as text, so that it stays one when somebody edits the cell.
        text = book.add_format({"quote_prefix": True})
        for table in tables:
            sheet = book.add_worksheet(_named(table.name))
            first = 0
            if table.above:
                sheet.write_string(0, 0, _fitting(table.above), loud)
                first = 1
            for column, name in enumerate(table.head):
                sheet.write_string(first, column, name, bold)
                cells = [str(row[column]) for row in table.rows if row[column] is not None]
                widest = max(map(len, (name, *cells)))
                sheet.set_column(column, column, min(_WIDEST, widest + 2))
            for line, row in enumerate(table.rows, start=first + 1):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(line, column, _fitting(value), text)
                    elif value is not None:
                        sheet.write_number(line, column, value)
            sheet.freeze_panes(first + 1, 0)
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)
    return out.getvalue()


def _named(name: str) -> str:
    return "".join(" " if c in "[]:*?/\\'" else c for c in name)[:_LONGEST_NAME] or "-"


def _fitting(text: str) -> str:
    """Without what XML can't hold."""
    kept = (c if c.isprintable() or c in "\n\t" else " " for c in text)
    return "".join(kept)[:_LONGEST_TEXT]
