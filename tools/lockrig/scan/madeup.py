"""A made-up air to try a scan in: virtual boards, each with its own battery, near and far.

They run the firmware; only where they hang, and how full their packs are, is made up.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from lockhil.bluetooth.adapter import Adapter
from lockhil.bluetooth.radios import Station
from lockhil.bluetooth.scanner import scanner_on
from lockhil.targets.inair import board_in, made_air
from lockhil.targets.options import Options

_CENTRAL = "C0:00:00:00:00:01"
# Until they have read their packs under load.
_UP_MS = 90_000
_UNITS = (
    (Options(unit_id="LOCK-0101", sealed=True), -48),
    (Options(unit_id="LOCK-0102", pack="weak", sealed=True), -63),
    (Options(unit_id="LOCK-0103", pack="discharged", sealed=True), -71),
    (Options(unit_id="STREET-01", kind="entrance", sealed=True), -80),
    (Options(unit_id="BENCH-1"), -92),
)


@contextmanager
def air() -> Iterator[Station]:
    """Five units in a stairwell, in virtual time."""
    with ExitStack() as held:
        made, env = held.enter_context(made_air())
        for number, (begin, dbm) in enumerate(_UNITS, start=1):
            address = f"24:0A:C4:00:01:{number:02X}"
            held.enter_context(board_in(made, env, address, begin, "ble:virtual"))
            made.between(_CENTRAL, address, rssi_dbm=dbm)
        made.runner.wait(lambda: False, _UP_MS)
        adapter = Adapter(made.runner.run(made.central(_CENTRAL)))
        yield Station(made.runner, scanner=scanner_on(adapter))
