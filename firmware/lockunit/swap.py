"""A battery change as a transaction: its gate, the pack out and in, the runs that prove the lock.

Each step is stored before it is told, so that a change goes on where a loss of power broke it off.
What proves the pack itself is `proof`'s; docs/swap.md tells the whole of it.
"""

import struct

from lockunit.actuation import BY_COMMAND, BY_RELOCK, DONE, Actuation
from lockunit.battery import Battery
from lockunit.board import RESET_BROWN_OUT, RESET_POWER, Board
from lockunit.bolt import LOCKED, UNLOCKED
from lockunit.proof import NOT_AUTHORISED, ROLE_DESK, ROLES
from lockunit.selftest import Selftest
from lockunit.settings import KIND_DOOR, Settings
from lockunit.storage import checked, unchecked
from lockunit.ticks import Timer

# Begun; the unit lost its power since, so the pack may be out; another one was registered.
PHASES = ("none", "begun", "out", "replaced")
NONE, BEGUN, OUT, REPLACED = range(4)

# What let a change begin: contact with a pack that nothing is said against, or a diagnostic.
GATES = ("fresh", "diagnosed")
FRESH, DIAGNOSED = GATES

OPEN = "OPEN"
NOT_FRESH = "NOT_FRESH"
NO_DIAGNOSTIC = "NO_DIAGNOSTIC"
NOT_REMOVED = "NOT_REMOVED"
NOT_BEGUN = "NOT_BEGUN"
NOT_COUNTED = "NOT_COUNTED"
STORAGE = "STORAGE"

# How many runs of each direction prove a lock.
NEEDED = 5
# So long a gate stands: what was seen of the pack is of no use later.
_GATE_MS = 30 * 60_000
# So long after its start a unit takes up a change that began without it.
_ADOPT_MS = 24 * 3_600_000
_STORED_AS = "swap"
_VERSION = 1
# Version, phase, role, gate, locks, unlocks, whether a change wasn't announced; changes, the last.
_FORM = "<BBBBBBBHI"


