"""The target `ble:ADDRESS`: a unit in the air, reached by this machine's Bluetooth adapter.

Where LOCKRIG_RADIO names another controller, it is that.
What stands behind the link's bytes is the same as on a cable; see `remote`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lockhil.bluetooth.radios import VARIABLE, NoRadioError, station
from lockhil.bluetooth.transport import BleTransport
from lockhil.client import Transport
from lockhil.session.credentialfile import Carried
from lockhil.targets.base import Target
from lockhil.targets.realclock import ContactLostError
from lockhil.targets.remote import refuse, unit_on

# Two meetings of a connection whose ends meet every 50 ms at least, and what is said again.
TOLERANCE_MS = 250


@contextmanager
def wire(name: str) -> Iterator[Transport]:
    """The connection to the unit at a target's address. ContactLostError."""
    spec = os.environ.get(VARIABLE, "")
    try:
        with station(spec) as here:
            transport = BleTransport(name.partition(":")[2], here.runner, here.client)
            try:
                yield transport
            finally:
                transport.close()
    except NoRadioError as error:
        raise ContactLostError(f"{VARIABLE}={spec}: {error}") from None


@contextmanager
def open_target(name: str, wallet: Carried | None = None, **options: Any) -> Iterator[Target]:
    """See `unit_on`."""
    refuse(options)
    with wire(name) as transport:
        yield unit_on(transport, name, "ble", TOLERANCE_MS, wallet=wallet, options=options)
