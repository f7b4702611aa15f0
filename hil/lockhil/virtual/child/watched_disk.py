# Runs under MicroPython. A flash whose every program and erase is said over the wires first, with
# its bytes: power may go there, and then no answer comes. What it leaves is the host's to write.

import struct

import bus
from disk import BLOCK, FileDisk


class WatchedDisk(FileDisk):
    def writeblocks(self, block, buf, offset=None):
        # Mounting must not write: the wires aren't there yet, and this would end the board.
        start = struct.pack("<I", block * BLOCK + (offset or 0))
        bus.ask(bus.PROGRAM, 0, 4 + len(buf), start + buf)
        # Flash clears bits and sets none: what wasn't erased before is seen as it would be.
        held = bytearray(len(buf))
        self.readblocks(block, held, offset or 0)
        for place in range(len(buf)):
            held[place] &= buf[place]
        super().writeblocks(block, held, offset)

    def ioctl(self, op, arg):
        if op == 6:
            bus.ask(bus.ERASE, 0, 4, struct.pack("<I", arg * BLOCK))
        return super().ioctl(op, arg)
