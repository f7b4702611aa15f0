"""The battery monitor: judges the pack under load, only ever downwards, and latches suspicion.

It decides a level and its ground. It opens nothing to anybody: that is the judge's, outside.
"""

from lockunit.board import (
    FAILED,
    MARK_LOAD,
    MARK_MOTOR,
    PACK,
    RESET_BROWN_OUT,
    RESET_POWER,
    SUPPLY_BATTERY,
    Board,
)
from lockunit.settings import Settings
from lockunit.storage import Storage
from lockunit.ticks import Timer

LEVELS = ("UNKNOWN", "GOOD", "CHANGE_SOON", "CHANGE_NOW", "SUSPECTED_DISCHARGED")
UNKNOWN, GOOD, CHANGE_SOON, CHANGE_NOW, SUSPECTED = range(5)

# Why a *measured* suspicion stands; what only the host can know (no contact) isn't here.
GROUNDS = ("none", "below_threshold", "brown_out", "reversed", "diagnostic", "storage")
G_NONE, G_BELOW, G_BROWN_OUT, G_REVERSED, G_DIAGNOSTIC, G_STORAGE = range(6)

# A passed diagnostic may raise the level only where cold can't have flattered nor hidden anything.
WARM_C = 10

_FIRST_SAMPLE_MS = 60_000
_RETRY_MS = 60_000
# The load's voltage has settled, and a sample costs little: 0.6 A for 0.2 s.
_LOAD_MS = 200
# One bad reading may be chance, two in a row are the pack.
_CONFIRM = 2
_STORED_AS = "battery"


class Battery:
    """The level of one pack, and the ground of a suspicion."""

    def __init__(self, board: Board, settings: Settings, storage: Storage) -> None:
        self.board = board
        self.storage = storage
        self.settings = settings
        self.level = UNKNOWN
        self.ground = G_NONE
        self.changed = False
        self.last_mv = FAILED
        self.last_rest_mv = FAILED
        self._worse = 0
        self._marks = 0
        self._due = Timer("battery.sample")
        self._loaded = Timer("battery.load")
        self.timers = (self._due, self._loaded)

    def boot(self, now: int) -> None:
        """Take up what was stored, and what the reset itself tells."""
        self._restore()
        self._due.set(now, _FIRST_SAMPLE_MS)
        under_load = self.board.markers() & (MARK_LOAD | MARK_MOTOR)
        cause = self.board.reset_cause()
        # Many boards call a brown-out "power-on": under load, either one is the pack's fault.
        if cause == RESET_BROWN_OUT or (cause == RESET_POWER and under_load):
            self.suspect(G_BROWN_OUT)
        self.board.mark(0)

    def suspected(self) -> bool:
        """Whether a measured suspicion stands."""
        return self.level == SUSPECTED

    def lowest_mv(self) -> int:
        """The weakest cell's voltage now (a pack without taps: the mean), or FAILED."""
        taps = self.board.cells()
        if taps == 0:
            pack = self.board.read_mv(PACK)
            return pack if pack == FAILED else pack // self.settings.cells
        lowest = FAILED
        for cell in range(taps):
            mv = self.board.read_mv(cell)
            if mv == FAILED:
                return FAILED
            if lowest == FAILED or mv < lowest:
                lowest = mv
        return lowest

    def rest_mv(self) -> int:
        """The pack's voltage without a load: as it was before, while a sample's load hangs."""
        return self.last_rest_mv if self._loaded.armed() else self.board.read_mv(PACK)

    def step(self, now: int, taken: bool) -> None:
        """Begin a sample that is due, or end one; `taken`: the pack feeds something else now."""
        if self._loaded.due(now):
            mv = self.lowest_mv()
            self.hang(0)
            self.reading(mv)
        if self._due.due(now):
            self._due.set(now, _RETRY_MS if taken else self.settings.sample_ms)
            if taken:
                return
            self.last_rest_mv = self.board.read_mv(PACK)
            # A pack under suspicion isn't loaded again: each brown-out would be one more.
            if self.board.supply() == SUPPLY_BATTERY and not self.suspected():
                self.hang(1)
                self._loaded.set(now, _LOAD_MS)

    def postpone(self, now: int) -> None:
        """Break off a sample: something more important wants the pack for itself."""
        if self._loaded.armed():
            self._loaded.clear()
            self.hang(0)
            self._due.set(now, _RETRY_MS)

    def hang(self, on: int) -> None:
        """Hang the test load on the pack, or take it off, and leave the marker that says so."""
        self.mark(MARK_LOAD, on)
        self.board.load(on)

    def mark(self, bit: int, on: int) -> None:
        """Leave a marker for whoever boots after a reset, or wipe it."""
        self._marks = self._marks | bit if on else self._marks & ~bit
        self.board.mark(self._marks)

    def reading(self, mv: int) -> None:
        """Take in the weakest cell's voltage under load; FAILED says nothing of the pack."""
        self.last_mv = mv
        if mv == FAILED or self.suspected():
            return
        if mv < 0:
            self.suspect(G_REVERSED)
            return
        if mv < self.settings.discharged_mv:
            self.suspect(G_BELOW)
            return
        level = self.level_of(mv)
        if self.level == UNKNOWN:
            self._set(level, G_NONE)
        elif level > self.level:
            self._worse += 1
            if self._worse >= _CONFIRM:
                self._set(level, G_NONE)
        else:
            self._worse = 0

    def passed(self, mv: int) -> None:
        """Take in a passed diagnostic: in the warm it may raise the level."""
        temperature = self.board.temperature()
        if temperature != FAILED and temperature >= WARM_C:
            self._set(self.level_of(mv), G_NONE)
        self.reading(mv)

    def level_of(self, mv: int) -> int:
        """The level that one reading above the discharged threshold stands for."""
        if mv < self.settings.now_mv:
            return CHANGE_NOW
        return CHANGE_SOON if mv < self.settings.soon_mv else GOOD

    def suspect(self, ground: int) -> None:
        """Latch a measured suspicion: nothing in this file lifts it. The first ground stays."""
        if not self.suspected():
            self._set(SUSPECTED, ground)

    def _set(self, level: int, ground: int) -> None:
        self._worse = 0
        if (level, ground) == (self.level, self.ground):
            return
        self.level = level
        self.ground = ground
        self.changed = True
        # Each byte beside its complement: neither zeros nor ones pass for a level.
        self.storage.store(_STORED_AS, bytes((level, level ^ 255, ground, ground ^ 255)))

    def _restore(self) -> None:
        stored = self.storage.fetch(_STORED_AS)
        if stored is None:
            return
        whole = len(stored) == 4 and stored[0] ^ stored[1] == 255 and stored[2] ^ stored[3] == 255
        if whole and stored[0] < len(LEVELS) and stored[2] < len(GROUNDS):
            self.level = stored[0]
            self.ground = stored[2]
        else:
            self.suspect(G_STORAGE)