class Swap:
    """One change at a time."""

    def __init__(
        self, board: Board, settings: Settings, battery: Battery, selftest: Selftest
    ) -> None:
        self.board = board
        self.settings = settings
        self.battery = battery
        self.selftest = selftest
        self.phase = NONE
        self.role = ROLES[0]
        self.gate = FRESH
        self.locks = self.unlocks = 0
        # A pack was changed, it seems, and nobody said so.
        self.unannounced = False
        # How many changes were closed, and when the last one: seconds since 1970, 0 if unknown.
        self.swaps = self.swapped_at = 0
        # Whether what was to be stored is.
        self.saved = True
        # What the unit has yet to tell, as (what, why a run didn't count): `records.CHANGES`.
        self.steps: list[tuple[str, str]] = []
        # Power went, or a cable was plugged in: nobody knows whether it is the same pack.
        self._interrupted = False
        # A release was good, and its hold is to follow.
        self._released = False
        self._stands = Timer("swap.begun")
        self._adoptable = Timer("swap.adoptable")
        # Nothing happens when the other one is over: it wakes nobody.
        self.timers = (self._stands,)

    def boot(self, now: int) -> None:
        """Take up what was stored; a loss of power since says that the pack may have been out."""
        self._restore()
        if self.board.reset_cause() not in (RESET_POWER, RESET_BROWN_OUT):
            if self.phase == BEGUN:
                self._stands.set(now, _GATE_MS)
            return
        self._adoptable.set(now, _ADOPT_MS)
        if self.phase == NONE:
            self._interrupted = True
        elif self.phase == BEGUN:
            self._become(OUT, "out")
        elif self.phase == REPLACED and self.locks + self.unlocks:
            # Whatever is in there now, it isn't what these runs were made with.
            self.locks = self.unlocks = 0
            self._become(REPLACED, "uncounted")

    def supply_changed(self) -> None:
        """Beside a cable a pack can be changed unnoticed."""
        self._interrupted = self._interrupted or self.phase == NONE

    def step(self, now: int) -> None:
        """Let a gate lapse that nobody went through; see whether the pack is another one."""
        self._adoptable.due(now)
        if self._stands.due(now) and self.phase == BEGUN:
            self._become(NONE, "lapsed")
        seen = self.battery.seen
        if self._interrupted and seen:
            self._interrupted = False
            # None gets better by itself, nor by a rest: so much is its level worth.
            if seen < self.battery.level and not self.battery.suspected():
                self.unannounced = True
                self._become(NONE, "unannounced")

    def begin(self, now: int, role: str, gate: str) -> str:
        """Whether a change may begin: DONE, or why not."""
        if self.phase != NONE:
            return OPEN
        if self.battery.suspected() and role != ROLE_DESK:
            return NOT_AUTHORISED
        if gate == FRESH and not (self.battery.fresh() and self.battery.told()):
            return NOT_FRESH
        # The unit can't allow anything; but where it saw no pass itself, nobody saw one.
        if gate == DIAGNOSED and role != ROLE_DESK and not self.selftest.passed(now):
            return NO_DIAGNOSTIC
        return self._enter(now, BEGUN, role, gate, "begun")

    def adopt(self, now: int, role: str, ago_s: int) -> str:
        """Take up a change that began `ago_s` before, without contact: DONE, or why not."""
        if self.phase != NONE:
            return OPEN
        if self.battery.suspected() and role != ROLE_DESK:
            return NOT_AUTHORISED
        left = self._adoptable.left(now)
        if left <= 0 or ago_s * 1_000 < _ADOPT_MS - left:
            return NOT_REMOVED
        return self._enter(now, OUT, role, DIAGNOSED, "adopted")

    def _enter(self, now: int, phase: int, role: str, gate: str, what: str) -> str:
        before = self.role, self.gate
        self.role, self.gate = role, gate
        self.locks = self.unlocks = 0
        if not self._go(phase, what):
            self.role, self.gate = before
            return STORAGE
        self._interrupted = False
        if phase == BEGUN:
            self._stands.set(now, _GATE_MS)
        return DONE

    def replaced(self, role: str) -> str:
        """Register the new pack: DONE, or why not."""
        if self.phase == NONE:
            return NOT_BEGUN
        if self.phase == BEGUN:
            return NOT_REMOVED
        if not self._may(role):
            return NOT_AUTHORISED
        self.locks = self.unlocks = 0
        self._released = False
        return DONE if self._go(REPLACED, "replaced") else STORAGE

    def cancel(self, role: str) -> str:
        """Give a change up: DONE, or why not. Whatever pack is in then, nobody has said which."""
        if self.phase == NONE:
            return NOT_BEGUN
        if not self._may(role):
            return NOT_AUTHORISED
        if self.phase == BEGUN:
            return DONE if self._go(NONE, "cancelled") else STORAGE
        known, self.unannounced = self.unannounced, True
        if self._go(NONE, "cancelled"):
            return DONE
        self.unannounced = known
        return STORAGE

    def _may(self, role: str) -> bool:
        # Whoever began it; and the desk may always go on with what the staff had to leave.
        return role == ROLE_DESK or (self.role != ROLE_DESK and not self.battery.suspected())

    def trusts(self) -> bool:
        """Whether a suspected lock may be locked: the desk is there, with another pack."""
        return self.phase == REPLACED and self.role == ROLE_DESK

    def closable(self, role: str) -> str:
        """Whether the proof of the pack may follow: DONE, or why not."""
        if self.phase != REPLACED:
            return NOT_BEGUN
        if not self._may(role):
            return NOT_AUTHORISED
        return DONE if min(self.locks, self.unlocks) >= NEEDED else NOT_COUNTED

    def closed(self) -> str:
        """The pack was proved: that ends it. DONE, or STORAGE: then it is to be closed again."""
        if not self.battery.saved:
            return STORAGE
        before = self.unannounced, self.swaps, self.swapped_at
        self.unannounced = False
        self.swaps, self.swapped_at = min(self.swaps + 1, 0xFFFF), self.board.calendar()
        if self._go(NONE, "closed"):
            return DONE
        self.unannounced, self.swaps, self.swapped_at = before
        return STORAGE

    def ran(self, run: Actuation) -> None:
        """Count a run of the motor, if it proves anything; a move by hand counts for nothing."""
        if self.phase != REPLACED:
            return
        street = self.settings.kind != KIND_DOOR
        held = street and self._released and run.by == BY_RELOCK
        self._released = False
        if run.by != BY_COMMAND and not held:
            return
        why = run.doubt(self.settings)
        if not why and street and not held:
            # It counts when its hold has followed.
            self._released = run.target == UNLOCKED
            return
        if not why:
            why = self._count(street or run.target == LOCKED, street or run.target == UNLOCKED)
        if why:
            self.steps.append(("", "hold" if held else why))

    def _count(self, lock: bool, unlock: bool) -> str:
        before = self.locks, self.unlocks
        self.locks = min(self.locks + int(lock), 0xFF)
        self.unlocks = min(self.unlocks + int(unlock), 0xFF)
        if self._go(REPLACED, "counted"):
            return ""
        self.locks, self.unlocks = before
        return "storage"

    def _go(self, phase: int, what: str) -> bool:
        """Store the phase, then have it told; where it can't be stored it isn't entered."""
        known, self.phase = self.phase, phase
        if not self._save():
            self.phase = known
            # Of a count that was broken off nothing may have been written, or all of it.
            self.saved = False
            return False
        self._went(what)
        return True

    def _become(self, phase: int, what: str) -> None:
        """Enter a phase that nobody asked for: stored now, or as soon as there is room."""
        self.phase = phase
        self._save()
        self._went(what)

    def _went(self, what: str) -> None:
        if self.phase != BEGUN:
            self._stands.clear()
        self.steps.append((what, ""))

    def retry(self) -> None:
        """Store again what the board refused."""
        if not self.saved:
            self._save()

    def _save(self) -> bool:
        kept = struct.pack(
            _FORM, _VERSION, self.phase, ROLES.index(self.role), GATES.index(self.gate),
            self.locks, self.unlocks, int(self.unannounced), self.swaps, self.swapped_at,
        )  # fmt: skip
        self.saved = self.board.store(_STORED_AS, checked(kept))
        return self.saved

    def _restore(self) -> None:
        stored = self.board.fetch(_STORED_AS)
        if stored is None:
            return
        data = unchecked(stored)
        if data is not None and len(data) == struct.calcsize(_FORM) and data[0] == _VERSION:
            kept = struct.unpack(_FORM, data)
            if kept[1] < len(PHASES) and kept[2] < len(ROLES) and kept[3] < len(GATES):
                self.phase, self.locks, self.unlocks = kept[1], kept[4], kept[5]
                self.role, self.gate = ROLES[kept[2]], GATES[kept[3]]
                self.unannounced = kept[6] != 0
                self.swaps, self.swapped_at = kept[7], kept[8]
                return
        self.board.refuse(_STORED_AS, "expected a change of the battery, with its checksum")
        # It may have been in the middle of one.
        self.unannounced = True
