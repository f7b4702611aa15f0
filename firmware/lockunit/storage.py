"""How small things are stored so that their reader can tell whether they are whole.

Whether and where they are stored is the board's; the journal's records have a form of their own.
"""

import binascii
import struct


def checked(data: bytes) -> bytes:
    """`data` with its checksum behind it."""
    return data + struct.pack("<I", binascii.crc32(data))


def unchecked(stored: bytes) -> "bytes | None":
    """What `checked` was given; None if it isn't whole."""
    data = stored[:-4]
    return data if len(stored) > 4 and checked(data) == stored else None
