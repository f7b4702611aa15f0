"""What radios and their hosts say to each other, as a file that Wireshark opens.

The format is pcapng, an interface a radio, each packet HCI as on a serial line (H4) behind its
direction. The clock is the world's, in milliseconds from its beginning.
"""

import struct
from typing import BinaryIO

_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_BYTE_ORDER = 0x1A2B3C4D
_HCI_H4_WITH_DIRECTION = 201
_END, _NAME, _RESOLUTION = 0, 2, 9
_MILLISECONDS = 3
_SENT, _RECEIVED = 0, 1


class Capture:
    """Written into a file as it happens; whose file it is closes it. OSError."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._interfaces: dict[str, int] = {}
        self._block(_SECTION, struct.pack("<IHHq", _BYTE_ORDER, 1, 0, -1))

    def write(self, now_ms: int, radio: str, packet: bytes, *, sent: bool) -> None:
        """One packet between a radio and its host; `sent`: by the host."""
        if radio not in self._interfaces:
            self._interfaces[radio] = len(self._interfaces)
            options = _option(_NAME, radio.encode()) + _option(_RESOLUTION, bytes([_MILLISECONDS]))
            head = struct.pack("<HHI", _HCI_H4_WITH_DIRECTION, 0, 0)
            self._block(_INTERFACE, head + options + _option(_END, b""))
        # The direction is big-endian, whatever the file is.
        data = struct.pack(">I", _SENT if sent else _RECEIVED) + packet
        length = len(data)
        number, high, low = self._interfaces[radio], now_ms >> 32, now_ms & 0xFFFFFFFF
        head = struct.pack("<IIIII", number, high, low, length, length)
        self._block(_PACKET, head + _padded(data))

    def _block(self, kind: int, body: bytes) -> None:
        length = struct.pack("<I", 12 + len(body))
        self._file.write(struct.pack("<I", kind) + length + body + length)


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + _padded(value)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
