"""The target `serial:PORT`: a unit on a line, with nobody's hands or eyes around it.

PORT is a device, a lasting name of one (`usb:VID:PID:SERIAL`, `id:SERIAL`) or any pyserial URL
(`socket://host:port`, `rfc2217://host:port`); `virtual:NAME` is the same on the link of a virtual
board that runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lockhil.client import Transport
from lockhil.lab.ports import PortGoneError, find
from lockhil.session.credentialfile import Carried
from lockhil.targets.base import Target
from lockhil.targets.realclock import ContactLostError, SerialTransport
from lockhil.targets.remote import refuse, unit_on, wall_clock

TOLERANCE_MS = 100


def port_of(name: str) -> str:
    """The port behind a target's name. ContactLostError: no virtual board of that name runs."""
    kind, _, rest = name.partition(":")
    if kind == "serial":
        return rest
    try:
        return find(name)
    except PortGoneError as error:
        raise ContactLostError(str(error)) from None


@contextmanager
def wire(name: str) -> Iterator[Transport]:
    """The line behind a target's name. ContactLostError."""
    transport = SerialTransport(port_of(name), wall_clock())
    try:
        yield transport
    finally:
        transport.close()


@contextmanager
def open_target(name: str, wallet: Carried | None = None, **options: Any) -> Iterator[Target]:
    """See `unit_on`."""
    refuse(options)
    with wire(name) as transport:
        yield unit_on(transport, name, "serial", TOLERANCE_MS, wallet=wallet, options=options)
