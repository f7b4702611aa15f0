"""The converter's channels, in mV, mA and degrees C: integers, rounded to the nearest.

What a full reading stands for is the board's data, what a unit's own differs from that its
calibration; nothing is averaged.
"""

from machine import ADC, Pin

from lockboards.calibration import EXACT, fitted
from lockunit.board import FAILED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Converter(Protocol):
        """`machine.ADC`, as all ports together have it."""

        def read_u16(self) -> int: ...

        def read_uv(self) -> int: ...


_FULL = 65_535


class Channel:
    """One channel: a pin, and the value that its full scale stands for (at most 16,383).

    `converter`: the board's, where it has more to say than 16 bits. `fit`: of `calibration`; None:
    it has one that can't be read, so nothing is measured.
    """

    def __init__(
        self,
        pin: int,
        full: int,
        converter: "dict[str, int] | None" = None,
        fit: "tuple[int, int] | None" = EXACT,
    ) -> None:
        if not 0 < full < 1 << 14:
            raise ValueError("full scale: expected 1 to 16383, got " + str(full))
        about = converter or {}
        more = {"atten": about["atten"]} if "atten" in about else {}
        self._adc: Converter = ADC(Pin(pin), **more)  # type: ignore[assignment] # see there
        # A converter with a maker's calibration of its own tells microvolts, in whole millivolts.
        self._microvolts = about.get("microvolts", 0)
        self._top = about["full_mv"] if self._microvolts else _FULL
        self._full = full
        self._fit = fit

    def plain(self) -> int:
        """The value now by the board's data alone, or FAILED."""
        try:
            raw = self._adc.read_uv() // 1_000 if self._microvolts else self._adc.read_u16()
        except OSError:
            return FAILED
        # At full scale a converter says "at least that much": no measurement. 65,535 x 16,383 stays
        # under 2**30.
        return FAILED if raw >= self._top else (raw * self._full + self._top // 2) // self._top

    def read(self) -> int:
        """The value now, or FAILED."""
        value = self.plain()
        return FAILED if value == FAILED or self._fit is None else fitted(value, self._fit)


class Thermometer:
    """An analog sensor: so many mV at 0 degrees C, so many a degree."""

    def __init__(self, channel: Channel, zero_mv: int, mv_per_c: int) -> None:
        self._channel = channel
        self._zero_mv = zero_mv
        self._mv_per_c = mv_per_c

    def read(self) -> int:
        """Degrees C now, or FAILED."""
        mv = self._channel.read()
        if mv == FAILED:
            return FAILED
        return (mv - self._zero_mv + self._mv_per_c // 2) // self._mv_per_c
