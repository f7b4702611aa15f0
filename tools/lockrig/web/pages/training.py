"""Training: a virtual unit to practise on, through the same pages as a real one.

Its lights and its button are drawn on the page of the watch; its records are kept apart.
"""

from contextlib import ExitStack
from random import SystemRandom
from secrets import token_hex

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lockhil.targets import open_target
from lockrig.diagnose.simulated import Simulated
from lockrig.i18n import later
from lockrig.web.diagnoses import FullError
from lockrig.web.diagnosis import Diagnosis
from lockrig.web.site import Card, Site, fields

CARD = Card("/training", later("Training"), later("Practise on a made-up lock. Nothing is real."))
PACKS = {
    "good": later("a good battery"),
    "weak": later("a battery that is nearly empty"),
    "discharged": later("a discharged battery"),
}
UNTOLD = "random"


def routes(site: Site) -> list[BaseRoute]:
    """The page's routes."""

    async def choose(request: Request) -> Response:
        return site.page(
            request, "training.html.j2", {"packs": PACKS, "untold": UNTOLD, "training": True}
        )

    async def begin(request: Request) -> Response:
        chosen = (await fields(request)).get("pack")
        pack = SystemRandom().choice(list(PACKS)) if chosen == UNTOLD else chosen
        if pack not in PACKS:
            return RedirectResponse("/training", 303)
        owner = site.browser(request)
        try:
            made = site.diagnoses.add(lambda: _diagnosis(site, owner, pack))
        except FullError:
            return site.page(request, "full.html.j2", {"training": True}, status=503)
        return RedirectResponse(f"/diagnose/{made.name}", 303)

    return [
        Route("/training", choose, methods=["GET"]),
        Route("/training", begin, methods=["POST"]),
    ]


def _diagnosis(site: Site, owner: str, pack: str) -> Diagnosis:
    with ExitStack() as opening:
        # A new unit each time, so that what was found of another doesn't stand in the way.
        label = f"SIM-{token_hex(2).upper()}"
        target = opening.enter_context(open_target("sim", pack=pack, unit_id=label))
        contact = Simulated(target, site.clock.ms())
        return Diagnosis(
            owner,
            site.folder,
            site.clock,
            contact=contact,
            held=opening.pop_all(),
            revealed=PACKS[pack],
        )
