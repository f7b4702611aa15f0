"""The target `virtual:real`: a virtual board on the real clock, reached over its pseudo-terminal.

The world is the same as on virtual clocks; it runs in a thread, and waiting takes real time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from lockhil.targets.base import Target
from lockhil.targets.onboard import BoardBench, parts
from lockhil.targets.options import Options
from lockhil.targets.realclock import RealClock, SerialTransport
from lockhil.virtual.realtime import RealBoard
from locksim.world import World
from lockunit import VERSION

# A busy machine lets a thread wait.
TOLERANCE_MS = 60


class _Shared:
    """A world that a thread runs: each access happens at this very moment, and alone."""

    def __init__(self, board: RealBoard) -> None:
        self.__dict__["_board"] = board

    def __getattr__(self, name: str) -> Any:
        with self._board.acting() as world:
            value = getattr(world, name)
        if not callable(value):
            return value

        def call(*args: Any, **more: Any) -> Any:
            with self._board.acting():
                return value(*args, **more)

        return call

    def __setattr__(self, name: str, value: Any) -> None:
        with self._board.acting() as world:
            setattr(world, name, value)


@contextmanager
def open_target(name: str, **options: Any) -> Iterator[Target]:
    """A world of its own around a board that was just switched on; see `Options`."""
    begin = Options(**options)
    with parts(begin) as made:

        def make_world(**more: Any) -> World:
            return begin.world(made.settings, target=name, clock="real", **more)

        board = RealBoard(made.wiring, made.disk, make_world)
        try:
            world = cast(World, _Shared(board))
            board.wait_until_up()
            transport = SerialTransport(board.link, lambda: world.now, lambda: world.boots)
            bench = BoardBench(world, made.wiring)
            issuer = begin.issuer()
            bench.clock = RealClock(lambda: world.now)
            yield Target(
                name=name,
                kind="virtual:real",
                clock_kind="real",
                tolerance_ms=TOLERANCE_MS,
                bench=bench,
                link=begin.link(transport, issuer),
                issuer=issuer,
                unit_id=begin.unit_id,
                firmware=VERSION,
            )
            transport.close()
        finally:
            board.close()
