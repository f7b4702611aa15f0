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
    SUPPLY_EXTERNAL,
    Board,
)
from lockunit.cells import READING, Cells
from lockunit.settings import Settings
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
# A level that rises and falls again with the next reading would be of no use.
_RISE_MV = 30
# A pack that rested gives a little more; another one a good deal: in per cent.
_BY_FAR = 95
# Without a reading for so many samples in a row, and a little more, nobody knows any more.
_STALE_SAMPLES = 3
_STALE_MORE_MS = 60_000
_STORED_AS = "battery"
# A converter shows nothing below 0 V: this little under a load is a cell that its neighbours drive.
_REVERSED_MV = 50


class Battery:
    """The level of one pack, and the ground of a suspicion."""

    def __init__(self, board: Board, settings: Settings) -> None:
        self.board = board
        self.settings = settings
        self.cells = Cells(board, settings)
        # The worst since the pack was proved to be good; `told` says what is known of today.
        self.level = UNKNOWN
        self.ground = G_NONE
        self.changed = False
        self.last_mv = FAILED
        # The level that the last good reading is worth by far; UNKNOWN: there was none since the
        # unit started, or since a cable was there.
        self.seen = UNKNOWN
        self._fresh = False
        # Whether what was to be stored is.
        self.saved = True
        self._worse = 0
        self._marks = 0
        self._due = Timer("battery.sample")
        self._loaded = Timer("battery.load")
        self._stale = Timer("battery.stale")
        # The load under which a change ends; like a sample it gives way to what is more important.
        self.proof = Timer("swap.load")
        self.timers = (self._due, self._loaded, self._stale, self.proof)

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

    def fresh(self) -> bool:
        """Whether the level still holds: read lately, or a suspicion, which needs no reading."""
        return self._fresh or self.suspected()

    def told(self) -> int:
        """The level to tell: of a pack that nobody could read lately, none is told as good."""
        return UNKNOWN if self.level == GOOD and not self._fresh else self.level

    def note_rest(self) -> None:
        """Note what each cell gives without a load, just before one is hung on.

        While something hangs on the pack already, what was noted before it stays.
        """
        if self._marks:
            return
        before = self.cells.other_kind
        self.cells.note_rest()
        if self.cells.other_kind != before:
            self._save()

    def step(self, now: int, taken: bool) -> None:
        """Begin a sample that is due, or end one; `taken`: the pack feeds something else now."""
        if self._loaded.due(now):
            pack_mv = self.board.read_mv(PACK)
            mv = self.cells.lowest_mv()
            at_20 = self.cells.weakest_mv()
            self.hang(0)
            self.reading(now, mv, at_20, pack_mv)
        if self._stale.due(now):
            self._outdated()
        if self._due.due(now):
            self._due.set(now, _RETRY_MS if taken else self.settings.sample_ms)
            if taken:
                return
            self.note_rest()
            # A pack under suspicion isn't loaded again: each brown-out would be one more.
            if self.board.supply() == SUPPLY_BATTERY and not self.suspected():
                self.hang(1)
                self._loaded.set(now, _LOAD_MS)

    def samples(self, now: int) -> bool:
        """Whether a sample is due."""
        return self._due.left(now) == 0

    def supply_changed(self, now: int) -> None:
        """Something else fed the unit, or does: meanwhile the pack could be changed unnoticed."""
        self._outdated()
        self.seen = UNKNOWN
        if self.board.supply() == SUPPLY_BATTERY:
            self._due.set(now, _FIRST_SAMPLE_MS)

    def postpone(self, now: int) -> None:
        """Break off a sample or a proof: something more important wants the pack for itself."""
        if self._loaded.armed():
            self._loaded.clear()
            self.hang(0)
            self._due.set(now, _RETRY_MS)
        if self.proof.armed():
            self.proof.clear()
            self.hang(0)

    def hang(self, on: int) -> None:
        """Hang the test load on the pack, or take it off, and leave the marker that says so."""
        self.mark(MARK_LOAD, on)
        self.board.load(on)

    def mark(self, bit: int, on: int) -> None:
        """Leave a marker for whoever boots after a reset, or wipe it."""
        self._marks = self._marks | bit if on else self._marks & ~bit
        self.board.mark(self._marks)

    def watch(self, mv: int) -> None:
        """Take in the weakest cell's voltage under whatever hangs on it: is it reversed?"""
        # Nothing hangs on a pack beside a cable: it may even be out.
        if FAILED < mv < _REVERSED_MV and self.board.supply() != SUPPLY_EXTERNAL:
            self.suspect(G_REVERSED)

    def reading(self, now: int, mv: int, at_20: int, pack_mv: int) -> None:
        """Take in the weakest cell under about the test load's current, the same as at 20 C, and
        the pack's voltage under it; FAILED says nothing of the pack.

        A bad reading counts whatever else is in doubt, a good one if nothing is.
        """
        self.last_mv = mv
        self.watch(mv)
        supply = self.board.supply()
        if supply == SUPPLY_EXTERNAL or min(mv, at_20) == FAILED or self.suspected():
            return
        if self.settings.refused:
            # Nobody knows what a voltage of this pack means.
            return
        if at_20 < self.settings.discharged_mv:
            self.suspect(G_BELOW)
            return
        doubt = self.cells.doubt()
        if doubt and doubt != READING:
            self._outdated()
        elif not doubt and supply == SUPPLY_BATTERY and self.cells.sagged(pack_mv):
            self._judge(self.level_of(at_20))
            self.seen = self.level_of(at_20 * _BY_FAR // 100)
            self._read(now)

    def _judge(self, level: int) -> None:
        if self.level == UNKNOWN:
            self._set(level, G_NONE)
        elif level > self.level:
            self._worse += 1
            if self._worse >= _CONFIRM:
                self._set(level, G_NONE)
        else:
            self._worse = 0

    def passed(self, now: int, mv: int, at_20: int, pack_mv: int) -> None:
        """Take in a passed diagnostic: in the warm it may raise the level, by a clear margin."""
        temperature = self.board.temperature()
        level = self.level_of(at_20 - _RISE_MV)
        if temperature != FAILED and temperature >= WARM_C and level < self.level:
            self._set(level, G_NONE)
        self.reading(now, mv, at_20, pack_mv)

    def replaced(self, now: int) -> None:
        """A new pack proved under load that it is good: see `proof`, which alone may say so."""
        self.cells.replaced()
        self._worse = 0
        self.changed = self.changed or self.level != GOOD
        self.level = GOOD
        self.ground = G_NONE
        self._save()
        self._read(now)

    def level_of(self, mv: int) -> int:
        """The level that one reading, as at 20 C and not discharged, stands for."""
        if mv < self.settings.now_mv:
            return CHANGE_NOW
        return CHANGE_SOON if mv < self.settings.soon_mv else GOOD

    def suspect(self, ground: int) -> None:
        """Latch a measured suspicion: `replaced` alone lifts it. The first ground stays."""
        if not self.suspected():
            self._set(SUSPECTED, ground)

    def _read(self, now: int) -> None:
        self._stale.set(now, _STALE_SAMPLES * self.settings.sample_ms + _STALE_MORE_MS)
        if not self._fresh:
            self._fresh = self.changed = True

    def _outdated(self) -> None:
        self._stale.clear()
        if self._fresh:
            self._fresh = False
            self.changed = self.changed or not self.suspected()

    def _set(self, level: int, ground: int) -> None:
        self._worse = 0
        if (level, ground) == (self.level, self.ground):
            return
        self.level = level
        self.ground = ground
        self.changed = True
        self._save()

    def _save(self) -> None:
        level, ground, kind = self.level, self.ground, int(self.cells.other_kind)
        # Each byte beside its complement: neither zeros nor ones pass for a level.
        kept = bytes((level, level ^ 255, ground, ground ^ 255, kind, kind ^ 255))
        self.saved = self.board.store(_STORED_AS, kept)

    def retry(self) -> None:
        """Store again what the board refused."""
        if not self.saved:
            self._save()

    def _restore(self) -> None:
        stored = self.board.fetch(_STORED_AS)
        if stored is None:
            return
        whole = len(stored) == 6
        for at in range(0, 6, 2):
            whole = whole and stored[at] ^ stored[at + 1] == 255
        if whole and stored[0] < len(LEVELS) and stored[2] < len(GROUNDS) and stored[4] < 2:
            self.level = stored[0]
            self.ground = stored[2]
            self.cells.other_kind = stored[4] == 1
        else:
            self.board.refuse(_STORED_AS, "expected a level and its ground, with their complements")
            self.suspect(G_STORAGE)
