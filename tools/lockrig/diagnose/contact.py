"""Contact with the unit while a person watches it: whether it is the right one, and was pressed.

A protocol only. What a unit says of itself can raise doubts here and never settle one.
"""

from collections.abc import Iterator
from typing import Protocol


class Contact(Protocol):
    """What the driver of a procedure needs of a unit in contact; times are the driver's."""

    @property
    def label(self) -> str:
        """The label to type."""

    def turn(self, t_ms: int) -> None:
        """It is `t_ms`."""

    def press(self) -> None:
        """Press the button, where that is in the computer's power."""

    def leds(self) -> tuple[int, int] | None:
        """Green and red, where they are the computer's to show."""

    def doubts(self, unit: str, start_ms: int | None) -> Iterator[str]:
        """What speaks against a yes for the unit `unit`; START was tapped at `start_ms`."""
