# Runs under MicroPython. A file of the PC as the board's flash: a block device for LittleFS.

import bus

BLOCK = 4096
_ERASED = b"\xff" * BLOCK


class FileDisk:
    def __init__(self, path):
        self._file = open(path, "r+b")
        self._blocks = self._file.seek(0, 2) // BLOCK

    # A board's own driver isn't written in Python: ctrl-C ends what uses it, and not the file
    # system in the middle of its work, which would find nothing any more. Nothing here takes
    # memory: the firmware's modules are loaded through it.

    def readblocks(self, block, buf, offset=0):
        while True:
            try:
                self._file.seek(block * BLOCK + offset)
                self._file.readinto(buf)
                return
            except KeyboardInterrupt:
                bus.interrupted = True

    def writeblocks(self, block, buf, offset=None):
        while True:
            try:
                self._file.seek(block * BLOCK + (offset or 0))
                self._file.write(buf)
                return
            except KeyboardInterrupt:
                bus.interrupted = True

    def ioctl(self, op, arg):
        if op == 4:
            return self._blocks
        if op == 5:
            return BLOCK
        if op == 6:
            # As flash has it: all ones, and only then can it be programmed.
            self._file.seek(arg * BLOCK)
            self._file.write(_ERASED)
        return 0
