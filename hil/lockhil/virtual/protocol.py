"""The wires between a virtual board and its surroundings: messages of 8 bytes, bytes after some.

`child/bus.py` is the other end. A message is an operation, a pin, a sequence number (0: no answer
is wanted) and a value; an answer carries the sequence number of its question.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag

HEAD = struct.Struct("<BBHi")
TAIL = struct.Struct("<HH")


class Op(IntEnum):
    """What a board asks or tells."""

    OUT = 1
    """A pin is driven to `value`."""
    READ = 2
    """A pin's level?"""
    ADC = 3
    """A converter's reading, 0 to 65,535?"""
    WAIT = 4
    """Wait for `value` ms (-1: for ever), or until something happens."""
    NOW = 5
    """The board's ticks?"""
    TX = 6
    """`value` bytes follow; they leave UART `pin`."""
    MEMORY = 7
    """What the clock's memory holds?"""
    KEEP = 8
    """The clock's memory now holds `value`."""
    CAUSE = 9
    """Why did the board start?"""
    RESET = 10
    """Reset the board."""
    FEED = 11
    """The watchdog waits for `value` ms from now."""
    PROGRAM = 12
    """A watched flash is about to be programmed: `value` bytes follow, the address (4 of them) and
    what is written. An answer lets it."""
    ERASE = 13
    """The same of an erase; only the address follows."""
    CLOCK = 14
    """Seconds since 2000 in UTC; -1: nobody has set that clock?"""
    RANDOM = 15
    """Four random bytes?"""
    SET_CLOCK = 16
    """The clock shows `value` seconds since 2000 from now on."""
    INTERRUPT = 17
    """On the console the character `value` interrupts from now on, 3 or -1: none. An answer
    follows once that is so."""
    BLE = 18
    """For the radio: `pin` says what (`radioport.Told`), `value` bytes follow. It is answered."""
    SET_UP = 19
    """A pin is set up: `value` is of `SetUp`'s bits."""
    PWM = 24
    """A pin is driven by pulses, high for `value` of 65,535 parts of the time."""


_WITH_BYTES = (Op.TX, Op.PROGRAM, Op.ERASE, Op.BLE)


class SetUp(IntFlag):
    """How a board uses a pin."""

    DRIVES = 1
    OPEN_DRAIN = 2
    """It drives, but its 1 lets go."""
    UP = 4
    DOWN = 8
    """It pulls."""
    IRQ = 16
    """An edge ends the board's wait."""


class Answer(IntEnum):
    """What a board is answered."""

    TIMED_OUT = 20
    """The wait is over; `value`: the board's ticks."""
    HAPPENED = 21
    """Something ended the wait. `pin` edges follow, after a UART's number and how many bytes of
    it follow those."""
    VALUE = 22
    FAILED = 23
    """The reading failed."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a board; `data`: the bytes that followed it."""

    op: Op
    pin: int
    seq: int
    value: int
    data: bytes = b""


def take(buffer: bytearray) -> Message | None:
    """The first whole message in `buffer`, which is removed from it; ValueError: no message."""
    if len(buffer) < HEAD.size:
        return None
    op, pin, seq, value = HEAD.unpack_from(buffer)
    if op in _WITH_BYTES and value < 0:
        raise ValueError(f"expected how many bytes follow {Op(op).name}, got {value}")
    length = HEAD.size + (value if op in _WITH_BYTES else 0)
    if len(buffer) < length:
        return None
    data = bytes(buffer[HEAD.size : length])
    del buffer[:length]
    return Message(Op(op), pin, seq, value, data)


def answer(kind: Answer, seq: int, value: int) -> bytes:
    """An answer of one value."""
    return HEAD.pack(kind, 0, seq, value)


def happened(
    seq: int, ticks: int, edges: list[tuple[int, int]], uart: int = 0, data: bytes = b""
) -> bytes:
    """What ended a wait: pins with their new levels, and bytes on a UART."""
    head = HEAD.pack(Answer.HAPPENED, len(edges), seq, ticks) + TAIL.pack(uart, len(data))
    return head + bytes(part for edge in edges for part in edge) + data
