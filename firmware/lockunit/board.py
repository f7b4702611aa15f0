"""The one port through which the core reaches the world; drivers and simulators implement it.

It says what a board owes the core, and does nothing itself but keep what was refused. All numbers
are integers, voltages in mV, currents in mA, temperatures in degrees C.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from lockunit.slot import Slot

    class Aes(Protocol):
        """AES-128 with one key: whole blocks of 16 bytes, each enciphered by itself."""

        def encrypt(self, __data: bytes | bytearray) -> bytes:
            """As many bytes as were given, which are left as they are."""


# Kinds of event: `Unit.event(now, kind, arg, wire)`; wire 0 is the serial line.
EV_BUTTON = 1  # arg: 1 pressed, 0 released; may bounce
EV_BOLT = 2  # arg: the new `bolt_ends()`
EV_DOOR = 3  # arg: the new `door()`
EV_RX = 4  # arg: bytes as they came in, lines whole or not
EV_SUPPLY = 5  # arg: the new `supply()`
EV_JOINED = 6  # arg: the wire, one of the radio's, at which a central is from now on
EV_LEFT = 7  # arg: the wire where it isn't any more, whoever ended that

# Bits of `bolt_ends()`: which end switches are closed. Both at once is a fault.
END_LOCKED = 1
END_UNLOCKED = 2

DOOR_CLOSED = 0
DOOR_OPEN = 1
DOOR_UNKNOWN = -1

SUPPLY_BATTERY = 0
SUPPLY_EXTERNAL = 1
SUPPLY_UNKNOWN = 2

# `reset_cause()`; boards that can't tell a brown-out from power-on say RESET_POWER.
RESET_POWER = 0
RESET_BROWN_OUT = 1
RESET_WATCHDOG = 2
RESET_SOFT = 3

# Bits of the markers that survive a reset: what was going on when it came.
MARK_MOTOR = 1
MARK_LOAD = 2

# `read_mv` of the whole pack instead of one cell's tap.
PACK = -1
# What a failed reading returns.
FAILED = -(1 << 20)

# Why a store is refused, where not for its content; behind the first stands the error's number.
NOT_STORED = "not stored: error "
KEPT_ASIDE = "an earlier content was refused, and is kept aside"


class Board:
    """What the core needs of the hardware. No method may block for longer than a reading takes.

    `refused`: the stores whose content is corrupt or couldn't be stored, each with the reason; a
    new tuple whenever that changes.
    """

    refused: "tuple[tuple[str, str], ...]" = ()

    def unit_id(self) -> str:
        """The unit's id as it stands on its label: at most 16 characters of A-Z, 0-9 and `-`."""
        raise NotImplementedError

    def leds(self, green: int, red: int) -> None:
        """Drive both LEDs, 0 or 1."""
        raise NotImplementedError

    def motor(self, direction: int) -> None:
        """1 throws the bolt (locks), -1 withdraws it, 0 brakes."""
        raise NotImplementedError

    def motor_ma(self) -> int:
        """The motor's current, or FAILED."""
        raise NotImplementedError

    def load(self, on: int) -> None:
        """Hang the dedicated test load on the pack, or take it off."""
        raise NotImplementedError

    def bolt_ends(self) -> int:
        """END_LOCKED, END_UNLOCKED, 0 between the ends."""
        raise NotImplementedError

    def door(self) -> int:
        """DOOR_CLOSED, DOOR_OPEN or DOOR_UNKNOWN."""
        raise NotImplementedError

    def cells(self) -> int:
        """How many cells have a tap of their own; 0: only the whole pack is seen."""
        raise NotImplementedError

    def read_mv(self, cell: int) -> int:
        """The voltage across one cell (0 is the lowest) or the PACK, or FAILED."""
        raise NotImplementedError

    def temperature(self) -> int:
        """Degrees C, or FAILED."""
        raise NotImplementedError

    def supply(self) -> int:
        """SUPPLY_BATTERY, SUPPLY_EXTERNAL or SUPPLY_UNKNOWN."""
        raise NotImplementedError

    def reset_cause(self) -> int:
        """Why the unit last started: RESET_POWER, ..."""
        raise NotImplementedError

    def markers(self) -> int:
        """The markers as the reset left them."""
        raise NotImplementedError

    def mark(self, bits: int) -> None:
        """Set the markers; they survive every reset that leaves the board any memory."""
        raise NotImplementedError

    def restart(self) -> None:
        """Start anew, as after a reset; where that can't be done at once, soon."""
        raise NotImplementedError

    def trial(self) -> bool:
        """Whether the firmware that runs is on trial: another one is in use, and starts once this
        one was given up. A board without slots knows of no trial, and isn't asked for the rest."""
        return False

    def confirm(self) -> None:
        """Take the firmware that runs into use, all or nothing. OSError: it isn't."""
        raise NotImplementedError

    def reject(self) -> None:
        """Let the next start be one of the firmware in use. OSError: it may be another trial."""
        raise NotImplementedError

    def slot(self) -> "Slot | None":
        """The slot that isn't in use, where this firmware is the one in use; None: there is none,
        and updates come another way."""
        return None

    def fetch(self, name: str) -> "bytes | None":
        """The bytes stored under `name`; None: none ever were; b"": they can't be read."""
        raise NotImplementedError

    def write(self, name: str, data: bytes) -> None:
        """Replace the bytes stored under `name`, all or nothing, across a loss of power.

        OSError where that can't be done; who wants to go on all the same calls `store`.
        """
        raise NotImplementedError

    def append(self, name: str, data: bytes) -> None:
        """Add to the bytes stored under `name`; a loss of power leaves a beginning of `data`.

        OSError where that can't be done, as from the next three: nobody knows how much is there.
        """
        raise NotImplementedError

    def read(self, name: str, at: int, count: int) -> bytes:
        """At most `count` of the bytes stored under `name`, from place `at` on."""
        raise NotImplementedError

    def remove(self, name: str) -> None:
        """Store nothing under `name` any more."""
        raise NotImplementedError

    def names(self, prefix: str) -> "list[str]":
        """Under which names that begin so something is stored, in any order."""
        raise NotImplementedError

    def calendar(self) -> int:
        """Seconds since 1970, UTC; 0 where the time isn't known."""
        raise NotImplementedError

    def set_calendar(self, seconds: int) -> None:
        """Set the calendar to so many seconds since 1970, UTC; a loss of power forgets it."""
        raise NotImplementedError

    def random(self, count: int) -> bytes:
        """So many bytes that nobody can guess; a multiple of 4."""
        raise NotImplementedError

    def sha256(self, data: bytes) -> bytes:
        """The hash: 32 bytes."""
        raise NotImplementedError

    def aes(self, key: bytes) -> "Aes":
        """The cipher with this key of 16 bytes; making one is what takes time, so keep it."""
        raise NotImplementedError

    def store(self, name: str, data: bytes) -> bool:
        """Replace the bytes stored under `name`; whether that could be done.

        Where it couldn't, `name` is refused until it can, and the core goes on.
        """
        try:
            self.write(name, data)
        except OSError as error:
            # A full disk mustn't keep anybody from opening the door. Nothing is corrupt, so there
            # is nothing to keep aside.
            Board.refuse(self, name, NOT_STORED + str(error.errno))
            return False
        for refused, why in self.refused:
            if refused == name and why.startswith(NOT_STORED):
                self.accept(name)
        return True

    def refuse(self, name: str, why: str) -> None:
        """Name what is stored under `name` as corrupt; it is kept where something replaces it."""
        if (name, why) not in self.refused:
            self.accept(name)
            self.refused += ((name, why),)

    def accept(self, name: str) -> None:
        """Name it no more."""
        self.refused = tuple([pair for pair in self.refused if pair[0] != name])

    def send(self, line: bytes, wire: int = 0) -> None:
        """Queue one line, without its line end, on a wire; on one where nobody is, it is lost."""
        raise NotImplementedError

    def wires(self) -> int:
        """How many connections the radio takes at once: wires 1 and up. 0: there is no radio, and
        what follows isn't asked for."""
        return 0

    def drop(self, wire: int) -> None:
        """End a connection of the radio; EV_LEFT follows, by itself and later."""
        raise NotImplementedError

    def advertise(self, interval_ms: int, advert: bytes, answer: bytes) -> None:
        """Tell this in the air from now on, as often as that, while a connection is free.

        `advert` and `answer` (to who scans actively) are at most 31 bytes each: see `adverts`.
        """
        raise NotImplementedError

    def gauge(self, percent: int, status: bytearray) -> None:
        """What the battery service shows from now on: 2A19's percent, and the bytes of 2BED.

        `status` may be another the next time: what is kept of it is copied.
        """
        raise NotImplementedError
