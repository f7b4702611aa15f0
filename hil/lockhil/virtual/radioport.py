"""What a virtual board's `bluetooth` and the air around it say to each other.

It rides on the board's wires (`protocol.Op.BLE`); `child/board_bluetooth.py` is the other end. A
board without an air has a radio that nobody hears.
"""

import struct
from collections.abc import Callable
from enum import IntEnum
from typing import Protocol

# What comes from the air goes to the board as bytes of this UART, which no board has.
PORT = 0xFFFF
# The first handle that a board's own services get; those below are the stack's: GAP and GATT.
FIRST_HANDLE = 10
ENOMEM, ENOTCONN = 12, 107
# How an ADVERTISE begins.
ADVERT = struct.Struct("<IBB")


class Told(IntEnum):
    """What a board tells its radio; numbers are little-endian. Each is answered, by 0 or an errno.

    VALUE is told whenever a value changed: the radio answers reads with what it was told last.
    """

    ACTIVE = 1
    """A byte: on or off."""
    MAC = 2
    """A byte: the lower (0) or the upper (1) three bytes of its address? They are the answer."""
    MTU = 3
    """u16: the MTU that it takes."""
    NAME = 4
    """Its GAP name."""
    REGISTER = 5
    """Its services, for each attribute: 0 service, 1 characteristic or 2 descriptor, a byte; handle
    (of the value) u16; flags u16; length of the UUID, a byte; the UUID."""
    VALUE = 6
    """Handle u16; whether subscribers are told, a byte; the value."""
    NOTIFY = 7
    """Connection u16, handle u16, the bytes; ENOMEM, ENOTCONN."""
    INDICATE = 8
    ADVERTISE = 9
    """Interval in us u32, connectable, length of the advert; the advert; the scan response.
    Interval 0: no more. ENOMEM: no connection is free."""
    DISCONNECT = 10
    """Connection u16; ENOTCONN."""
    DONE = 11
    """The oldest WRITE or READ is done; a byte: 0, or the ATT error."""


class Irq(IntEnum):
    """What the air tells a board, by the numbers of MicroPython's events: kind, connection u16,
    something of 16 bits, bytes."""

    CONNECTED = 1
    """The type of the central's address; the address."""
    LEFT = 2
    WRITE = 3
    """Handle; the value. Answered by DONE."""
    READ = 4
    """Handle. Answered by DONE."""
    INDICATED = 20
    """Handle; the status, a byte."""
    MTU = 21
    """The MTU."""


class RadioPort(Protocol):
    """A board's radio, as its wires see it."""

    def attach(self, deliver: Callable[[bytes], None]) -> None:
        """The board starts; `deliver` takes what happens in the air to it."""

    def told(self, what: int, data: bytes) -> int:
        """What the board told; the answer. ValueError: no such message."""

    def detach(self) -> None:
        """The board is gone, without a word: who is connected will notice by himself."""


class NoAir:
    """A radio without an air: everything works, and nobody is there."""

    def attach(self, deliver: Callable[[bytes], None]) -> None:
        pass

    def told(self, what: int, data: bytes) -> int:
        if what == Told.MAC:
            return 0 if data[0] == 0 else 0x020000
        return ENOTCONN if what in (Told.NOTIFY, Told.INDICATE, Told.DISCONNECT) else 0

    def detach(self) -> None:
        pass
