"""The pages, one module each, and how one is added.

A page is a module here with a function `routes(site) -> list[BaseRoute]`, named in `PAGES`; if it
has a `CARD`, the start page leads to it. It draws with `site.page(request, "NAME.html.j2", ...)`,
whose template extends `base.html.j2` and takes its buttons from `widgets.html.j2`: so it carries
the heading "do not open", the mark of training, the foot, and both languages. Texts stand in code
and templates as `_("...")`; docs/diagnose.md says how they are translated.

What changes something is a POST, read with `site.fields`: the guard has seen by then that it came
of a page of ours. What reads many files does so in `site.look`. Code is served from `static` and
never written into a page: the browser is told to run nothing else, and no style in a page either.
Handlers are `async`, so that each request speaks its own language.
"""

from starlette.routing import BaseRoute

from lockrig.web.pages import diagnose, overview, records, start, training
from lockrig.web.site import Site

PAGES = (start, diagnose, overview, records, training)


def routes(site: Site) -> list[BaseRoute]:
    """The routes of all pages."""
    site.cards = [page.CARD for page in PAGES if hasattr(page, "CARD")]
    return [route for page in PAGES for route in page.routes(site)]
