"""A virtual board's radio in an air, whatever comes and goes of the board itself.

What it does while it is on is `stack`'s.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bumble import hci

from lockhil.radio.stack import Stack
from lockhil.virtual.radioport import Told

if TYPE_CHECKING:
    from lockhil.radio.air import Air


class Peripheral:
    """One board's radio, whatever comes and goes of the board itself; see `RadioPort`."""

    def __init__(self, air: "Air", address: hci.Address) -> None:
        self._air = air
        self._address = address
        self._stack: Stack | None = None
        self._deliver: Callable[[bytes], None] = lambda _: None

    @property
    def address(self) -> str:
        """Its address, without the type."""
        return str(self._address).removesuffix("/P")

    def attach(self, deliver: Callable[[bytes], None]) -> None:
        self._deliver = deliver

    def detach(self) -> None:
        self._deliver = lambda _: None
        if self._stack is not None:
            self._stack.vanish()
            self._stack = None

    def told(self, what: int, data: bytes) -> int:
        if what == Told.MAC:
            # From its last byte on.
            half = bytes(self._address)[3 * data[0] : 3 * data[0] + 3]
            return int.from_bytes(half, "little")
        if what == Told.ACTIVE:
            self._active(bool(data[0]))
            return 0
        if self._stack is None:
            raise ValueError(f"expected a radio that is on, got {Told(what).name}")
        with self._air.loop.entered():
            return self._stack.told(Told(what), data)

    def _active(self, on: bool) -> None:
        if self._stack is not None:
            self._stack.shut_down()
            self._stack = None
        if on:
            self._stack = Stack(self._air, self._address, self._deliver)
