"""The unit: composes the parts, feeds them events, and says when it next has to run.

It owns no waiting: whoever drives it calls `step` and sleeps for as long as that says.
"""

from lockunit import VERSION, entries, methods, records, telling
from lockunit.battery import Battery
from lockunit.board import (
    EV_BOLT,
    EV_BUTTON,
    EV_DOOR,
    EV_RX,
    EV_SUPPLY,
    Board,
)
from lockunit.bolt import BUSY, BY_COMMAND, DONE, LOCKED, UNLOCKED, Actuation, Bolt
from lockunit.journal import Journal
from lockunit.link import INVALID_PARAMS, METHOD_NOT_FOUND, Link, Request
from lockunit.selftest import Selftest
from lockunit.settings import Settings
from lockunit.swap import ROLES, Swap
from lockunit.ticks import Timer

_RESETS = ("power", "brown-out", "watchdog", "soft")
_DOORS = {0: "closed", 1: "open", -1: "unknown"}
_TARGETS = {"bolt.lock": LOCKED, "bolt.unlock": UNLOCKED, "bolt.release": UNLOCKED}
# What can't be stored is tried again: room may have been made meanwhile.
_RETRY_MS = 60_000


class Unit:
    """A lock unit from its boot on: making one is the boot."""

    def __init__(self, board: Board, settings: Settings, now: int) -> None:
        self.board = board
        self.settings = settings
        # Dark first, whatever the pins did while nobody drove them.
        board.leds(0, 0)
        board.load(0)
        self.link = Link(board)
        self.journal = Journal(board)
        self.battery = Battery(board, settings)
        self.bolt = Bolt(board, settings, self.battery)
        self.selftest = Selftest(board, self.battery)
        self.swap = Swap(board, self.battery)
        self.cause = ""
        self._retry = Timer("storage.retry")
        self._timers = (
            self.bolt.timers
            + self.selftest.timers
            + self.battery.timers
            + self.swap.timers
            + (self._retry,)
        )
        self._asked: str | None = None
        self._asked_close: str | None = None
        self._refused: tuple[tuple[str, str], ...] = ()
        self.battery.boot(now)
        self.bolt.boot(now)
        self.journal.boot(now)
        found = self.journal.segments
        entry = entries.boot(board, self.bolt.state, self.battery, found, VERSION)
        self.journal.add(now, records.BOOT, entry)
        reset = _RESETS[board.reset_cause()]
        self.link.notify("unit.boot", [("reset", reset), ("bolt", self.bolt.state)])
        self._tell(now)

    def event(self, now: int, kind: int, arg: "int | bytes") -> None:
        """Take in one event of the board (`board.EV_...`)."""
        if kind == EV_BUTTON:
            if arg:
                self.selftest.start(now, "pressed")
        elif kind == EV_BOLT:
            self.bolt.ends_changed(now)
        elif kind == EV_DOOR:
            self.bolt.door_changed(now)
        elif kind == EV_SUPPLY:
            self.selftest.supply_changed()
            self.swap.supply_changed()
            self.battery.supply_changed(now)
        elif kind == EV_RX and isinstance(arg, bytes):
            for line in self.link.receive(now, arg):
                request = self.link.parse(line)
                if request is not None:
                    self._call(now, request)
        self._tell(now)

    def step(self, now: int) -> int:
        """Run what is due; the ms until something is again, -1 if only an event can wake it."""
        self.selftest.step(now)
        self.swap.step(now)
        self.battery.step(now, self._busy())
        self.bolt.step(now, self._load_left(now))
        self._tell(now)
        self._store_again(now)
        soonest = -1
        self.cause = ""
        for timer in self._timers:
            left = timer.left(now)
            if left >= 0 and (soonest < 0 or left < soonest):
                soonest = left
                self.cause = timer.name
        return soonest

    def _store_again(self, now: int) -> None:
        """Try what the board couldn't store, and wake for it while there is something."""
        if self._retry.due(now):
            self.battery.retry()
            self.journal.retry(now)
        if self.battery.saved and not self.journal.waits():
            self._retry.clear()
        elif not self._retry.armed():
            self._retry.set(now, _RETRY_MS)

    def _busy(self) -> bool:
        """Whether something hangs on the pack; the battery's own sample gives way by itself."""
        return self.bolt.moving() or self.selftest.loading() or self.swap.loading()

    def _load_left(self, now: int) -> int:
        return max(self.selftest.load_left(now), self.swap.load_left(now))

    def _tell(self, now: int) -> None:
        """Write down what the parts have to tell, and send it, in a fixed order.

        What was sent may be relied on, so it is written first.
        """
        # First: who hears of a level then knows whether it is stored.
        if self.board.refused is not self._refused:
            self._tell_refused(now)
        for run in self.bolt.finished:
            self.journal.add(now, records.BOLT, entries.run(run, self.bolt.state))
            self._tell_run(run)
        self.bolt.finished.clear()
        for step in self.selftest.steps:
            steps: list[tuple[str, object]] = [("step", step)]
            if step == "done":
                self.journal.add(now, records.DIAGNOSTIC, entries.diagnostic(self.selftest))
                steps += telling.diagnostic(self.selftest)
            self.link.notify("selftest.step", steps)
        self.selftest.steps.clear()
        if self.swap.result:
            self.journal.add(now, records.SWAP, entries.swap(self.swap, self.battery))
            told = telling.result(self.swap.result, self.swap.cause)
            told += telling.level(self.battery)
            self.link.result(self._asked_close, told)
            self.swap.result = ""
            self._asked_close = None
        if self.battery.changed:
            self.battery.changed = False
            self.journal.add(now, records.LEVEL, entries.level(self.battery))
            level = telling.level(self.battery) + [("fresh", self.battery.fresh())]
            self.link.notify("battery.level", level)

    def _tell_refused(self, now: int) -> None:
        known, self._refused = self._refused, self.board.refused
        for pair in self._refused:
            if pair not in known:
                entry = entries.refused(*pair)
                if entry:
                    self.journal.add(now, records.STORAGE, entry)
                self.link.notify("storage.refused", [("name", pair[0]), ("why", pair[1])])

    def _tell_run(self, run: Actuation) -> None:
        self.link.notify("bolt.moved", telling.run(run, self.bolt.state))
        if run.by == BY_COMMAND:
            told = telling.result(run.result, run.cause)
            told += [("state", self.bolt.state), ("ms", run.ms)]
            self.link.result(self._asked, told)
            self._asked = None

    def _call(self, now: int, request: Request) -> None:
        """Carry out one request by the table."""
        method = methods.METHODS.get(request.method)
        if method is None or not self._has(method):
            if request.ident is not None:
                self.link.error(request.ident, METHOD_NOT_FOUND, request.method[:40])
            return
        wrong = method.wrong(request.params)
        if wrong:
            if request.ident is not None:
                self.link.error(request.ident, INVALID_PARAMS, wrong)
            return
        if request.method in _TARGETS:
            self._move(now, request)
        elif request.method == "swap.close":
            self._close(now, request)
        else:
            self.link.result(request.ident, self._answer(now, request))

    def _close(self, now: int, request: Request) -> None:
        role = request.params["role"]
        if role not in ROLES:
            if request.ident is not None:
                self.link.error(request.ident, INVALID_PARAMS, "role: expected staff or desk")
            return
        if self.bolt.moving() or self.selftest.running() or not self.swap.close(now, str(role)):
            self.link.result(request.ident, telling.result(BUSY, "") + telling.level(self.battery))
        else:
            self._asked_close = request.ident
            # What is refused at once is answered in its place among what came in with it.
            self._tell(now)

    def _has(self, method: methods.Method) -> bool:
        # A lock that doesn't know what kind it is opens to whoever asks in either way.
        return self.settings.kind in method.kinds or self.settings.refused

    def _move(self, now: int, request: Request) -> None:
        # A test load and the motor together would make a good pack look bad. A proof can be had
        # again, and somebody who has to get in doesn't wait for it.
        target = _TARGETS[request.method]
        busy = self.selftest.loading() or (target == LOCKED and self.swap.loading())
        result = BUSY if busy else self.bolt.command(now, target, BY_COMMAND)
        if result:
            told: list[tuple[str, object]] = [("result", result), ("state", self.bolt.state)]
            self.link.result(request.ident, told)
        else:
            self._asked = request.ident

    def _answer(self, now: int, request: Request) -> "list[tuple[str, object]]":
        method = request.method
        if method.startswith("journal."):
            return self._journal(now, request)
        if method == "unit.hello":
            return [
                ("unit", self.board.unit_id()),
                ("kind", self.settings.kind),
                ("firmware", VERSION),
                ("sealed", False),
                ("refused", tuple([name for name, _ in self.board.refused])),
            ]
        if method == "bolt.state":
            return [("state", self.bolt.state), ("door", _DOORS[self.board.door()])]
        if method == "battery.report":
            return telling.report(self.board, self.battery)
        if method == "selftest.start":
            began = self.selftest.start(now, "started")
            return telling.result(DONE if began else BUSY, "")
        return telling.diagnostic(self.selftest)

    def _journal(self, now: int, request: Request) -> "list[tuple[str, object]]":
        params = request.params
        if request.method == "journal.read":
            after = params.get("after", 0)
            assert isinstance(after, int)
            return telling.page(self.journal, after)
        upto = params["upto"]
        assert isinstance(upto, int)
        told = telling.result(self.journal.acknowledge(now, upto), "")
        return told + telling.held(self.journal)
