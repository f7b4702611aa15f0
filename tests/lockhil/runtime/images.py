"""Files as MicroPython's builds are laid out, with nothing that runs in them."""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

BANNER = b"3.4.0; MicroPython v1.29.0 on 2026-06-01\0"
RP2040, RP2350, ABSOLUTE = 0xE48BFF56, 0xE48BFF59, 0xE48BFF57


def esp_image(
    chip: int, segments: Sequence[bytes], *, flash: int = 2, hashed: bool = True
) -> bytes:
    """One image; `flash`: its size as Espressif numbers them, 2 is 4 MB."""
    out = struct.pack("<BBBBI", 0xE9, len(segments), 2, flash << 4, 0x40080000)
    out += struct.pack("<BBBBHBHH4xB", 0xEE, 0, 0, 0, chip, 0, 0, 0xFFFF, hashed)
    check = 0xEF
    for number, data in enumerate(segments):
        padded = data + bytes(-len(data) % 4)
        out += struct.pack("<II", 0x3FFF0000 + 0x10000 * number, len(padded)) + padded
        for byte in padded:
            check ^= byte
    out += bytes(15 - len(out) % 16) + bytes((check,))
    return out + hashlib.sha256(out).digest() if hashed else out


def table(rows: Sequence[tuple[int, int, int, int, bytes]]) -> bytes:
    """A partition table: kind, subtype, offset, size and label of each."""
    out = b"".join(struct.pack("<2sBBII16sI", b"\xaa\x50", *row, 0) for row in rows)
    out += b"\xeb\xeb" + b"\xff" * 14 + hashlib.md5(out).digest()
    return out.ljust(0xC00, b"\xff")


ROWS = (
    (1, 2, 0x9000, 0x6000, b"nvs"),
    (0, 0, 0x10000, 0x1F0000, b"factory"),
    (1, 0x81, 0x200000, 0x200000, b"vfs"),
)


@dataclass(frozen=True)
class Esp:
    """The parts of a file for the ESP32 family; `base` is where it goes in the flash."""

    chip: int = 9
    base: int = 0
    boot: bytes | None = None
    rows: bytes = table(ROWS)
    banner: bytes = BANNER
    application: bytes | None = None

    def file(self) -> bytes:
        """All of it in one."""
        boot = esp_image(self.chip, [b"boot" * 50]) if self.boot is None else self.boot
        application = self.application
        if application is None:
            application = esp_image(self.chip, [b"rodata" + self.banner, b"", b"\x36\x41" * 999])
        front = boot.ljust(0x8000 - self.base, b"\xff") + self.rows
        return front.ljust(0x10000 - self.base, b"\xff") + application


def uf2_block(
    family: int, address: int, number: int, count: int, data: bytes, *, flags: int = 0x2000
) -> bytes:
    """One block of 512 bytes."""
    head = (0x0A324655, 0x9E5D5157, flags, address, len(data), number, count, family)
    return struct.pack("<IIIIIIII476sI", *head, data, 0x0AB16F30)


def uf2(family: int = RP2040, content: bytes | None = None) -> bytes:
    """A whole file."""
    inside = b"\0" * 500 + BANNER + b"\x42" * 3_000 if content is None else content
    pieces = [inside[at : at + 256].ljust(256, b"\0") for at in range(0, len(inside), 256)]
    return b"".join(
        uf2_block(family, 0x10000000 + 256 * number, number, len(pieces), piece)
        for number, piece in enumerate(pieces)
    )


def waking() -> bytes:
    """What stands before an RP2350's."""
    return uf2_block(ABSOLUTE, 0x10FFFF00, 0, 2, b"\xef" * 256, flags=0xA000)
