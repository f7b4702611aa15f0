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
# A converter shows nothing below 0 V: this little under a load is a cell that its neighbours drive.
_REVERSED_MV = 50
_MOST_CELLS = 8


class Battery:
    """The level of one pack, and the ground of a suspicion."""

    def __init__(self, board: Board, settings: Settings) -> None:
        self.board = board
        self.settings = settings
        self.level = UNKNOWN
        self.ground = G_NONE
        self.changed = False
        self.last_mv = FAILED
        self.last_rest_mv = FAILED
        self._rest_mvs = [FAILED] * _MOST_CELLS
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

    def note_rest(self) -> None:
        """Note what each cell gives without a load, just before one is hung on.

        While something hangs on the pack already, what was noted before it stays.
        """
        if self._marks:
            return
        self.last_rest_mv = self.board.read_mv(PACK)
        for cell in range(self.board.cells()):
            self._rest_mvs[cell] = self.board.read_mv(cell)

    def fits(self) -> bool:
        """Whether the pack can be of the kind that the settings are for; no if nobody knows."""
        taps = self.board.cells()
        if taps == 0:
            most = self.last_rest_mv
            return most != FAILED and most <= self.settings.fresh_mv * self.settings.cells
        for cell in range(taps):
            if self._rest_mvs[cell] == FAILED or self._rest_mvs[cell] > self.settings.fresh_mv:
                return False
        return taps == self.settings.cells

    def weakest_mv(self) -> int:
        """The weakest cell under what hangs on the pack now, as it would be at 20 C, or FAILED.

        The sag is reckoned from `note_rest`; a pack without taps gives the mean of its cells.
        """
        sag = self._sag_percent(self.board.temperature())
        taps = self.board.cells()
        if taps == 0:
            mv = self.board.read_mv(PACK)
            if FAILED in (mv, self.last_rest_mv):
                return FAILED
            return _at_20(self.last_rest_mv, mv, sag) // self.settings.cells
        weakest = FAILED
        for cell in range(taps):
            mv = self.board.read_mv(cell)
            if mv == FAILED or self._rest_mvs[cell] == FAILED:
                return FAILED
            mv = _at_20(self._rest_mvs[cell], mv, sag)
            if weakest == FAILED or mv < weakest:
                weakest = mv
        return weakest

    def _sag_percent(self, celsius: int) -> int:
        """How much a load's sag is at this temperature, in per cent of that at 20 C."""
        settings = self.settings
        if celsius == FAILED or celsius >= 40:
            return settings.sag_hot  # the doubt goes against the pack
        if celsius >= 20:
            return 100 + (settings.sag_hot - 100) * (celsius - 20) // 20
        if celsius >= 0:
            return 100 + (settings.sag_cool - 100) * (20 - celsius) // 20
        below = min(20, -celsius)
        return settings.sag_cool + (settings.sag_cold - settings.sag_cool) * below // 20

    def step(self, now: int, taken: bool) -> None:
        """Begin a sample that is due, or end one; `taken`: the pack feeds something else now."""
        if self._loaded.due(now):
            mv = self.lowest_mv()
            at_20 = self.weakest_mv()
            self.hang(0)
            self.reading(mv, at_20)
        if self._due.due(now):
            self._due.set(now, _RETRY_MS if taken else self.settings.sample_ms)
            if taken:
                return
            self.note_rest()
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

    def watch(self, mv: int) -> None:
        """Take in the weakest cell's voltage under whatever hangs on it: is it reversed?"""
        if mv != FAILED and mv < _REVERSED_MV:
            self.suspect(G_REVERSED)

    def reading(self, mv: int, at_20: int) -> None:
        """Take in the weakest cell under about the test load's current, and as it would be at
        20 C; FAILED says nothing of the pack."""
        self.last_mv = mv
        self.watch(mv)
        if FAILED in (mv, at_20) or self.suspected() or not self.fits():
            return
        if at_20 < self.settings.discharged_mv:
            self.suspect(G_BELOW)
            return
        level = self.level_of(at_20)
        if self.level == UNKNOWN:
            self._set(level, G_NONE)
        elif level > self.level:
            self._worse += 1
            if self._worse >= _CONFIRM:
                self._set(level, G_NONE)
        else:
            self._worse = 0

    def passed(self, mv: int, at_20: int) -> None:
        """Take in a passed diagnostic: in the warm it may raise the level."""
        temperature = self.board.temperature()
        if temperature != FAILED and temperature >= WARM_C:
            self._set(self.level_of(at_20), G_NONE)
        self.reading(mv, at_20)

    def replaced(self, at_20: int) -> bool:
        """Take in a new pack's voltage under load: only one that is good lifts a suspicion."""
        if at_20 == FAILED or not self.fits() or self.level_of(at_20) != GOOD:
            return False
        self._set(GOOD, G_NONE)
        return True

    def level_of(self, mv: int) -> int:
        """The level that one reading, as at 20 C and not discharged, stands for."""
        if mv < self.settings.now_mv:
            return CHANGE_NOW
        return CHANGE_SOON if mv < self.settings.soon_mv else GOOD

    def suspect(self, ground: int) -> None:
        """Latch a measured suspicion: `replaced` alone lifts it. The first ground stays."""
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
        self.board.store(_STORED_AS, bytes((level, level ^ 255, ground, ground ^ 255)))

    def _restore(self) -> None:
        stored = self.board.fetch(_STORED_AS)
        if stored is None:
            return
        whole = len(stored) == 4 and stored[0] ^ stored[1] == 255 and stored[2] ^ stored[3] == 255
        if whole and stored[0] < len(LEVELS) and stored[2] < len(GROUNDS):
            self.level = stored[0]
            self.ground = stored[2]
        else:
            self.suspect(G_STORAGE)


def _at_20(rest_mv: int, mv: int, sag_percent: int) -> int:
    return rest_mv - (rest_mv - mv) * 100 // sag_percent
