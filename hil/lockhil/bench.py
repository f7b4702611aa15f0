"""The bench: what surrounds a unit and can be done to it, the same on every target.

Protocols only. A target whose bench lacks something says so (`NotOnThisBenchError`), and the tests
that need it are not run there.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from lockjudge.trace import Event, Trace


class NotOnThisBenchError(Exception):
    """The bench can't do that; the message says what is missing."""


class Clock(Protocol):
    """The time that a unit lives in."""

    @property
    def now_ms(self) -> int:
        """Milliseconds since the target was opened, as its trace counts them."""

    def advance(
        self, ms: int = 0, *, seconds: int = 0, minutes: int = 0, hours: int = 0, days: int = 0
    ) -> None:
        """Let so much time pass; what is due at its last millisecond has happened on return."""


class Bench(Protocol):
    """Hands, eyes and weather. Nothing here lets time pass but `clock`, and no wait is hidden."""

    @property
    def clock(self) -> Clock:
        """The unit's time."""

    def press(self, hold_ms: int = 150, bounce: Sequence[int] = ()) -> None:
        """Press now and release `hold_ms` later.

        `bounce`: ms between the contact's flips after each of the two edges; an even number.
        """

    def hold_button(self) -> None:
        """Press, and don't release."""

    def release_button(self) -> None:
        """Release what `hold_button` holds."""

    def set_pack(self, pack: str | Iterable[tuple[int, int]], *, tapped: bool = True) -> None:
        """Put in a pack by its name, or cells as (open voltage in mV, resistance in mohm)."""

    def jam(self, thousandths: int | None) -> None:
        """The motor can't move the bolt past 0 (locked) ... 1000 (unlocked); None: it can."""

    def motor_dead(self, dead: bool = True) -> None:
        """Break the motor's wire, or mend it."""

    def thumb_turn(self, place: str, duration_ms: int = 400) -> None:
        """A hand begins to turn the bolt to `locked` or `unlocked`."""

    def break_switch(self, end: str, state: str | None) -> None:
        """The end switch `locked` or `unlocked` stays `open` or `closed`; None mends it."""

    def door(self, state: str) -> None:
        """The door is `closed`, `open` or `unknown`."""

    def temperature(self, celsius: int | None) -> None:
        """Degrees C; None: the sensor fails."""

    def supply(self, source: str) -> None:
        """`battery`, `external` (USB), or `unknown`."""

    def power_cut(self, ms: int) -> None:
        """Take all power away now, and give it back `ms` later."""

    def reset(self, cause: str = "soft") -> None:
        """Reset the unit: `brown-out`, `watchdog`, `soft` or `power`."""

    def adc_fails(self, fails: bool = True) -> None:
        """Readings of voltages fail from now on, or work again."""

    def journal_key(self) -> bytes:
        """The key that the unit made at its first boot: where chance is simulated it is known."""

    def leds(self) -> tuple[int, int]:
        """Green and red as they are."""

    def mark(self) -> int:
        """A place in the trace, for `trace` and `since`."""

    def since(self, mark: int) -> list[Event]:
        """The events since a mark."""

    def trace(self, since: int = 0) -> Trace:
        """What was seen until now; from a mark on, it begins with what was seen there."""

    def wakes(self) -> list[tuple[int, str]]:
        """When (ms) the unit's core was woken, and by what: `deadline` where nobody sees which."""
