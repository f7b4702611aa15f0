"""The target `ble:ADDRESS`: a unit in the air, reached by this machine's Bluetooth adapter.

What stands behind the link's bytes is the same as on a cable; see `remote`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lockhil.bluetooth.transport import BleTransport
from lockhil.client import Transport
from lockhil.radio.runner import ThreadRunner
from lockhil.session.credentialfile import Carried
from lockhil.targets.base import Target
from lockhil.targets.remote import unit_on

# Two meetings of a connection whose ends meet every 50 ms at least, and what is said again.
TOLERANCE_MS = 250


@contextmanager
def wire(name: str) -> Iterator[Transport]:
    """The connection to the unit at a target's address. ContactLostError."""
    runner = ThreadRunner()
    try:
        transport = BleTransport(name.partition(":")[2], runner)
        try:
            yield transport
        finally:
            transport.close()
    finally:
        runner.close()


@contextmanager
def open_target(name: str, wallet: Carried | None = None, **options: Any) -> Iterator[Target]:
    """See `unit_on`."""
    with wire(name) as transport:
        yield unit_on(transport, name, "ble", TOLERANCE_MS, wallet=wallet, options=options)
