# ruff: noqa: T201 - figures go to the host as lines
# Runs under MicroPython: wear_year.py FIRMWARE DAYS A_DAY ACK_EVERY. A journal on the real
# LittleFS, on a flash in memory that counts what is erased and written.

import hashlib
import json
import os
import struct
import sys

import vfs

FIRMWARE = sys.argv[1]
DAYS, A_DAY, ACK_EVERY = [int(word) for word in sys.argv[2:]]
sys.path[:] = [FIRMWARE]

from lockboards.files import Files  # noqa: E402
from lockunit import records  # noqa: E402
from lockunit.board import Board  # noqa: E402
from lockunit.journal import Journal  # noqa: E402
from lockunit.storage import Storage  # noqa: E402

BLOCK = 4096
# As a Pico W's: 848 KB, of which the firmware's own files take some.
BLOCKS = 212
OTHERS = 80 * 1024


class Flash:
    def __init__(self):
        self.data = bytearray(BLOCK * BLOCKS)
        self.erased = [0] * BLOCKS
        self.written = 0

    def readblocks(self, block, buf, offset=0):
        at = block * BLOCK + offset
        buf[:] = self.data[at : at + len(buf)]

    def writeblocks(self, block, buf, offset=None):
        at = block * BLOCK + (offset or 0)
        self.data[at : at + len(buf)] = buf
        self.written += len(buf)

    def ioctl(self, op, arg):
        if op == 4:
            return BLOCKS
        if op == 5:
            return BLOCK
        if op == 6:
            self.erased[arg] += 1
        return 0


class FilesBoard(Board):
    def __init__(self, files):
        self.fetch, self.store, self.append = files.fetch, files.store, files.append
        self.read, self.remove, self.names = files.read, files.remove, files.names
        self.random = os.urandom

    def calendar(self):
        return 1_800_000_000

    def sha256(self, data):
        return hashlib.sha256(data).digest()


flash = Flash()
vfs.VfsLfs2.mkfs(flash)
vfs.mount(vfs.VfsLfs2(flash), "/f")
with open("/f/others", "wb") as others:
    for _ in range(OTHERS // BLOCK):
        others.write(bytes(BLOCK))
board = FilesBoard(Files("/f/data"))
journal = Journal(board, Storage(board))
journal.boot(0)
before, written = sum(flash.erased), flash.written
most = 0
body = struct.pack(records.BODIES[records.BOLT], *([0] * 12))
appended = 0
for day in range(DAYS):
    for _ in range(A_DAY):
        journal.add(0, records.BOLT, body)
        appended += 1
    if ACK_EVERY and day % ACK_EVERY == ACK_EVERY - 1:
        assert journal.acknowledge(0, journal.next - 1) == "done"
assert journal.refused == 0
print(
    json.dumps(
        {
            "records": appended,
            "erases": sum(flash.erased) - before,
            "most": max(flash.erased),
            "used": sum(1 for count in flash.erased if count),
            "written": flash.written - written,
            "held": len(board.names("j")),
        }
    )
)
