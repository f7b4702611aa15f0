"""The unit: composes the parts, feeds them events, and says when it next has to run.

It owns no waiting: whoever drives it calls `step` and sleeps for as long as that says.
"""

from lockunit import VERSION, entries, records, telling
from lockunit.access import REVOKED
from lockunit.actuation import BY_COMMAND, DONE, Actuation
from lockunit.air import Air
from lockunit.board import (
    EV_BOLT,
    EV_BUTTON,
    EV_DOOR,
    EV_JOINED,
    EV_LEFT,
    EV_RX,
    EV_SUPPLY,
    Board,
)
from lockunit.calls import Calls
from lockunit.link import Link
from lockunit.parts import Parts
from lockunit.selftest import PRESSED
from lockunit.settings import Settings
from lockunit.swap import NONE
from lockunit.ticks import Timer

_RESETS = ("power", "brown-out", "watchdog", "soft")
# What anybody can make happen over and over, without touching a pack.
_REPEATED = ("begun", "cancelled")
# What can't be stored is tried again: room may have been made meanwhile.
_RETRY_MS = 60_000


class Unit(Parts):
    """A lock unit from its boot on: making one is the boot."""

    def __init__(self, board: Board, settings: Settings, now: int) -> None:
        # Dark first, whatever the pins did while nobody drove them.
        board.leds(0, 0)
        board.load(0)
        super().__init__(board, settings, now)
        self.calls = Calls(self)
        self.air = Air(self)
        self.cause = ""
        self._retry = Timer("storage.retry")
        self._timers = (
            self.bolt.timers
            + self.selftest.timers
            + self.battery.timers
            + self.proof.timers
            + self.swap.timers
            + self.wires.timers
            + self.update.timers
            + (self._retry, self.maintenance.timer, self.trial.timer, self.air.timer)
        )
        self._refused: tuple[tuple[str, str], ...] = ()
        self.life.boot()
        self.bolt.homing = not self.life.dismounted()
        self.battery.boot(now)
        self.swap.boot(now)
        self.bolt.boot(now)
        self.journal.boot(now)
        found = self.journal.segments
        entry = entries.boot(board, self.bolt.state, self.battery, found, VERSION)
        self.journal.add(now, records.BOOT, entry)
        reset = _RESETS[board.reset_cause()]
        self.wires.notify(now, "unit.boot", [("reset", reset), ("bolt", self.bolt.state)])
        self._tell(now)

    def event(self, now: int, kind: int, arg: "int | bytes", wire: int = 0) -> None:
        """Take in one event of the board (`board.EV_...`)."""
        if kind == EV_BUTTON:
            if arg:
                self.selftest.start(now, PRESSED)
        elif kind == EV_BOLT:
            self.bolt.ends_changed(now)
        elif kind == EV_DOOR:
            self.bolt.door_changed(now)
        elif kind == EV_SUPPLY:
            self.selftest.supply_changed()
            self.proof.supply_changed()
            self.swap.supply_changed()
            self.bolt.supply_changed()
            self.battery.supply_changed(now)
            self.air.supply_changed()
        elif kind == EV_RX and isinstance(arg, bytes):
            self._receive(now, self.wires.links[wire], arg)
        elif kind == EV_JOINED and isinstance(arg, int):
            self.air.joined(now, self.wires.links[arg])
        elif kind == EV_LEFT and isinstance(arg, int):
            self.air.left(self.wires.links[arg])
        self._tell(now)

    def _receive(self, now: int, link: Link, data: bytes) -> None:
        if not link.there:
            return  # what was on its way when it was dropped
        for line in link.receive(now, data):
            request = link.parse(now, line)
            if request is not None and self.calls.take(now, request):
                # What is refused at once is answered in its place among what came in with it.
                self._tell(now)

    def step(self, now: int) -> int:
        """Run what is due; the ms until something is again, -1 if only an event can wake it."""
        self.selftest.step(now)
        self.proof.step(now)
        self.wires.step(now)
        if self.battery.samples(now):
            # Before the load hangs on the pack.
            self.access.grow(now)
        self.battery.step(now, self._busy())
        self.bolt.step(now, self._load_left(now))
        self.swap.step(now)
        self._tell(now)
        self.air.step(now)
        self._store_again(now)
        self.maintenance.step(now)
        self.update.step(now, self.calls.busy())
        self.trial.step(now, self.calls.busy() or self.swap.phase != NONE)
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
            self.swap.retry()
            self.journal.retry(now)
            self.access.retry(now)
        stored = self.battery.saved and self.swap.saved
        if stored and not (self.journal.waits() or self.access.waits()):
            self._retry.clear()
        elif not self._retry.armed():
            self._retry.set(now, _RETRY_MS)

    def _busy(self) -> bool:
        """Whether something hangs on the pack; the battery's own sample gives way by itself."""
        return self.bolt.moving() or self.selftest.loading() or self.proof.loading()

    def _load_left(self, now: int) -> int:
        return max(self.selftest.load_left(now), self.proof.load_left(now))

    def _tell(self, now: int) -> None:
        """Write down what the parts have to tell, and send it, in a fixed order.

        What was sent may be relied on, so it is written first.
        """
        # First: who hears of a level then knows whether it is stored.
        if self.board.refused is not self._refused:
            self._tell_refused(now)
        if self.access.notes:
            self._note_access(now)
        self.calls.tell_refusals(now)
        for run in self.bolt.finished:
            self.journal.add(now, records.BOLT, entries.run(run, self.bolt.state))
            # Counted first: who hears that a run ended may then ask how many there are.
            self.swap.ran(run)
            self._tell_run(now, run)
            self._tell_steps(now)
        self.bolt.finished.clear()
        self._tell_steps(now)
        for step in self.selftest.steps:
            steps: list[tuple[str, object]] = [("step", step)]
            if step == "done":
                self.journal.add(now, records.DIAGNOSTIC, entries.diagnostic(self.selftest))
                steps += telling.diagnostic(self.selftest)
            self.wires.notify(now, "selftest.step", steps)
        self.selftest.steps.clear()
        if self.proof.result:
            self._tell_proof(now)
        if self.battery.changed:
            self.battery.changed = False
            self.journal.add(now, records.LEVEL, entries.level(self.battery))
            level = telling.level(self.battery) + [("fresh", self.battery.fresh())]
            self.wires.notify(now, "battery.level", level)

    def _note_access(self, now: int) -> None:
        for note in self.access.notes:
            kind, entry = entries.access(note)
            if note.what == REVOKED or (kind == records.SESSION and note.why == DONE):
                self.journal.add(now, kind, entry)
            elif kind:
                self.journal.add_limited(now, kind, entry)
        self.access.notes.clear()

    def _tell_refused(self, now: int) -> None:
        known, self._refused = self._refused, self.board.refused
        for pair in self._refused:
            if pair not in known:
                entry = entries.refused(*pair)
                if entry:
                    self.journal.add(now, records.STORAGE, entry)
                self.wires.notify(now, "storage.refused", [("name", pair[0]), ("why", pair[1])])

    def _tell_run(self, now: int, run: Actuation) -> None:
        self.wires.notify(now, "bolt.moved", telling.run(run, self.bolt.state))
        if run.by == BY_COMMAND:
            told = telling.result(run.result, run.cause)
            told += [("state", self.bolt.state), ("ms", run.ms)]
            self.calls.moved(now, told)

    def _tell_proof(self, now: int) -> None:
        proof = self.proof
        if proof.result == DONE:
            proof.result = self.swap.closed()
        entry = entries.proof(proof, self.battery)
        if proof.result == DONE:
            self.journal.add(now, records.SWAP, entry)
        else:
            self.journal.add_limited(now, records.SWAP, entry)
        told = telling.result(proof.result, proof.cause) + telling.level(self.battery)
        self._tell_steps(now)
        proof.result = ""
        self.calls.proved(now, told)

    def _tell_steps(self, now: int) -> None:
        """What became of a change of the battery."""
        for what, why in self.swap.steps:
            entry = entries.change(self.swap, what)
            if what in _REPEATED:
                self.journal.add_limited(now, records.CHANGE, entry)
            elif what:
                self.journal.add(now, records.CHANGE, entry)
            self.wires.notify(now, "swap.step", telling.step(self.swap, what, why))
        self.swap.steps.clear()
