"""What can be read of a pack: its cells at rest and under load, and whether its kind is right.

It judges no level and latches no suspicion: that is the monitor's.
"""

from lockunit.board import FAILED, PACK, Board
from lockunit.settings import Settings

# Why nothing good may be said of a pack.
TAPS = "taps"
PROFILE = "profile"
READING = "reading"

# The load moves the least resistive pack by more than this; if not, it doesn't hang there.
LEAST_SAG_MV = 15
# A thermometer that shows more cold than any home has is broken.
_COLDEST_C = -40
# One high reading may be chance, two in a row are another kind of pack.
_CONFIRM = 2


def at_20(rest_mv: int, mv: int, percent: int) -> int:
    """A cell's voltage under load as it would be at 20 C, where its sag is now so many per cent.

    Rounded against the cell, and never above its rest.
    """
    sag = max(0, rest_mv - mv)
    return rest_mv - (sag * 100 + percent - 1) // percent


def sag_percent(settings: Settings, celsius: int) -> int:
    """How much a load's sag is at this temperature, in per cent of that at 20 C.

    It falls as it gets warmer, so that warmth excuses nothing. Where nobody knows the temperature
    the doubt goes against the pack.
    """
    if celsius < _COLDEST_C or celsius >= 40:  # FAILED is below it
        return settings.sag_hot
    if celsius >= 20:
        return 100 + (settings.sag_hot - 100) * (celsius - 20) // 20
    if celsius >= 0:
        return 100 + (settings.sag_cool - 100) * (20 - celsius) // 20
    below = min(20, -celsius)
    return settings.sag_cool + (settings.sag_cold - settings.sag_cool) * below // 20


class Cells:
    """The cells of one pack, as far as the board sees them."""

    def __init__(self, board: Board, settings: Settings) -> None:
        self.board = board
        self.settings = settings
        # The whole pack's, as each cell's below: noted before something was hung on.
        self.rest_mv = FAILED
        self._rest_mvs = [FAILED] * settings.cells
        # Another kind of pack was seen: it stays one, whatever it rests at once it is spent.
        self.other_kind = False
        self._high = 0

    def all_seen(self) -> bool:
        """Whether each cell can be measured: in a row, a weak one hides behind the others."""
        taps = self.board.cells()
        return taps == self.settings.cells or (taps == 0 and self.settings.cells == 1)

    def _read(self, cell: int) -> int:
        return self.board.read_mv(cell if self.board.cells() else PACK)

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
        """Note what the pack and each cell give without a load."""
        self.rest_mv = self.board.read_mv(PACK)
        if not self.all_seen():
            return
        for cell in range(self.settings.cells):
            self._rest_mvs[cell] = self._read(cell)
        if self._any_high():
            self._high += 1
            if self._high >= _CONFIRM:
                self.other_kind = True
        else:
            self._high = 0

    def _any_high(self) -> bool:
        return max(self._rest_mvs) > self.settings.fresh_mv

    def lowest_rest_mv(self) -> int:
        """The weakest cell at rest, as it was noted; FAILED if one isn't known."""
        return min(self._rest_mvs)

    def weakest_mv(self) -> int:
        """The weakest cell under what hangs on the pack now, as it would be at 20 C, or FAILED.

        A pack that isn't seen into gives the mean of its cells.
        """
        sag = sag_percent(self.settings, self.board.temperature())
        if not self.all_seen():
            mv = self.board.read_mv(PACK)
            if min(mv, self.rest_mv) == FAILED:
                return FAILED
            return at_20(self.rest_mv, mv, sag) // (self.board.cells() or self.settings.cells)
        weakest = FAILED
        for cell in range(self.settings.cells):
            mv = self._read(cell)
            if mv == FAILED or self._rest_mvs[cell] == FAILED:
                return FAILED
            mv = at_20(self._rest_mvs[cell], mv, sag)
            if weakest == FAILED or mv < weakest:
                weakest = mv
        return weakest

    def sagged(self, pack_mv: int) -> bool:
        """Whether the pack's voltage shows that something hangs on it."""
        if min(pack_mv, self.rest_mv) == FAILED:
            return False
        return self.rest_mv - pack_mv >= LEAST_SAG_MV

    def rose(self, loaded_mv: int) -> bool:
        """Whether the pack gives more now than under its load: if not, that never came off."""
        return self.board.read_mv(PACK) - loaded_mv >= LEAST_SAG_MV

    def doubt(self, replaced: bool = False) -> str:
        """Why nothing good may be said of the pack as it was noted at rest; "" if it may.

        `replaced`: it is said to be another one than was seen before.
        """
        if not self.all_seen():
            return TAPS
        if self._any_high() or (self.other_kind and not replaced):
            return PROFILE
        if min(self.rest_mv, self.lowest_rest_mv()) == FAILED:
            return READING
        return ""

    def replaced(self) -> None:
        """Forget what kind of pack was seen before this one."""
        self.other_kind = False
        self._high = 0
