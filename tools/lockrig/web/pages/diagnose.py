"""The diagnosis: the page of its procedure's step is shown, and what comes back is passed on.

It knows addresses and templates; what an answer means is the procedure's.
"""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from lockrig.diagnose.procedure import Step
from lockrig.diagnose.questions import AFTERWARDS
from lockrig.diagnose.result import told
from lockrig.diagnose.screens import said, sequence
from lockrig.i18n import later
from lockrig.web import live
from lockrig.web.diagnoses import FullError
from lockrig.web.diagnosis import Diagnosis
from lockrig.web.guard import BROWSER
from lockrig.web.site import Card, Site, fields, local, wall

CARD = Card(
    "/diagnose",
    later("May this battery be changed?"),
    later("Test a lock by its button and its two lights. It takes about three minutes."),
    begins=True,
)
_SHOWN = {
    Step.LABEL: "label.html.j2",
    Step.LABEL_AGAIN: "label.html.j2",
    Step.PATTERN: "pattern.html.j2",
    Step.START: "watch.html.j2",
    Step.WATCH: "watch.html.j2",
    Step.REVIEW: "review.html.j2",
    Step.END: "result.html.j2",
}


def routes(site: Site) -> list[BaseRoute]:
    """The page's routes."""

    async def begin(request: Request) -> Response:
        owner = site.browser(request)
        try:
            made = site.diagnoses.add(lambda: Diagnosis(owner, site.folder, site.clock))
        except FullError:
            return site.page(request, "full.html.j2", status=503)
        return RedirectResponse(f"/diagnose/{made.name}", 303)

    async def show(request: Request) -> Response:
        found = site.diagnoses.get(request.path_params["name"], site.browser(request))
        if found is None:
            return site.page(request, "unknown.html.j2", status=404)
        return _page(site, request, found)

    async def act(request: Request) -> Response:
        found = site.diagnoses.get(request.path_params["name"], site.browser(request))
        if found is None:
            return site.page(request, "unknown.html.j2", status=404)
        sent = await fields(request)
        found.act(sent.get("turn", ""), sent.get("what", ""), sent.get("value", ""))
        return RedirectResponse(f"/diagnose/{found.name}", 303)

    async def watch(socket: WebSocket) -> None:
        found = site.diagnoses.get(socket.path_params["name"], socket.scope[BROWSER])
        if found is None:
            await socket.close()
        else:
            await live.watch(socket, found)

    return [
        Route("/diagnose", begin, methods=["POST"]),
        Route("/diagnose/{name}", show, methods=["GET"]),
        Route("/diagnose/{name}", act, methods=["POST"]),
        WebSocketRoute("/diagnose/{name}/watch", watch),
    ]


def _page(site: Site, request: Request, diagnosis: Diagnosis) -> Response:
    procedure = diagnosis.procedure
    watched = procedure.step in (Step.START, Step.WATCH)
    values: dict[str, object] = {
        "diagnosis": diagnosis,
        "procedure": procedure,
        "said": said,
        "sequence": sequence(),
        "training": diagnosis.training,
        "bare": watched,
        "total": len(AFTERWARDS),
        "afterwards": AFTERWARDS,
    }
    if diagnosis.over:
        result = told(procedure.outcome, wall(), local(diagnosis.until))
        allowed = diagnosis.allowed()
        left_s = (diagnosis.until - wall()).total_seconds()
        values |= {
            "allowed": allowed,
            "lapsed": result.allowed and not allowed,
            "left_s": max(1, int(left_s) + 1),
            "result": result,
        }
    template = _SHOWN.get(procedure.step, "question.html.j2")
    return site.page(request, template, values)
