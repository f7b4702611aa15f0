"""The target `ble:virtual`: a virtual board as `virtual` has it, and its link through the air.

The client is bleak's, the air bumble's, and all live on the world's clock. What takes time there
takes it here: the link tells things later than they are, and a command comes later than it went.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from lockhil.targets.airbench import AirBench, Radio
from lockhil.targets.base import Target
from lockhil.targets.inair import board_in, made_air
from lockhil.targets.inworld import target_in
from lockhil.targets.options import Options
from lockhil.targets.realclock import ContactLostError

UNIT = "24:0A:C4:00:00:01"
# A line of 200 bytes takes two meetings of the connection's ends and its answer two; and some more.
TOLERANCE_MS = 150


@contextmanager
def open_target(name: str, **options: Any) -> Iterator[Target]:
    """A world of its own around a board that was just switched on; see `Options`."""
    begin = Options(**options)
    with made_air(begin.seed) as (air, env), board_in(air, env, UNIT, begin, name) as board:
        radio = Radio(air, board)
        transport = radio.phone().transport()
        try:
            yield target_in(
                begin,
                board.world,
                name,
                "ble:virtual",
                AirBench(board, radio),
                transport=transport,
                tolerance_ms=TOLERANCE_MS,
            )
        finally:
            with suppress(ContactLostError):
                transport.close()
