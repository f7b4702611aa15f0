"""The inputs that wake a unit: button, bolt ends, door and supply, as pins with interrupts.

Each pair of contacts is one reading; what doesn't fit together is unknown, never guessed.
"""

from machine import Pin

from lockboards.ring import Ring
from lockunit.board import (
    DOOR_CLOSED,
    DOOR_OPEN,
    DOOR_UNKNOWN,
    END_LOCKED,
    END_UNLOCKED,
    EV_BOLT,
    EV_BUTTON,
    EV_DOOR,
    EV_SUPPLY,
    SUPPLY_BATTERY,
    SUPPLY_EXTERNAL,
    SUPPLY_UNKNOWN,
)

# A divider drives these, both ways; a pull would move its voltage.
_DRIVEN = ("usb", "pack")
_KINDS = (EV_BUTTON, EV_BOLT, EV_DOOR, EV_SUPPLY)


def _input(name: str, number: int) -> Pin:
    if name in _DRIVEN:
        # None switches the pulls off, those at reset too; the stubs leave it out.
        return Pin(number, Pin.IN, None)  # type: ignore[arg-type]
    return Pin(number, Pin.IN, Pin.PULL_UP)


class Inputs:
    """Contacts that close to ground read as closed; the supply's two lines are active high."""

    def __init__(self, pins: "dict[str, int]", ring: Ring) -> None:
        self._ring = ring
        self._pins = {name: _input(name, number) for name, number in pins.items()}
        self._last = [self.read(kind) for kind in _KINDS]
        for name, kind in (
            ("button", EV_BUTTON),
            ("end_locked", EV_BOLT),
            ("end_unlocked", EV_BOLT),
            ("door_closed", EV_DOOR),
            ("door_open", EV_DOOR),
            ("usb", EV_SUPPLY),
            ("pack", EV_SUPPLY),
        ):
            self._watch(self._pins[name], kind)

    def _watch(self, pin: Pin, kind: int) -> None:
        place = _KINDS.index(kind)

        def changed(_: Pin) -> None:
            value = self.read(kind)
            # Two contacts of one reading change together, and bounce: one event a change.
            if value != self._last[place]:
                self._last[place] = value
                self._ring.put(kind, value)

        pin.irq(handler=changed, trigger=Pin.IRQ_RISING | Pin.IRQ_FALLING)

    def look_again(self) -> None:
        """Put every reading into the ring: some of their changes were lost."""
        for place, kind in enumerate(_KINDS):
            value = self.read(kind)
            self._last[place] = value
            if kind != EV_BUTTON:
                self._ring.put(kind, value)

    def read(self, kind: int) -> int:
        """The present value of an event's kind, as `lockunit.board` numbers it."""
        if kind == EV_BUTTON:
            return self._closed("button")
        if kind == EV_BOLT:
            locked = END_LOCKED if self._closed("end_locked") else 0
            return locked | (END_UNLOCKED if self._closed("end_unlocked") else 0)
        if kind == EV_DOOR:
            closed, opened = self._closed("door_closed"), self._closed("door_open")
            if closed == opened:
                return DOOR_UNKNOWN
            return DOOR_CLOSED if closed else DOOR_OPEN
        usb, pack = self._pins["usb"].value(), self._pins["pack"].value()
        if usb == pack:
            return SUPPLY_UNKNOWN
        return SUPPLY_EXTERNAL if usb else SUPPLY_BATTERY

    def _closed(self, name: str) -> int:
        return 1 - self._pins[name].value()
