"""What the hardware sees of a pack: a voltage behind a resistance, and a tap at each cell.

A protocol alone: `fixed` packs are set by hand, `live` ones discharge, recover and die.
"""

from typing import Protocol


class Source(Protocol):
    """A pack, lowest cell first. Between two calls of `carry` it gives the same current."""

    @property
    def size(self) -> int:
        """How many cells are in series."""

    @property
    def taps(self) -> int:
        """How many of them can be measured by themselves: all or none."""

    @property
    def changes(self) -> bool:
        """Whether its voltages change while its current doesn't."""

    def settle(self, now: int) -> None:
        """Forget which by-pass diodes conduct: a new working point is looked for."""

    def thevenin(self, now: int) -> tuple[int, int]:
        """The open voltage (mV) and the resistance (mohm) that a step of current meets now."""

    def bypasses(self, now: int, ma: int) -> bool:
        """Whether one more by-pass diode conducts at `ma`: then `thevenin` is another one."""

    def carry(self, now: int, ma: int, idle_ua: int, temp_c: float) -> None:
        """From now on it gives `ma` and, besides, `idle_ua`."""

    def cell_mv(self, cell: int, now: int) -> int:
        """The voltage (mV) of one cell under what the pack gives; below 0 it is reversed."""

    def open_mv(self, cell: int, now: int) -> int:
        """The voltage (mV) of one cell that is rested and gives nothing."""
