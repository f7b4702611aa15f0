"""What was done to a flash, operation by operation, and the flash that a cut in it leaves.

Nothing of a board outlives a loss of power but its flash, so a cut in what was recorded leaves what
a cut in the very thing would have left.
"""

from dataclasses import dataclass

from lockhil.powercut.flash import Cut, Manner, leave
from lockhil.virtual.protocol import Message, Op

_DONE = Cut(Manner.AFTER)


@dataclass(frozen=True, slots=True)
class Recording:
    """`said`: the unit's lines; `lines`: how many of them there were before each operation."""

    before: bytes
    operations: tuple[Message, ...]
    said: tuple[bytes, ...]
    lines: tuple[int, ...]

    @property
    def erases(self) -> int:
        """How many of the operations are erases."""
        return sum(message.op == Op.ERASE for message in self.operations)

    def left_by(self, cut: Cut) -> bytes:
        """The flash after this cut; END: after all of it."""
        content = bytearray(self.before)
        whole = len(self.operations) if cut.manner == Manner.END else cut.at - 1
        for message in self.operations[:whole]:
            leave(content, message, _DONE)
        for message in self.operations[whole : whole + 1]:
            leave(content, message, cut)
        return bytes(content)

    def told_before(self, cut: Cut) -> list[bytes]:
        """The lines that the unit had sent by then."""
        if cut.manner == Manner.END:
            return list(self.said)
        return list(self.said[: self.lines[cut.at - 1]])
