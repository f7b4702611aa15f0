"""What is plugged in, and which virtual boards run: told without opening any port.

Opening resets some boards; who a board really is, only a visit tells.
"""

from dataclasses import dataclass

from serial.tools import list_ports

from lockhil.virtual.running import running

# USB ids -> what such a port usually is: an adapter's say nothing of the board behind it.
_GUESSES = {
    (0x2E8A, 0x0005): "Raspberry Pi Pico with MicroPython",
    (0x2E8A, 0x000C): "Raspberry Pi debug probe",
    (0x303A, 0x1001): "ESP32-C3 or -S3, its own USB",
    (0x303A, 0x4001): "ESP32-S2 or -S3 with MicroPython",
    (0x10C4, 0xEA60): "CP210x adapter, on many ESP32 boards",
    (0x1A86, 0x7523): "CH340 adapter, on many ESP32 boards",
    (0x1A86, 0x55D4): "CH9102 adapter, on many ESP32 boards",
    (0x0403, 0x6001): "FTDI adapter",
    (0x0403, 0x6010): "FTDI adapter, on some ESP32 boards",
    (0x0403, 0x6015): "FTDI adapter",
    (0x0D28, 0x0204): "BBC micro:bit, or another board with DAPLink",
    (0xF055, 0x9800): "pyboard",
}
_VENDORS = {0x2E8A: "a board of Raspberry Pi's", 0x303A: "a board of Espressif's"}


@dataclass(frozen=True, slots=True)
class Port:
    """One console: `target` names it for `lockrig flash`; `link` is known of virtual boards."""

    target: str
    console: str
    what: str
    usb: str | None = None
    link: str | None = None


def ports() -> list[Port]:
    """What is plugged in first, then virtual boards; each by its name."""
    found = []
    for port in sorted(list_ports.comports(), key=lambda port: str(port.device)):
        usb = None if port.vid is None else f"{port.vid:04X}:{port.pid:04X}"
        told = None if port.description == "n/a" else port.description
        what = _guess(port.vid, port.pid) or told or "a serial port"
        found.append(Port(f"serial:{port.device}", port.device, what, usb))
    for board in running():
        target = f"virtual:{board.name}"
        found.append(Port(target, board.console, "a virtual board", link=board.link))
    return found


def _guess(vid: int | None, pid: int | None) -> str | None:
    if vid is None or pid is None:
        return None
    return _GUESSES.get((vid, pid)) or _VENDORS.get(vid)
