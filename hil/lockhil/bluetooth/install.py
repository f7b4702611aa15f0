"""bleak's backends on an `Adapter`, for one client or for all of this process.

bleak has no place to enter another backend but `backend=`; so whoever says nothing of it, as users'
own scripts, gets it by what bleak asks for the operating system's.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import bleak
from bleak.backends.client import BaseBleakClient

from lockhil.bluetooth.adapter import Adapter
from lockhil.bluetooth.backend import BumbleClient
from lockhil.bluetooth.scanner import scanner_on


def client_on(adapter: Adapter) -> type[BaseBleakClient]:
    """For `BleakClient(..., backend=client_on(adapter))`."""
    return type("BumbleClient", (BumbleClient,), {"adapter": adapter})


@contextmanager
def installed(adapter: Adapter) -> Iterator[None]:
    """Meanwhile `BleakClient(address)` and `BleakScanner()` in this process use the adapter."""
    names = ("get_platform_client_backend_type", "get_platform_scanner_backend_type")
    before = [getattr(bleak, name) for name in names]
    for name, backend in zip(names, (client_on(adapter), scanner_on(adapter)), strict=True):
        setattr(bleak, name, lambda backend=backend: (backend, backend.__name__))
    try:
        yield
    finally:
        for name, was in zip(names, before, strict=True):
            setattr(bleak, name, was)
