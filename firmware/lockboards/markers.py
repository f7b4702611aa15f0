"""What survives a reset in the clock's memory: what was going on, and that power never left.

It is lost with the power, and some boards have none: then every start looks like the first.
"""

import machine

from lockunit.board import (
    RESET_BROWN_OUT,
    RESET_POWER,
    RESET_SOFT,
    RESET_WATCHDOG,
)

_MAGIC = 0x4C


class Markers:
    """The bits of `lockunit.board.MARK_...`, guarded by a magic byte and a complement."""

    def __init__(self) -> None:
        self._rtc = machine.RTC() if hasattr(machine.RTC, "memory") else None
        kept = self._rtc.memory() if self._rtc is not None else b""
        self.survived = len(kept) == 3 and kept[0] == _MAGIC and kept[1] ^ kept[2] == 255
        self.bits = kept[1] if self.survived else 0
        # Made once: every battery sample sets the markers twice.
        self._kept = bytearray((_MAGIC, 0, 255))

    def set(self, bits: int) -> None:
        """Leave these bits for whoever boots after a reset."""
        if self._rtc is not None:
            self._kept[1] = bits
            self._kept[2] = bits ^ 255
            self._rtc.memory(self._kept)

    def cause(self) -> int:
        """Why the board last started, as `lockunit.board` numbers it."""
        cause = machine.reset_cause()
        if cause == machine.WDT_RESET:
            return RESET_WATCHDOG
        if cause == machine.PWRON_RESET:
            # Ports call a brown-out "power-on"; but a brown-out leaves the clock its memory.
            return RESET_BROWN_OUT if self.survived else RESET_POWER
        return RESET_SOFT
