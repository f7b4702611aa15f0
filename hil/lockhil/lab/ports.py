"""Where a port is just now: a name that lasts becomes a device or URL for pyserial.

Nothing is opened here.
"""

import os
import re
from typing import Any

from serial.tools import list_ports

from lockhil.virtual.running import running

# How long a board that restarts may be gone: USB takes a second or two to come back.
RESTART_S = 10
_USB = re.compile(r"usb:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::(.+))?")


class PortGoneError(OSError):
    """Nothing of that name is plugged in or runs, or more than one is; the message says which."""


def find(port: str, side: str = "link") -> str:
    """What pyserial opens for it; `side`: which port of a virtual board. PortGoneError."""
    kind, _, rest = port.partition(":")
    if kind in ("usb", "id"):
        return _plugged(port)
    if kind != "virtual":
        return port
    for board in running():
        if board.name == rest:
            return board.link if side == "link" else board.console
    raise PortGoneError(f"no virtual board {rest} runs; start it: lockrig virtual {rest}")


def lasting(port: str) -> str:
    """A name by which the port is found again when it has another device.

    A device gets that of its USB serial number, if it has one that nobody else has; whatever else
    keeps its name.
    """
    if not port.startswith("/") or os.path.islink(port):
        return port
    for found in list_ports.comports():
        if found.device == os.path.realpath(port) and found.vid is not None and found.serial_number:
            name = f"usb:{found.vid:04X}:{found.pid:04X}:{found.serial_number}"
            return name if len(_matching(name)) == 1 else port
    return port


def key(port: str, side: str = "link") -> str | None:
    """What two names of the same port have in common; None: it isn't there now.

    A port on the network is known by what its URL says, and by no other name of the same host.
    """
    if port.startswith("ble:"):
        return None
    try:
        found = find(port, side)
    except PortGoneError:
        return None
    scheme, _, rest = found.partition("://")
    if not rest:
        return os.path.realpath(found) if scheme.startswith("/") else found.upper()
    host, _, number = re.split("[/?]", rest.lower(), maxsplit=1)[0].rpartition(":")
    return f"{'127.0.0.1' if host in ('localhost', '[::1]') else host}:{number}"


def _plugged(name: str) -> str:
    found = _matching(name)
    if len(found) == 1:
        return str(found[0].device)
    if found:
        devices = ", ".join(sorted(str(port.device) for port in found))
        raise PortGoneError(
            f"expected one port {name}, these are: {devices}; "
            "name it with its serial number, or by its path in /dev/serial/by-id"
        )
    others = [
        f"usb:{port.vid:04X}:{port.pid:04X}" + (f":{port.serial_number}" * bool(port.serial_number))
        for port in list_ports.comports()
        if port.vid is not None
    ]
    raise PortGoneError(f"expected {name}, plugged in: {', '.join(sorted(others)) or 'nothing'}")


def _matching(name: str) -> list[Any]:
    usb = _USB.fullmatch(name)
    if usb is None:
        serial = name.partition(":")[2]
        return [port for port in list_ports.comports() if port.serial_number == serial]
    wanted = int(usb[1], 16), int(usb[2], 16)
    return [
        port
        for port in list_ports.comports()
        if (port.vid, port.pid) == wanted and usb[3] in (None, port.serial_number)
    ]
