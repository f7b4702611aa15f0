"""A record as one HTML page that needs nothing else and prints on A4.

It fills in the page; what stands in it comes from `sheet`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lockhil.report import text
from lockrig.i18n import _, language
from lockrig.records import words
from lockrig.records.sheet import Sheet
from lockrig.records.text import closing
from lockrig.records.times import local


def page(made: Sheet, desk: Sequence[str]) -> bytes:
    """The page of one record; `desk` says how the service desk is reached."""
    told = environment("lockrig.records").get_template("record.html.j2")
    return told.render(
        _=_,
        lang=language(),
        sheet=made,
        what=words.word(words.KINDS, made.entry.kind),
        desk=desk,
        closing=closing(),
        printed=printed(),
        style=style(),
    ).encode()


def body(made: Sheet) -> Markup:
    """What the record says, to stand in another page."""
    told = environment("lockrig.records").get_template("sheet.html.j2")
    return Markup(told.render(_=_, sheet=made))  # noqa: S704 filled in with all escaped


def printed() -> str:
    """When the page was made."""
    return _("Printed {time}").format(time=local(datetime.now(UTC)))


def style() -> Markup:
    """How printed pages look."""
    css = files("lockrig.records").joinpath("page/print.css").read_text("utf-8")
    return Markup(css)  # noqa: S704 our own file


@cache
def environment(package: str) -> Environment:
    """The pages of a package of ours; whatever is filled in is escaped and made printable."""
    return Environment(
        loader=PackageLoader(package, "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: text.printable(value) if type(value) is str else value,
    )
