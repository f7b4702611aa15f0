"""MicroPython for the ESP32 family: bootloader, partition table and application in one file.

The layout is that of Espressif's image format: each image has its segments, a checksum over them,
and a SHA-256 behind that.
"""

import hashlib
import struct
from dataclasses import dataclass
from typing import Final

from lockhil.runtime.image import EspImage, NotAnImageError, micropython

MAGIC: Final = 0xE9
# Chip id in an image -> esptool's name, and where its bootloader lies in the flash. From esptool
# 5.6: IMAGE_CHIP_ID and BOOTLOADER_FLASH_OFFSET of its targets.
CHIPS: Final = {
    0: ("esp32", 0x1000),
    2: ("esp32s2", 0x1000),
    5: ("esp32c3", 0),
    9: ("esp32s3", 0),
    12: ("esp32c2", 0),
    13: ("esp32c6", 0),
    18: ("esp32p4", 0x2000),
    23: ("esp32c5", 0x2000),
}
# Where the partition table lies in the flash, and how long it is at most.
_TABLE, _TABLE_BYTES = 0x8000, 0xC00
_PARTITION: Final = struct.Struct("<2sBBII16sI")
_PARTITION_MAGIC, _END, _MD5 = b"\xaa\x50", b"\xff" * 32, b"\xeb\xeb" + b"\xff" * 14
_APPLICATION: Final = 0
# Magic, segments, mode, size and speed of the flash, entry; chip; last, whether a hash follows.
_HEAD: Final = struct.Struct("<BBBBI4xH9xB")
_SEGMENT: Final = struct.Struct("<II")
_MOST_SEGMENTS: Final = 16
_SEED: Final = 0xEF
_SMALLEST_FLASH: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class _Image:
    """One image: `end` is behind its hash; `flash`: bytes of flash that it is made for."""

    chip: int
    flash: int
    end: int


def read(data: bytes) -> EspImage:
    """The whole file. NotAnImageError."""
    boot = _image(data, 0, "its bootloader")
    if boot.chip not in CHIPS:
        raise NotAnImageError(f"it is for a chip of Espressif's that we don't know: {boot.chip}")
    chip, offset = CHIPS[boot.chip]
    applications = _applications(data, _TABLE - offset)
    # What lies behind the first one, another slot or a file system, may be empty.
    first = min(applications) - offset
    if first < boot.end:
        raise NotAnImageError("expected its application behind its bootloader")
    application = _image(data, first, "its application")
    if application.chip != boot.chip:
        raise NotAnImageError("its bootloader and its application are for different chips")
    version = micropython(data[first : application.end])
    return EspImage(chip, offset, max(boot.flash, application.flash), version)


def _applications(data: bytes, at: int) -> list[int]:
    """Where the partitions for applications lie in the flash."""
    found, begin = [], at
    while at < begin + _TABLE_BYTES:
        row = data[at : at + _PARTITION.size]
        if len(row) < _PARTITION.size:
            raise NotAnImageError(f"it is cut short, after {len(data)} bytes, or has no partitions")
        if row == _END and at > begin:
            break
        if row[:16] == _MD5:
            if hashlib.md5(data[begin:at], usedforsecurity=False).digest() != row[16:]:
                raise NotAnImageError("its partition table isn't what its checksum says")
        else:
            magic, kind, _, offset, _, _, _ = _PARTITION.unpack(row)
            if magic != _PARTITION_MAGIC:
                raise NotAnImageError(
                    "expected bootloader, partition table and application in one file, found no "
                    "table: is it an application alone?"
                )
            if kind == _APPLICATION:
                found.append(offset)
        at += _PARTITION.size
    if not found:
        raise NotAnImageError("expected a partition for an application, there is none")
    return found


def _image(data: bytes, begin: int, what: str) -> _Image:
    """The image that begins there: whole, with the checksum and the hash that it says it has."""
    if len(data) < begin + _HEAD.size:
        raise _short(data, what)
    magic, segments, _, size, _, chip, hashed = _HEAD.unpack_from(data, begin)
    if magic != MAGIC or not 0 < segments <= _MOST_SEGMENTS or hashed > 1:
        raise NotAnImageError(f"expected the image of {what} after {begin} bytes, there is none")
    at, check = begin + _HEAD.size, _SEED
    for _ in range(segments):
        if len(data) < at + _SEGMENT.size:
            raise _short(data, what)
        _, length = _SEGMENT.unpack_from(data, at)
        at += _SEGMENT.size
        if len(data) < at + length:
            raise _short(data, what)
        check ^= _folded(data[at : at + length])
        at += length
    # The checksum is the last byte of sixteen.
    end = begin + ((at - begin) | 15) + 1
    if len(data) < end + 32 * hashed:
        raise _short(data, what)
    if data[end - 1] != check:
        raise NotAnImageError(f"the checksum of {what} doesn't hold: it is damaged")
    if hashed and hashlib.sha256(data[begin:end]).digest() != data[end : end + 32]:
        raise NotAnImageError(f"the hash of {what} doesn't hold: it is damaged")
    return _Image(chip, _SMALLEST_FLASH << (size >> 4), end + 32 * hashed)


def _folded(data: bytes) -> int:
    """All bytes, each combined with the next by exclusive or."""
    whole = int.from_bytes(data, "little")
    bits = max(8, 1 << (8 * len(data) - 1).bit_length()) if data else 8
    while bits > 8:
        bits //= 2
        whole = (whole >> bits) ^ (whole & ((1 << bits) - 1))
    return whole


def _short(data: bytes, what: str) -> NotAnImageError:
    return NotAnImageError(f"it is cut short: {what} goes on after its end, {len(data)} bytes")
