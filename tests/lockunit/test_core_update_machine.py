"""Any history of updates against a plain reference: no trial begins but of what was signed.

Whoever carries them is in a session of the service and does what they like; power goes, the flash
alters bytes, and somebody uses the door.
"""

import base64
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lockhil.session.credentials import LockKey, Role
from lockhil.suite.update import Carrier, Update, line
from lockunit import board as port
from tests.lockunit.hand import Hand
from tests.lockunit.sealedhand import Client
from tests.lockunit.updates import FILES, HAD, UPDATE, SlotBoard, host, restart, unit_with

# Of other sizes: more than one piece of work, the very same as in use, one byte.
_OTHER = {"board.json": b"{}", "lockboards/x.mpy": b"x" * 2_100, "lockunit/kept.mpy": b"k"}
SIGNED: dict[str, Update] = {
    "new": UPDATE,
    "other": UPDATE.but(files=_OTHER, version="1.0.0"),
    "older": UPDATE.but(version="0.0.1"),
    "downgrade": UPDATE.but(version="0.0.1", downgrade=1),
    "evil": UPDATE.but(manifest=line("../boot.py", b"x")),
    "forged": UPDATE.but(key=LockKey(bytes(32))),
    "huge": UPDATE.but(room=1 << 29),
}
_BEGUN = ("new", "other", "downgrade", "evil")


class Reference:
    """What a unit should make of it, without pieces, sessions or a flash."""

    def __init__(self, update: Update) -> None:
        self.update = update
        self.contents = [update.listed(), *(update.files[path] for path in sorted(update.files))]
        self.came: list[bytes] = [b""]
        self.last: tuple[int, int, bytes] | None = None

    @property
    def where(self) -> tuple[int, int]:
        return len(self.came) - 1, len(self.came[-1])

    @property
    def full(self) -> bool:
        return self.where == (len(self.contents), 0)

    def write(self, file: int, at: int, data: bytes) -> str:
        if (file, at, data) == self.last:
            return "done"
        if (file, at) != self.where:
            return "WRONG_PLACE"
        if self.full or not data or at + len(data) > len(self.contents[file]):
            return "WRONG_DATA"
        self.last = file, at, data
        self.came[-1] += data
        if len(self.came[-1]) == len(self.contents[file]):
            if not file and (self.came[0] != self.contents[0] or self.update.manifest):
                return "WRONG_MANIFEST"
            self.came.append(b"")
        return "done"

    def keep(self, file: int, used: dict[str, bytes]) -> str:
        if (file, 0, b"keep") == self.last:
            return "done"
        if (file, 0) != self.where or not file or self.full:
            return "WRONG_PLACE"
        data = self.contents[file]
        if used.get(sorted(self.update.files)[file - 1]) != data:
            return "DIFFERENT"
        self.last = file, 0, b"keep"
        self.came[-1] = data
        self.came.append(b"")
        return "done"

    def finish(self) -> str:
        if not self.full:
            return "WRONG_PLACE"
        return "done" if self.came[:-1] == self.contents else "NOT_VERIFIED"


