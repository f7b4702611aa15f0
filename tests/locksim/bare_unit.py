"""A unit that does nothing by itself: its board can be driven by hand, and it notes its events."""

from typing import Any

from locksim.packs.make import PackSpec
from locksim.world import World
from lockunit.board import Board
from lockunit.settings import Settings


class BareUnit:
    """Firmware without a mind."""

    cause = "timer"

    def __init__(self, board: Board, settings: Settings, now: int) -> None:
        self.board = board
        self.booted_at = now
        self.events: list[tuple[int, int, object]] = []

    def event(self, now: int, kind: int, arg: object, wire: int = 0) -> None:
        self.events.append((now, kind, arg))

    def step(self, now: int) -> int:
        return -1


class BareWorld(World):
    """A world around such a unit; `units` are those that booted so far."""

    def __init__(self, pack: PackSpec = "good", **options: Any) -> None:
        self.units: list[BareUnit] = []

        def boot(board: Board, settings: Settings, now: int) -> BareUnit:
            self.units.append(BareUnit(board, settings, now))
            return self.units[-1]

        super().__init__(pack=pack, boot=boot, **options)

    @property
    def board(self) -> Board:
        return self.units[-1].board

    def seen(self, ch: str) -> list[tuple[int, object]]:
        """What the instrument wrote down of one channel."""
        return [(event.t_ms, event.v) for event in self.recorder.events if event.ch == ch]
