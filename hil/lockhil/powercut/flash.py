"""A flash that loses its power: it counts what LittleFS does to it, and breaks off where told to.

It knows bytes and blocks; what they mean to the unit it doesn't.
"""

import random
import struct
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lockhil.virtual.protocol import Message, Op

BLOCK = 4096
_ADDRESS = struct.Struct("<I")


class PowerGoneError(Exception):
    """The power went, here."""


class Manner(StrEnum):
    """What is left of an operation in which power went, or why it went in none."""

    BEFORE = "before"
    """Nothing of it was done."""
    TORN = "torn"
    """Its first half was done, the rest is as it was."""
    SCRAMBLED = "scrambled"
    """Its first half was done, the rest is neither old nor new."""
    AFTER = "after"
    """All of it was done, and nothing after it."""
    INSTANT = "instant"
    """It went at an instant, whatever the flash did."""
    END = "end"
    """It went when the history was over."""


TORN_MANNERS = (Manner.BEFORE, Manner.TORN, Manner.SCRAMBLED, Manner.AFTER)


@dataclass(frozen=True, slots=True)
class Cut:
    """One loss of power: at the `at`-th operation since power came, or after `at` ms."""

    manner: Manner
    at: int = 0

    def __str__(self) -> str:
        if self.manner == Manner.END:
            return "at the end"
        if self.manner == Manner.INSTANT:
            return f"after {self.at} ms"
        return f"operation {self.at} {self.manner}"


class Flash:
    """The file `disk` as a flash; give `operation` to who runs the board."""

    def __init__(self, disk: Path) -> None:
        self._disk = disk
        self._cut: Cut | None = None
        self.operations = 0
        self.erases = 0

    def arm(self, cut: Cut | None) -> None:
        """Count from here, and let power go at `cut`."""
        self._cut = cut
        self.operations = self.erases = 0

    def operation(self, message: Message) -> None:
        """Take note of one that is about to be done. PowerGoneError: it is not, or not wholly."""
        self.operations += 1
        self.erases += message.op == Op.ERASE
        cut = self._cut
        if cut is not None and cut.manner in TORN_MANNERS and cut.at == self.operations:
            self._cut = None
            # The board waits for an answer that never comes, so nobody else writes now.
            self._leave(message, cut)
            raise PowerGoneError(str(cut))

    def _leave(self, message: Message, cut: Cut) -> None:
        with self._disk.open("r+b") as file:
            content = bytearray(file.read())
            leave(content, message, cut)
            file.seek(0)
            file.write(content)


def leave(content: bytearray, message: Message, cut: Cut) -> None:
    """Do to a flash of this content what is left of an operation."""
    (address,) = _ADDRESS.unpack_from(message.data)
    data = message.data[_ADDRESS.size :]
    size = BLOCK if message.op == Op.ERASE else len(data)
    held = bytes(content[address : address + size])
    if message.op == Op.ERASE:
        done = b"\xff" * BLOCK
    else:
        # Flash clears bits and sets none.
        done = bytes(old & new for old, new in zip(held, data, strict=True))
    content[address : address + size] = remains(cut, held, done)


def remains(cut: Cut, held: bytes, done: bytes) -> bytes:
    """What a cut leaves where `held` was and `done` was to be."""
    half = len(done) // 2
    if cut.manner == Manner.BEFORE:
        return held
    if cut.manner == Manner.TORN:
        return done[:half] + held[half:]
    if cut.manner == Manner.SCRAMBLED:
        # The same with each run, so that what was found can be looked at again.
        return done[:half] + random.Random(cut.at).randbytes(len(done) - half)  # noqa: S311
    return done
