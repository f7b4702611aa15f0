"""Who may call what: by the method's role, and the session that a request came in.

What is asked of the sessions themselves it answers too; who somebody is, they prove.
"""

from lockunit import life, methods, telling
from lockunit.access import Access
from lockunit.actuation import DONE
from lockunit.link import CLEAR, Link, Request, base64, unbase64
from lockunit.proof import ROLE_DESK

# Who acts in one of these capacities acts as the service.
_AS_SERVICE = (ROLE_DESK, life.SERVICE)
_ANYBODY = ("session.begin", "session.prove")


class Gate:
    """One wire's."""

    def __init__(self, access: Access, link: Link) -> None:
        self.access = access
        self.link = link
        self.session = link.session
        # Whose false proof is refused later.
        self._proving: Request | None = None

    def role(self, request: Request) -> int:
        """The role of the session that a request came in; OPEN where it came in none."""
        return methods.OPEN if request.to == CLEAR else self.session.role

    def shut(self, request: Request, method: methods.Method) -> bool:
        """Whether the method isn't for whoever asks."""
        return not self.access.development and self.role(request) < method.role

    def presumes(self, request: Request, method: methods.Method) -> bool:
        """Whether somebody acts in a capacity that is beyond the session's role."""
        asked = methods.NOT_AUTHORISED in method.results
        as_service = asked and request.params.get("role") in _AS_SERVICE
        return as_service and not self.serves(request)

    def serves(self, request: Request) -> bool:
        """Whether the service asks; a development unit takes everybody's word for it."""
        if self.access.development:
            return request.params.get("role") in _AS_SERVICE
        return self.role(request) == methods.SERVICE

    def answer(self, now: int, request: Request) -> "list[tuple[str, object]] | None":
        """Carry out what is asked of the sessions; None if that is answered later."""
        params, wire = request.params, self.session
        if request.method in _ANYBODY:
            # It ends the session that it comes in, if it succeeds: it is told in the open.
            request.to = CLEAR
        if request.method == "epoch.bump":
            return telling.result(self.bump(), "") + telling.epoch(self.access)
        if request.method == "clock.state":
            return telling.clock(now, self.access)
        if request.method == "session.begin":
            found = wire.begin(now, unbase64(str(params["m1"])))
            if not isinstance(found, str):
                return telling.result(DONE, "") + [("m2", base64(found))]
        elif request.method == "clock.set":
            found = wire.set_clock(now, _whole(params["time_s"]))
        elif request.method == "clock.token":
            flags, tag = _whole(params["flags"]), unbase64(str(params["tag"]))
            found = wire.token(now, _whole(params["s"]), _whole(params["time_s"]), flags, tag)
        else:
            found = wire.prove(now, _whole(params["s"]), unbase64(str(params["proof"])))
            if not found:
                self._proving = request
                return None
        return telling.result(found, "")

    def bump(self) -> str:
        """No credential so far is good any more; whoever asks stays: "done", or why not."""
        return self.access.state or self.access.bump_epoch(self.session)

    def tell(self, now: int) -> None:
        """Refuse the false proof that has waited."""
        if self.session.result:
            self.link.result(now, self._proving, telling.result(self.session.result, ""))
            self.session.result = ""
            self._proving = None


def _whole(value: object) -> int:
    """A parameter that the table says is an integer."""
    assert isinstance(value, int)
    return value
