"""Carries out what comes in on the link, by the table in `methods`.

What has to be done at once is; what ends later leaves the request's id for who tells of its end.
"""

from lockunit import VERSION, life, methods, telling
from lockunit.actuation import BY_COMMAND, DONE
from lockunit.bolt import BUSY, LOCKED, UNLOCKED
from lockunit.link import INVALID_PARAMS, METHOD_NOT_FOUND, Request
from lockunit.parts import Parts
from lockunit.proof import ROLE_DESK
from lockunit.settings import KIND_DOOR

_DOORS = {0: "closed", 1: "open", -1: "unknown"}
_TARGETS = {"bolt.lock": LOCKED, "bolt.unlock": UNLOCKED, "bolt.release": UNLOCKED}
# For whom a unit works that was taken down.
_SERVICE = (ROLE_DESK, life.SERVICE)


class Calls:
    """The requests to one unit."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        # Whose move and whose proof goes on: ids as JSON, None for nobody's.
        self.asked: str | None = None
        self.asked_proof: str | None = None

    def take(self, now: int, request: Request) -> bool:
        """Carry out one request; whether there may be something to tell before the next one."""
        link = self.parts.link
        method = methods.METHODS.get(request.method)
        if method is None or not self._has(method):
            if request.ident is not None:
                link.error(request.ident, METHOD_NOT_FOUND, request.method[:40])
            return False
        wrong = method.wrong(request.params)
        if not wrong and request.method == "unit.couple":
            street = self.parts.settings.kind != KIND_DOOR
            wrong = life.wrong_customer(street, request.params.get("customer"))
        if wrong:
            if request.ident is not None:
                link.error(request.ident, INVALID_PARAMS, wrong)
            return False
        if self._dismounted(method, request):
            link.result(request.ident, telling.result(methods.DISMOUNTED, ""))
        elif request.method in _TARGETS:
            self._move(now, request)
        elif request.method == "swap.close":
            self._close(now, request)
            return True
        else:
            link.result(request.ident, self._answer(now, request))
        return False

    def _has(self, method: methods.Method) -> bool:
        # A lock that doesn't know what kind it is opens to whoever asks in either way.
        settings = self.parts.settings
        return settings.kind in method.kinds or settings.refused

    def _dismounted(self, method: methods.Method, request: Request) -> bool:
        if not self.parts.life.dismounted() or methods.DISMOUNTED not in method.results:
            return False
        return request.params.get("role") not in _SERVICE

    def _move(self, now: int, request: Request) -> None:
        # A test load and the motor together would make a good pack look bad. A proof can be had
        # again, and somebody who has to get in doesn't wait for it.
        parts = self.parts
        target = _TARGETS[request.method]
        result = BUSY
        if not (parts.selftest.loading() or (target == LOCKED and parts.proof.loading())):
            result = parts.bolt.command(now, target, BY_COMMAND, parts.swap.trusts())
        if result:
            told: list[tuple[str, object]] = [("result", result), ("state", parts.bolt.state)]
            parts.link.result(request.ident, told)
        else:
            self.asked = request.ident

    def _close(self, now: int, request: Request) -> None:
        parts = self.parts
        role = str(request.params["role"])
        result = parts.swap.closable(role)
        if result == DONE and (parts.bolt.moving() or parts.selftest.running()):
            result = BUSY
        if result == DONE and not parts.proof.start(now, role):
            result = BUSY
        if result == DONE:
            self.asked_proof = request.ident
        else:
            parts.link.result(request.ident, self._changed(result))

    def _answer(self, now: int, request: Request) -> "list[tuple[str, object]]":
        parts, method = self.parts, request.method
        if method.startswith("journal."):
            return self._journal(now, request)
        if method.startswith("swap.") or method == "battery.replaced":
            return self._swap(now, request)
        if method.startswith("unit."):
            return self._life(now, request)
        if method == "selftest.start":
            began = parts.selftest.start(now, "started")
            return telling.result(DONE if began else BUSY, "")
        return self._told(method)

    def _told(self, method: str) -> "list[tuple[str, object]]":
        parts = self.parts
        if method == "bolt.state":
            return [("state", parts.bolt.state), ("door", _DOORS[parts.board.door()])]
        if method == "battery.report":
            return telling.report(parts.board, parts.battery)
        return telling.diagnostic(parts.selftest)

    def _swap(self, now: int, request: Request) -> "list[tuple[str, object]]":
        parts, params, method = self.parts, request.params, request.method
        change = parts.swap
        if method == "swap.state":
            return telling.change(change)
        role = str(params["role"])
        if method == "battery.replaced":
            return self._changed(change.replaced(role))
        if method == "swap.cancel":
            return self._changed(change.cancel(role))
        if method == "swap.adopt":
            ago_s = params["ago_s"]
            assert isinstance(ago_s, int)
            return self._changed(change.adopt(now, role, ago_s))
        if parts.bolt.moving() or parts.selftest.running():
            return self._changed(BUSY)
        return self._changed(change.begin(now, role, str(params["gate"])))

    def _changed(self, result: str) -> "list[tuple[str, object]]":
        return telling.result(result, "") + telling.level(self.parts.battery)

    def _life(self, now: int, request: Request) -> "list[tuple[str, object]]":
        parts, own = self.parts, self.parts.life
        if request.method == "unit.hello":
            return [
                ("unit", parts.board.unit_id()),
                ("kind", parts.settings.kind),
                ("firmware", VERSION),
                ("sealed", False),
                ("life", own.state),
                ("refused", tuple([name for name, _ in parts.board.refused])),
            ]
        if request.method == "unit.life":
            return telling.life(own)
        before = own.state
        if parts.bolt.moving() or parts.selftest.running() or parts.proof.loading():
            result = BUSY
        elif request.method == "unit.couple":
            result = own.couple(str(request.params.get("customer", "")))
        else:
            moves = request.method == "unit.move"
            result = own.leave(life.STOCK if moves else life.DISMOUNTED)
        if own.state != before:
            parts.lived(now)
        return telling.result(result, "") + telling.life(own)

    def _journal(self, now: int, request: Request) -> "list[tuple[str, object]]":
        params, journal = request.params, self.parts.journal
        if request.method == "journal.read":
            after = params.get("after", 0)
            assert isinstance(after, int)
            return telling.page(journal, after)
        upto = params["upto"]
        assert isinstance(upto, int)
        return telling.result(journal.acknowledge(now, upto), "") + telling.held(journal)
