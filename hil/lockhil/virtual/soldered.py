"""What a virtual board's pins and ports are soldered to: all that a board has of the rest.

A protocol only. A simulated world is one (`wires`), another board's pins are another (`pair`).
"""

from typing import Protocol

from lockunit import board as port

# The causes as `machine` numbers them; no port tells a brown-out from power-on.
RESET_CAUSES = {
    port.RESET_POWER: 1,
    port.RESET_BROWN_OUT: 1,
    port.RESET_WATCHDOG: 3,
    port.RESET_SOFT: 5,
}
# A converter's full scale.
FULL = 65_535


class Soldered(Protocol):
    """One board's surroundings; ValueError where nothing is soldered to a pin."""

    def set_up(self, pin: int, bits: int) -> None:
        """The board sets up a pin; `bits` as in `protocol.SetUp`."""

    def drive(self, pin: int, level: int) -> None:
        """The board drives a pin to 0 or 1."""

    def modulate(self, pin: int, duty: int) -> None:
        """The board drives a pin by pulses that are high for `duty` of 65,535 parts of the time."""

    def level(self, pin: int) -> int:
        """The level of a pin."""

    def convert(self, pin: int) -> int | None:
        """A converter's reading, 0 to 65,535; None: it fails."""

    def edges(self, kind: int, arg: int) -> list[tuple[int, int]]:
        """The inputs that an event changed, as pins with their new levels."""

    def sent(self, data: bytes) -> None:
        """Bytes leave the board on its link."""

    def advertise(self, interval_ms: int, advert: bytes, answer: bytes) -> None:
        """Its radio advertises from now on; 0: no more."""

    def memory(self) -> int:
        """The bits that the clock's memory holds; they outlive a reset."""

    def keep(self, bits: int) -> None:
        """It holds these from now on."""

    def cause(self) -> int:
        """Why the board started, as in `RESET_CAUSES`."""

    def calendar(self) -> int:
        """Seconds since 1970 in UTC; 0: nobody has set that clock."""

    def set_calendar(self, seconds: int) -> None:
        """It shows so many from now on."""

    def random(self) -> bytes:
        """Four random bytes."""
