"""Packages for the tests: a small one, and what a unit would have to do with it."""

from functools import cache
from pathlib import Path

from lockhil.boards.firmware import MARK, Firmware
from lockhil.session.credentials import LockKey
from lockhil.update.package import Package, make

UNIT = "SIM-0001"
KEY = LockKey(bytes(range(32)))


@cache
def small(
    version: str = "0.2.0",
    unit: str = UNIT,
    key: LockKey = KEY,
    *,
    downgrade: bool = False,
    mpy: int = 6,
) -> Package:
    """A firmware of a few modules, of every size that matters to pieces."""
    sizes = {"lockboards/a": 3, "lockboards/b": 456, "lockunit/c": 457, "lockunit/d": 2_000}
    modules = {f"{place}.mpy": b"M\x06".ljust(size, b"x") for place, size in sizes.items()}
    modules[MARK] = bytes((ord("M"), mpy)) + version.encode()
    firmware = Firmware(version, 6, modules, {}, boards())
    return make(firmware, "virtual", unit, key, downgrade=downgrade)


def boards() -> Path:
    """Where the boards' data lie."""
    return Path(__file__).parents[3] / "firmware" / "lockboards" / "boards"
