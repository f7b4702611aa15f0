"""A life as one HTML file that needs nothing else: no network, no server.

It fills in the page; which lines are drawn is `charts`', how they look stands in `page/`.
"""

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lockhil.report import text
from lockrig.simulate import words
from lockrig.simulate.charts import charts
from lockrig.simulate.summary import wrongly_allowed
from locksim.scenarios.result import Life


def render(life: Life) -> str:
    """The page's text."""
    page = files("lockrig.simulate").joinpath("page")
    # Its first line is a comment with its address, and this page has none.
    library = page.joinpath("uplot/uPlot.iife.min.js").read_text("utf-8").split("\n", 1)[1]
    script = page.joinpath("life.js").read_text("utf-8")
    return (
        _environment()
        .get_template("life.html.j2")
        .render(
            life=life,
            words=words,
            wrong=len(wrongly_allowed(life)),
            diagnoses=list(words.diagnoses(life)),
            leads=list(zip(life.leads, life.prompts, strict=True)),
            # Inside a script element only "<" could end it.
            data=Markup(json.dumps(charts(life), separators=(",", ":")).replace("<", "\\u003c")),  # noqa: S704
            style=_own(page.joinpath("life.css").read_text("utf-8")),
            library_style=_own(page.joinpath("uplot/uPlot.min.css").read_text("utf-8")),
            library=_own(library),
            licence=page.joinpath("uplot/LICENSE").read_text("utf-8"),
            script=_own(script),
            hashes=[_hash(library), _hash(script)],
        )
    )


def _own(source: str) -> Markup:
    return Markup(source)  # noqa: S704 - our own files


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("lockrig.simulate", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # A scenario's own words pass here: nothing invisible reaches the page.
        finalize=lambda value: text.printable(value) if type(value) is str else value,
    )
