"""The unit: composes the parts, feeds them events, and says when it next has to run.

It owns no waiting: whoever drives it calls `step` and sleeps for as long as that says.
"""

import binascii

from lockunit import VERSION, entries, methods, records
from lockunit.battery import GROUNDS, LEVELS, Battery
from lockunit.board import (
    EV_BOLT,
    EV_BUTTON,
    EV_DOOR,
    EV_RX,
    EV_SUPPLY,
    FAILED,
    Board,
)
from lockunit.bolt import BUSY, BY_COMMAND, DONE, LOCKED, UNLOCKED, Actuation, Bolt
from lockunit.journal import Journal
from lockunit.link import INVALID_PARAMS, METHOD_NOT_FOUND, Link, Request
from lockunit.selftest import Selftest
from lockunit.settings import Settings
from lockunit.storage import Storage

_RESETS = ("power", "brown-out", "watchdog", "soft")
_DOORS = {0: "closed", 1: "open", -1: "unknown"}
_SUPPLIES = ("battery", "external", "unknown")
_TARGETS = {"bolt.lock": LOCKED, "bolt.unlock": UNLOCKED, "bolt.release": UNLOCKED}


def _known(value: int) -> "int | None":
    return None if value == FAILED else value


class Unit:
    """A lock unit from its boot on: making one is the boot."""

    def __init__(self, board: Board, settings: Settings, now: int) -> None:
        self.board = board
        self.settings = settings
        # Dark first, whatever the pins did while nobody drove them.
        board.leds(0, 0)
        board.load(0)
        self.link = Link(board)
        self.storage = Storage(board)
        self.journal = Journal(board, self.storage)
        self.battery = Battery(board, settings, self.storage)
        self.bolt = Bolt(board, settings, self.battery)
        self.selftest = Selftest(board, self.battery)
        self.cause = ""
        timers = self.bolt.timers + self.selftest.timers + self.battery.timers
        self._timers = timers + self.storage.timers
        self._asked: str | None = None
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
                self.selftest.start(now, "pressed", self.bolt.rest_mv())
        elif kind == EV_BOLT:
            self.bolt.ends_changed(now)
        elif kind == EV_DOOR:
            self.bolt.door_changed(now)
        elif kind == EV_SUPPLY:
            self.selftest.supply_changed()
        elif kind == EV_RX and isinstance(arg, bytes):
            for line in self.link.receive(now, arg):
                request = self.link.parse(line)
                if request is not None:
                    self._call(now, request)
        self._tell(now)

    def step(self, now: int) -> int:
        """Run what is due; the ms until something is again, -1 if only an event can wake it."""
        self.selftest.step(now)
        self.battery.step(now, self.bolt.moving() or self.selftest.loading())
        self.bolt.step(now, self.selftest.load_left(now))
        self._tell(now)
        if self.storage.due(now):
            self.journal.retry(now)
        self.storage.arm(now, self.journal.refused > 0)
        soonest = -1
        self.cause = ""
        for timer in self._timers:
            left = timer.left(now)
            if left >= 0 and (soonest < 0 or left < soonest):
                soonest = left
                self.cause = timer.name
        return soonest

    def _tell(self, now: int) -> None:
        """Write down what the parts have to tell, and send it, in a fixed order.

        What was sent may be relied on, so it is written first.
        """
        for run in self.bolt.finished:
            self.journal.add(now, records.BOLT, entries.run(run, self.bolt.state))
            self._tell_run(run)
        self.bolt.finished.clear()
        for step in self.selftest.steps:
            told: list[tuple[str, object]] = [("step", step)]
            if step == "done":
                self.journal.add(now, records.DIAGNOSTIC, entries.diagnostic(self.selftest))
                told += self._selftest()
            self.link.notify("selftest.step", told)
        self.selftest.steps.clear()
        if self.battery.changed:
            self.battery.changed = False
            self.journal.add(now, records.LEVEL, entries.level(self.battery))
            self.link.notify("battery.level", self._level())
        for name in self.storage.refused:
            self.journal.fault(now, name.split(".")[0], "refused")
        self.storage.refused.clear()

    def _tell_run(self, run: Actuation) -> None:
        evidence: list[tuple[str, object]] = [("state", self.bolt.state), ("by", run.by)]
        if run.result:
            evidence += self._result(run.result, run.cause)
            evidence += [
                ("ms", run.ms),
                ("rest_mv", _known(run.rest_mv)),
                ("low_mv", _known(run.low_mv)),
                ("low_cell_mv", _known(run.low_cell_mv)),
                ("mohm", _known(run.mohm)),
                ("mas", run.mas),
                ("temp_c", _known(run.temperature)),
            ]
        self.link.notify("bolt.moved", evidence)
        if run.by == BY_COMMAND:
            told = self._result(run.result, run.cause)
            told += [("state", self.bolt.state), ("ms", run.ms)]
            self.link.result(self._asked, told)
            self._asked = None

    def _result(self, result: str, cause: str) -> "list[tuple[str, object]]":
        told: list[tuple[str, object]] = [("result", result)]
        if cause:
            told.append(("cause", cause))
        return told

    def _level(self) -> "list[tuple[str, object]]":
        return [
            ("level", LEVELS[self.battery.level]),
            ("ground", GROUNDS[self.battery.ground]),
        ]

    def _selftest(self) -> "list[tuple[str, object]]":
        test = self.selftest
        return [
            ("outcome", test.outcome),
            ("reason", test.reason),
            ("rest_mv", _known(test.rest_mv)),
            ("loaded_mv", _known(test.loaded_mv)),
        ]

    def _call(self, now: int, request: Request) -> None:
        """Carry out one request by the table."""
        method = methods.METHODS.get(request.method)
        if method is None or self.settings.kind not in method.kinds:
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
        else:
            self.link.result(request.ident, self._answer(now, request))

    def _move(self, now: int, request: Request) -> None:
        # The diagnostic's load and the motor together would make a good pack look bad.
        busy = self.selftest.loading()
        target = _TARGETS[request.method]
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
            ]
        if method == "bolt.state":
            return [("state", self.bolt.state), ("door", _DOORS[self.board.door()])]
        if method == "battery.report":
            told = self._level()
            told += [
                ("last_loaded_mv", _known(self.battery.last_mv)),
                ("last_rest_mv", _known(self.battery.last_rest_mv)),
                ("temp_c", _known(self.board.temperature())),
                ("supply", _SUPPLIES[self.board.supply()]),
            ]
            return told
        if method == "selftest.start":
            began = self.selftest.start(now, "started", self.bolt.rest_mv())
            return [("result", DONE if began else BUSY)]
        return self._selftest()

    def _journal(self, now: int, request: Request) -> "list[tuple[str, object]]":
        journal, params = self.journal, request.params
        told: list[tuple[str, object]] = []
        if request.method == "journal.ack":
            upto = params["upto"]
            assert isinstance(upto, int)
            told.append(("result", journal.acknowledge(now, upto)))
        else:
            after = params.get("after", 0)
            assert isinstance(after, int)
            at, page = journal.page(after)
            told += [("at", at), ("records", str(binascii.b2a_base64(page)[:-1], "ascii"))]
        told += [("first", journal.first()), ("last", journal.next - 1)]
        return told + [("acked", journal.acked), ("refused", journal.refused)]
