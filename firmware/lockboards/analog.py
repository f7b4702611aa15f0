"""The converter's channels, in mV, mA and degrees C: integers, rounded to the nearest.

What a full reading stands for is calibration, so it is the board's data; nothing is averaged.
"""

from machine import ADC, Pin

from lockunit.board import FAILED

_FULL = 65_535
# At full scale a converter says "at least that much": no measurement.
_CLIPPED = _FULL


class Channel:
    """One channel: a pin, and the value that its full scale stands for (at most 16,383)."""

    def __init__(self, pin: int, full: int) -> None:
        if not 0 < full < 1 << 14:
            raise ValueError("full scale: expected 1 to 16383, got " + str(full))
        self._adc = ADC(Pin(pin))
        self._full = full

    def read(self) -> int:
        """The value now, or FAILED."""
        try:
            raw = self._adc.read_u16()
        except OSError:
            return FAILED
        # 65,535 x 16,383 stays under 2**30.
        return FAILED if raw >= _CLIPPED else (raw * self._full + _FULL // 2) // _FULL


class Thermometer:
    """An analog sensor: so many mV at 0 degrees C, so many a degree."""

    def __init__(self, pin: int, full: int, zero_mv: int, mv_per_c: int) -> None:
        self._channel = Channel(pin, full)
        self._zero_mv = zero_mv
        self._mv_per_c = mv_per_c

    def read(self) -> int:
        """Degrees C now, or FAILED."""
        mv = self._channel.read()
        if mv == FAILED:
            return FAILED
        return (mv - self._zero_mv + self._mv_per_c // 2) // self._mv_per_c
