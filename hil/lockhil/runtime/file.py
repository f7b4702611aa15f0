"""Reads a file with MicroPython, whichever chip it is for.

What then happens with it is `esptool`'s or `bootsel`'s.
"""

from lockhil.runtime import esp, uf2
from lockhil.runtime.image import EspImage, NotAnImageError, Uf2Image


def read(data: bytes) -> EspImage | Uf2Image:
    """NotAnImageError."""
    if data[:1] == bytes((esp.MAGIC,)):
        return esp.read(data)
    if data[:4] == uf2.MAGIC:
        return uf2.read(data)
    raise NotAnImageError(
        "expected MicroPython's .bin for the ESP32 family, or its .uf2 for RP2040 and RP2350"
    )