class Updates(RuleBasedStateMachine):
    @initialize()
    def start(self) -> None:
        self.board = SlotBoard()
        self.hand: Hand = unit_with(self.board)
        self.brought: Carrier = host(self.hand)
        self.reference: Reference | None = None
        # Whether the flash has altered something of the update that is under way.
        self.altered = False
        self.restarts = False

    def told(self, found: dict[str, Any], word: str) -> None:
        assert found["result"] == word, (found, word)
        if self.reference is not None and "file" in found:
            assert (found["file"], found["at"]) == self.reference.where
        if word in ("WRONG_MANIFEST", "NOT_VERIFIED"):
            self.reference = None

    @precondition(lambda self: not self.restarts)
    @rule(name=st.sampled_from((*SIGNED, "new", "other")))
    def begin(self, name: str) -> None:
        self._begin(name)

    def _begin(self, name: str) -> None:
        update = SIGNED[name]
        word = {"older": "OLDER", "forged": "NOT_PROVED", "huge": "FULL"}.get(name, "done")
        if self.board.trial() and word in ("done", "FULL"):
            word = "BUSY"
        assert self.brought.begin(update) == word
        if word == "done":
            self.reference, self.altered = Reference(update), False
            self.hand.run(200)

    def written(self, file: int, at: int, data: bytes) -> None:
        coded = base64.b64encode(data).decode()
        found = self.brought.call("write", file=file, at=at, data=coded)
        if self.reference is None:
            assert found == {"result": "NOT_BEGUN"}
            return
        self.told(found, self.reference.write(file, at, data))

    @precondition(lambda self: not self.restarts)
    @rule(size=st.sampled_from((1, 100, 450)), bad=st.booleans(), again=st.booleans())
    def goes_on(self, size: int, bad: bool, again: bool) -> None:
        """The next piece, or another of its length; said once, or twice."""
        file, at = self.reference.where if self.reference else (0, 0)
        data = b"abc"
        if self.reference is not None and not self.reference.full:
            data = self.reference.contents[file][at : at + size]
        if bad:
            data = data[:-1] + bytes((data[-1] ^ 1,))
        for _ in range(1 + again):
            self.written(file, at, data)

    @precondition(lambda self: not self.restarts)
    @rule(file=st.integers(0, 6), at=st.integers(0, 3), data=st.binary(max_size=5))
    def anything(self, file: int, at: int, data: bytes) -> None:
        self.written(file, at, data)

    @precondition(lambda self: not self.restarts)
    @rule(
        name=st.sampled_from((*SIGNED, "new", "other")),
        files=st.sampled_from((2, 9, 9)),
        bad=st.sampled_from((-1, -1, -1, -1, 0, 1, 2)),
        keeps=st.booleans(),
        alters=st.sampled_from((False, False, False, True)),
        finishes=st.booleans(),
    )
    def much_of_it(
        self, name: str, files: int, bad: int, keeps: bool, alters: bool, finishes: bool
    ) -> None:
        """Histories that get far, for chance alone makes few."""
        if self.reference is None:
            self._begin(name)
        self._get_on(files, bad, keeps)
        if alters:
            self._alter()
        if finishes:
            self._finish()

    def _get_on(self, files: int, bad: int, keeps: bool) -> None:
        """What is left of the next files, as they are or one with another byte in it."""
        for number in range(files):
            if keeps:
                self._keep(0)
            reference = self.reference
            if reference is None or reference.full:
                return
            file, at = reference.where
            rest = reference.contents[file][at:]
            if number == bad:
                rest = bytes((rest[0] ^ 1,)) + rest[1:]
            for start in range(0, len(rest), 450):
                self.written(file, at + start, rest[start : start + 450])

    @precondition(lambda self: not self.restarts)
    @rule(more=st.integers(-1, 1))
    def keep(self, more: int) -> None:
        self._keep(more)

    def _keep(self, more: int) -> None:
        file = max(0, (self.reference.where[0] if self.reference else 0) + more)
        found = self.brought.call("keep", file=file)
        if self.reference is None:
            assert found == {"result": "NOT_BEGUN"}
            return
        used = self.board.slots.files(self.board.slots.in_use)
        self.told(found, self.reference.keep(file, used))

    @precondition(lambda self: not self.restarts)
    @rule()
    def finish(self) -> None:
        self._finish()

    def _finish(self) -> None:
        found = self.brought.call("finish")
        if self.reference is None:
            assert found == {"result": "NOT_BEGUN"}
            return
        word = self.reference.finish()
        if word == "done" and self.altered:
            word = "NOT_VERIFIED"
        self.restarts = word == "done"
        self.told(found, word)

    @precondition(lambda self: not self.restarts)
    @rule()
    def cancel(self) -> None:
        word = "NOT_BEGUN" if self.reference is None else "done"
        self.reference = None
        assert self.brought.result("cancel") == word

    @rule()
    def flash_alters(self) -> None:
        self._alter()

    def _alter(self) -> None:
        """A bit of a file that is whole already is another."""
        file = self.reference.where[0] - 1 if self.reference else 0
        if file > 0 and not self.restarts and not self.altered:
            assert self.reference is not None
            path = sorted(self.reference.update.files)[file - 1]
            files = self.board.slots.files(1 - self.board.slots.in_use)
            files[path] = bytes((files[path][0] ^ 1,)) + files[path][1:]
            self.altered = True

    @rule(ms=st.sampled_from((1, 5, 300, 1_000)))
    def time_passes(self, ms: int) -> None:
        before = self.board.restarts
        self.hand.run(ms)
        if self.board.restarts > before:
            assert self.restarts, "nobody asked for that"
            self.power_goes()

    @rule()
    def power_goes(self) -> None:
        expected = self.reference.contents if self.reference and self.restarts else None
        restart(self.hand, self.board)
        if expected is not None:
            assert self.board.trial(), "it was verified, and isn't tried"
        self.brought, self.reference, self.restarts = host(self.hand), None, False

    @rule()
    def nobody_goes_on(self) -> None:
        """Ten minutes: an update is dropped, a trial given up."""
        trial = self.board.trial()
        self.hand.run(10 * 60_000)
        if trial or self.restarts:
            self.power_goes()
        self.brought, self.reference = host(self.hand), None

    @rule()
    def confirm(self) -> None:
        word = "done" if self.board.trial() else "NO_TRIAL"
        assert self.brought.result("confirm") == word

    @rule()
    def door_is_used(self) -> None:
        """To and fro, with no more time than that takes."""
        for call, end in (("bolt.unlock", port.END_UNLOCKED), ("bolt.lock", port.END_LOCKED)):
            self.moves(call, end)

    def moves(self, method: str, end: int) -> None:
        self.hand.join(1)
        carer = Client(self.hand, Role.CARER, wire=1).enter()
        carer.call(method)
        assert self.board.direction, "the door stays shut"
        self.hand.ends(0)
        self.hand.ends(end)
        assert self.board.direction == 0
        self.hand.leave(1)

    @invariant()
    def only_what_was_signed_is_tried(self) -> None:
        """A slot on trial, or to be, or in use, holds what somebody signed, wholly."""
        slots = self.board.slots
        signed = [HAD, *(SIGNED[name].files for name in _BEGUN if name != "evil")]
        assert slots.files(slots.in_use) in signed
        if slots.trial is not None and slots.trial[0] != slots.in_use:
            assert slots.files(slots.trial[0]) in signed[1:]

    @invariant()
    def the_slot_that_runs_stays(self) -> None:
        assert self.board.slots.files(self.board.slots.runs) in (HAD, FILES, _OTHER)


TestUpdates = Updates.TestCase
TestUpdates.settings = settings(
    max_examples=settings.default.max_examples // 2, stateful_step_count=30
)
