"""MicroPython for a Raspberry Pi chip, as a UF2 file: blocks of 512 bytes, each with its place.

The format is Microsoft's; the families are those of Raspberry Pi's boot ROMs.
"""

import struct
from typing import Final

from lockhil.runtime.image import NotAnImageError, Uf2Image, micropython

MAGIC: Final = b"UF2\n"
_BLOCK: Final = 512
# Two magic numbers, flags, address, length, number, of how many, family, data, a magic number.
_LAYOUT: Final = struct.Struct("<4sIIIIIII476sI")
_SECOND, _LAST = 0x9E5D5157, 0x0AB16F30
_NOT_FLASH, _HAS_FAMILY = 0x1, 0x2000
_PAYLOAD: Final = 256
_FLASH, _MOST = 0x10000000, 16 << 20
# Family -> chip. RISC-V builds aren't MicroPython's usual ones, but are for the same board.
FAMILIES: Final = {0xE48BFF56: "RP2040", 0xE48BFF59: "RP2350", 0xE48BFF5A: "RP2350"}
# The tools for the RP2350 put a block in front that its boot ROM has to be woken by (its erratum
# E10): of the family of absolute addresses, at the end of what the flash may be.
_WAKING: Final = (0xE48BFF57, 0x10FFFF00)


def read(data: bytes) -> Uf2Image:
    """The whole file. NotAnImageError."""
    if len(data) % _BLOCK:
        raise NotAnImageError(
            f"it is cut short: expected blocks of {_BLOCK} bytes, got {len(data)} bytes"
        )
    blocks = [_block(data[at : at + _BLOCK], at // _BLOCK) for at in range(0, len(data), _BLOCK)]
    if blocks and (blocks[0][0], blocks[0][1]) == _WAKING:
        del blocks[0]
    if not blocks:
        raise NotAnImageError("expected blocks in it, there are none")
    family, _, _, count, _ = blocks[0]
    if family not in FAMILIES:
        known = " or ".join(sorted(set(FAMILIES.values())))
        raise NotAnImageError(f"expected a file for {known}, its family is {family:08x}")
    if any((block[0], block[3]) != (family, count) for block in blocks):
        raise NotAnImageError("expected one program in it, its blocks are of several")
    if [block[2] for block in blocks] != list(range(count)):
        raise NotAnImageError(
            f"expected its {count} blocks in their order, each once, got {len(blocks)}: "
            "it is cut short, or damaged"
        )
    addresses = [block[1] for block in blocks]
    if len(set(addresses)) != len(addresses):
        raise NotAnImageError("two of its blocks go to one place: it is damaged")
    version = micropython(b"".join(block[4] for block in sorted(blocks, key=lambda b: b[1])))
    return Uf2Image(FAMILIES[family], version)


def _block(data: bytes, number: int) -> tuple[int, int, int, int, bytes]:
    """Family, address, number, of how many, and the data of one."""
    first, second, flags, address, length, at, count, family, content, last = _LAYOUT.unpack(data)
    if (first, second, last) != (MAGIC, _SECOND, _LAST):
        raise NotAnImageError(f"block {number} isn't one of UF2: it is damaged")
    if flags & _NOT_FLASH or not flags & _HAS_FAMILY or length != _PAYLOAD:
        raise NotAnImageError(f"block {number} isn't for a chip's flash")
    if not _FLASH <= address <= _FLASH + _MOST - _PAYLOAD or address % _PAYLOAD:
        raise NotAnImageError(f"block {number} goes to {address:#x}, where no flash is")
    return family, address, at, count, content[:_PAYLOAD]
