"""A file with MicroPython for a chip: told from anything else before it goes anywhere.

It opens no port and no drive.
"""

import re
from dataclasses import dataclass
from typing import Final

# The largest of MicroPython's own builds have some 4 MB; a UF2 file takes twice that.
LONGEST: Final = 32 << 20
# What the firmware needs; docs/flash.md.
OLDEST: Final = (1, 23)
# As sys.version has it, in each port.
_BANNER: Final = re.compile(
    rb"MicroPython v(\d{1,3})\.(\d{1,3})\.(\d{1,3})([-.+0-9A-Za-z]{0,40}) on "
)


class NotAnImageError(Exception):
    """It isn't MicroPython for a chip that we know, or not whole; the message says what it is."""


@dataclass(frozen=True, slots=True)
class EspImage:
    """For the ESP32 family: `chip` as esptool calls it, `offset` is where it goes in the flash.

    `flash`: bytes of flash that it is made for.
    """

    chip: str
    offset: int
    flash: int
    version: str


@dataclass(frozen=True, slots=True)
class Uf2Image:
    """For a chip of Raspberry Pi's; `chip`: RP2040 or RP2350."""

    chip: str
    version: str


def micropython(content: bytes) -> str:
    """The version of the MicroPython in it. NotAnImageError: there is none, or too old a one."""
    found = _BANNER.search(content)
    if found is None:
        raise NotAnImageError("expected MicroPython in it, found no word of that")
    version = ".".join(part.decode() for part in found.groups()[:3]) + found[4].decode()
    if (int(found[1]), int(found[2])) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise NotAnImageError(f"expected MicroPython {oldest} or newer, this is {version}")
    return version
