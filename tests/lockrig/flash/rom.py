"""A chip's boot ROM on a pseudo-terminal, as far as esptool asks who it is; it takes nothing."""

import os
import pty
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_SYNC, _SECURITY = 0x08, 0x14


def _framed(command: int, data: bytes) -> bytes:
    """An answer in a frame of SLIP; four bytes behind it say that all is well."""
    told = struct.pack("<BBHI", 1, command, len(data) + 4, 0) + data + bytes(4)
    return b"\xc0" + told.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0"


def _answer(chip: int, command: int) -> bytes:
    if command == _SYNC:
        return _framed(command, b"") * 8
    if command == _SECURITY:
        return _framed(command, struct.pack("<IB7sII", 0, 0, bytes(7), chip, 0))
    return b""


def _serve(end: int, chip: int) -> None:
    rest = b""
    while True:
        try:
            rest += os.read(end, 4_096)
        except OSError:
            return
        while rest.count(b"\xc0") > 1:
            frame, _, rest = rest.partition(b"\xc0")[2].partition(b"\xc0")
            if len(frame) > 1 and frame[0] == 0:
                os.write(end, _answer(chip, frame[1]))


@contextmanager
def rom(chip: int) -> Iterator[str]:
    """The port at which the chip of this id answers."""
    ours, theirs = pty.openpty()
    serving = threading.Thread(target=_serve, args=(ours, chip))
    serving.start()
    try:
        yield os.ttyname(theirs)
    finally:
        os.close(theirs)
        serving.join()
        os.close(ours)
