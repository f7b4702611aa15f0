"""Carries out what comes in on the link, by the table in `methods`.

What has to be done at once is; what ends later leaves the request's id for who tells of its end.
"""

from lockunit import VERSION, life, methods, telling
from lockunit.access import UNPROVISIONED
from lockunit.actuation import BY_COMMAND, DONE
from lockunit.bolt import BUSY, LOCKED, UNLOCKED
from lockunit.gate import Gate
from lockunit.link import CLEAR, INVALID_PARAMS, METHOD_NOT_FOUND, NOT_AUTHORISED, Request
from lockunit.parts import Parts
from lockunit.settings import KIND_DOOR

_DOORS = {0: "closed", 1: "open", -1: "unknown"}
_TARGETS = {"bolt.lock": LOCKED, "bolt.unlock": UNLOCKED, "bolt.release": UNLOCKED}
# What sets off a new epoch.
_NEW_EPOCH = ("unit.couple", "unit.dismount")
# What is answered by a word alone.
_AT_ONCE = ("selftest.start", "maintenance.enter")
# What begins so is asked of the sessions.
_OF_SESSIONS = ("session", "clock", "epoch")


class Calls:
    """The requests to one unit."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.gate = Gate(parts.access)
        # Whose move and whose proof goes on; None for nobody's.
        self._move_of: Request | None = None
        self._proof_of: Request | None = None

    def take(self, now: int, request: Request) -> bool:
        """Carry out one request; whether there may be something to tell before the next one."""
        link = request.link
        method = methods.METHODS.get(request.method)
        if method is None or not self._has(method):
            link.refuse(now, request, METHOD_NOT_FOUND, request.method[:40])
            return False
        if self.gate.shut(request, method):
            link.refuse(now, request, NOT_AUTHORISED, methods.ROLES[method.role])
            return False
        wrong = method.wrong(request.params)
        if not wrong and request.method == "unit.couple":
            street = self.parts.settings.kind != KIND_DOOR
            wrong = life.wrong_customer(street, request.params.get("customer"))
        if wrong:
            link.refuse(now, request, INVALID_PARAMS, wrong)
            return False
        return self._carry_out(now, request, method)

    def _carry_out(self, now: int, request: Request, method: methods.Method) -> bool:
        link = request.link
        if self._dismounted(method, request):
            link.result(now, request, telling.result(methods.DISMOUNTED, ""))
        elif self.gate.presumes(request, method):
            link.result(now, request, self._changed(methods.NOT_AUTHORISED))
        elif request.method in _TARGETS:
            self._move(now, request)
        elif request.method == "swap.close":
            self._close(now, request)
            return True
        else:
            told = self._answer(now, request)
            if told is not None:
                link.result(now, request, told)
        return False

    def moved(self, now: int, told: "list[tuple[str, object]]") -> None:
        """The move that was asked for has ended."""
        asked, self._move_of = self._move_of, None
        if asked is not None:
            asked.link.result(now, asked, told)

    def proved(self, now: int, told: "list[tuple[str, object]]") -> None:
        """The proof that was asked for has ended."""
        asked, self._proof_of = self._proof_of, None
        if asked is not None:
            asked.link.result(now, asked, told)

    def tell_refusals(self, now: int) -> None:
        """Refuse the false proofs that have waited."""
        for link in self.parts.wires.links:
            result, link.session.result = link.session.result, ""
            asked = link.proving
            if result and asked is not None:
                link.proving = None
                link.result(now, asked, telling.result(result, ""))

    def _has(self, method: methods.Method) -> bool:
        # A lock that doesn't know what kind it is opens to whoever asks in either way.
        settings = self.parts.settings
        return settings.kind in method.kinds or settings.refused

    def _dismounted(self, method: methods.Method, request: Request) -> bool:
        if not self.parts.life.dismounted() or methods.DISMOUNTED not in method.results:
            return False
        return not self.gate.serves(request)

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
            request.link.result(now, request, told)
        else:
            self._move_of = request

    def _close(self, now: int, request: Request) -> None:
        parts = self.parts
        role = str(request.params["role"])
        result = parts.swap.closable(role)
        if result == DONE and (parts.bolt.moving() or parts.selftest.running()):
            result = BUSY
        if result == DONE and not parts.proof.start(now, role):
            result = BUSY
        if result == DONE:
            self._proof_of = request
        else:
            request.link.result(now, request, self._changed(result))

    def _answer(self, now: int, request: Request) -> "list[tuple[str, object]] | None":
        method = request.method
        if method.split(".", 1)[0] in _OF_SESSIONS:
            return self.gate.answer(now, request)
        if method.startswith("journal."):
            return self._journal(now, request)
        if method.startswith("swap.") or method == "battery.replaced":
            return self._swap(now, request)
        if method.startswith("unit."):
            return self._life(now, request)
        if method.startswith("update."):
            return self.parts.update.take(now, request, self.busy())
        at_once = method in _AT_ONCE
        return telling.result(self._at_once(now, method), "") if at_once else self._told(method)

    def busy(self) -> bool:
        """Whether something moves, or a diagnostic or a proof goes on."""
        parts = self.parts
        return parts.bolt.moving() or parts.selftest.running() or parts.proof.loading()

    def _at_once(self, now: int, method: str) -> str:
        parts = self.parts
        if method == "selftest.start":
            return DONE if parts.selftest.start(now, "started") else BUSY
        if parts.access.development:
            return UNPROVISIONED  # its console is open
        return BUSY if self.busy() else parts.maintenance.enter(now)

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
                ("trial", parts.trial.on),
                ("sealed", not parts.access.development),
                ("development", parts.access.development),
                ("life", own.state),
                ("refused", tuple([name for name, _ in parts.board.refused])),
            ]
        if request.method == "unit.life":
            return telling.life(own, parts.access)
        before = own.state
        if self.busy():
            result = BUSY
        elif request.method == "unit.couple":
            result = own.couple(str(request.params.get("customer", "")))
        else:
            moves = request.method == "unit.move"
            result = own.leave(life.STOCK if moves else life.DISMOUNTED)
        if own.state != before:
            parts.lived(now)
        if result == DONE and request.method in _NEW_EPOCH and not parts.access.development:
            # Whoever had a credential had it for the lock as it was.
            result = self.gate.bump(request)
        return telling.result(result, "") + telling.life(own, parts.access)

    def _journal(self, now: int, request: Request) -> "list[tuple[str, object]]":
        params, journal = request.params, self.parts.journal
        if request.method == "journal.read":
            after = params.get("after", 0)
            assert isinstance(after, int)
            return telling.page(journal, after, request.to != CLEAR)
        upto = params["upto"]
        assert isinstance(upto, int)
        return telling.result(journal.acknowledge(now, upto), "") + telling.held(journal)
