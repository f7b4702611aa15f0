"""Listening to one unit: greets it, asks how it is, and hands on every line as it comes.

How lines look and what is kept of them is decided elsewhere; the questions change nothing.
"""

import datetime
from collections.abc import Callable, Iterable

from lockhil.client import Line, LinkTimeoutError, RpcError
from lockhil.contact import Contact
from lockrig.errors import Exit, LockrigError
from lockrig.monitor.account import Account, header_of
from lockrig.monitor.stop import Stop
from lockrig.monitor.wording import text
from lockrig.targets import LOST, one_line
from lockrig.trace.terminal import safe

ANSWER_MS = 2_000
QUESTIONS = ("bolt.state", "battery.report")
# How long to wait at a time: a person's ctrl-C is noticed in between.
_SLICE_MS = {"real": 100, "virtual": 60_000}
# What came instead of an answer, in the message.
_SHOWN = 120


class Listener:
    """One unit and the two who are told of it.

    `keep` gets the lines of the trace; `show` the link's lines, and says whether anybody reads.
    """

    def __init__(
        self,
        contact: Contact,
        keep: Callable[[str], object],
        show: Callable[[Line], bool],
    ) -> None:
        self._contact = contact
        self._link = contact.link
        self._keep = keep
        self._show = show
        self._account: Account | None = None
        self._early: list[Line] = []
        self._read = True

    def greet(self) -> str:
        """Find out who is there; its own name. LockrigError: it is no unit."""
        # Kept back until it is known whose lines they are.
        early = self._early = self._link.listen(0)
        if self._contact.clock_kind == "real":
            # Half a line may lie there from whoever was here before.
            self._link.send_raw(b"\n")
        sent = self._link.begin("unit.hello")
        try:
            hello = self._link.wait(sent, ANSWER_MS)
            if not all(isinstance(hello.get(key), str) for key in ("unit", "firmware")):
                raise RpcError(0, "an answer that names no unit and firmware")
        except (LinkTimeoutError, RpcError):
            raise self._no_unit(early + self._link.listen(0)) from None
        except LOST as error:
            raise LockrigError(one_line(error), Exit.NO_CONTACT) from None
        self._account = Account(header_of(self._contact, hello, self._began_utc()))
        self._keep(self._account.header())
        return f"{hello['unit']}, firmware {hello['firmware']}"

    def _began_utc(self) -> str | None:
        if self._contact.clock_kind != "real":
            return None
        now = datetime.datetime.now(datetime.UTC)
        began = now - datetime.timedelta(milliseconds=self._link.now_ms)
        return began.isoformat(timespec="milliseconds")

    def _no_unit(self, heard: list[Line]) -> LockrigError:
        said = [line.data.strip() for line in heard if line.from_unit and line.data.strip()]
        came = text(b" | ".join(filter(None, [*said[-3:], self._link.unended])))
        came = came if len(came) <= _SHOWN else f"{came[:_SHOWN]} ..."
        return LockrigError(
            f"expected a lock unit at {safe(self._contact.name)} to answer unit.hello within "
            f"{ANSWER_MS / 1000:g} s, got {came or 'nothing'}; "
            "is it the unit's link (not its console), and is the unit up?",
            Exit.NO_CONTACT,
        )

    def ask(self) -> None:
        """Ask how it is now: what it tells later are changes of that."""
        self._hand_on(self._early)
        for question in QUESTIONS:
            try:
                self._link.call(question, timeout_ms=ANSWER_MS)
            except (LinkTimeoutError, RpcError):
                # It needn't tell everybody; the lines themselves are shown and kept.
                continue

    def listen(self, until_ms: int | None, stop: Stop) -> bool:
        """Hand on what comes until then; False if it ended earlier, by a wish or for no reader."""
        slice_ms = _SLICE_MS[self._contact.clock_kind]
        while self._read and not stop.asked:
            left = slice_ms if until_ms is None else until_ms - self._link.now_ms
            self._hand_on(self._link.listen(max(0, min(left, slice_ms))))
            if left <= 0:
                return True
        return False

    def _hand_on(self, lines: Iterable[Line]) -> None:
        assert self._account is not None
        for line in lines:
            for kept in self._account.of(line):
                self._keep(kept)
            self._read = self._show(line) and self._read

    def end(self, note: str = "") -> None:
        """Say in the trace, if there is one, until when it was listened to, and what ended it."""
        if self._account is None:
            return
        now = self._link.now_ms
        if note:
            self._keep(self._account.note(now, note))
        self._keep(self._account.end(now))
