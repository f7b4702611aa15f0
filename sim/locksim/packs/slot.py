"""One place in a pack's row: cells in parallel, perhaps with a by-pass diode and a buffer.

Cells in parallel are one cell of their sum: they share a voltage, so they empty together.
"""

import math
from dataclasses import dataclass

from locksim.cells.cell import MS_A_HOUR, Cell


@dataclass(slots=True)
class Buffer:
    """A capacitor beside the cell, for a load that the cell can't feed (a hybrid-layer capacitor,
    say): its charge is in `mv`."""

    farad: float
    mohm: float
    leak_ua: float
    mv: float = 0.0


class Slot:
    """A cell in its place; `polarity` -1 where it was put in the wrong way round.

    `bypass_mv` is a diode's forward voltage; where there is one it leaks `bypass_leak_ua`.
    """

    def __init__(
        self,
        cell: Cell,
        *,
        polarity: int = 1,
        bypass_mv: float | None = None,
        bypass_leak_ua: float = 5.0,
        buffer: Buffer | None = None,
    ) -> None:
        self.cell = cell
        self.polarity = polarity
        self.bypass_mv = bypass_mv
        self.bypassed = False
        self._leak_ma = 0.0 if bypass_mv is None else bypass_leak_ua / 1000
        self.buffer = buffer
        self._since = cell.since_ms
        self._ma = 0.0
        if buffer is not None:
            buffer.mv = cell.at(self._since).open_mv
            self._leak_ma += buffer.leak_ua / 1000

    def thevenin(self, now: int) -> tuple[float, float]:
        """What a step of current meets: mV and mohm."""
        if self.bypassed:
            assert self.bypass_mv is not None
            return -self.bypass_mv, 0.0
        moment = self.cell.at(now)
        if self.buffer is None:
            return self.polarity * (moment.open_mv - moment.relaxed_mv), moment.mohm
        through = self._through()
        share = self.buffer.mohm / (through + self.buffer.mohm)
        stored = self._stored(now)
        return self.polarity * (stored + (moment.open_mv - stored) * share), through * share

    def mv(self, now: int) -> float:
        """The voltage under what it gives."""
        if self.bypassed:
            assert self.bypass_mv is not None
            return -self.bypass_mv
        if self.buffer is None:
            return self.polarity * self.cell.at(now).mv(self._cell_ma())
        open_mv, mohm = self.thevenin(now)
        return open_mv - self._ma * mohm / 1000

    def carry(self, now: int, ma: float, temp_c: float) -> None:
        """From `now` on the pack gives `ma`."""
        if self.buffer is not None:
            hours = (now - self._since) / MS_A_HOUR
            if hours:
                stored = self._stored(now)
                # The cell gives what the load took and the capacitor didn't: its mean.
                moved_mah = self.buffer.farad * (self.buffer.mv - stored) / 3600
                mean = max(0.0, self._ma + self._leak_ma - moved_mah / hours)
                self.cell.carry(self._since, mean, self.cell.temp_c)
                self.buffer.mv = stored
        self._since, self._ma = now, ma
        cell_ma = self._cell_ma() if self.buffer is None else self.cell.ma
        if self.bypassed:
            # The diode takes what the cell can't give.
            assert self.bypass_mv is not None
            moment = self.cell.at(now)
            cell_ma = max(0.0, (moment.open_mv + self.bypass_mv) * 1000 / moment.mohm)
        self.cell.carry(now, cell_ma, temp_c)

    def _cell_ma(self) -> float:
        return self.polarity * self._ma + self._leak_ma

    def _through(self) -> float:
        """The cell's whole resistance into its capacitor, mohm."""
        return self.cell.at(self._since).mohm / (1 - self.cell.law.relaxing_share)

    def _stored(self, now: int) -> float:
        """The capacitor's own voltage, mV: it goes towards the cell's, less what the load takes."""
        assert self.buffer is not None
        if now == self._since:
            return self.buffer.mv
        through = self._through()
        end = self.cell.at(self._since).open_mv - (self._ma + self._leak_ma) * through / 1000
        # mohm x F = ms
        tau_ms = (through + self.buffer.mohm) * self.buffer.farad
        return end + (self.buffer.mv - end) * math.exp(-(now - self._since) / tau_ms)
