"""Those who come to a lock: each asks it to open, again if need be, and locks by hand behind them.

They count what came of it; whom that tells what is `life`'s.
"""

from collections.abc import Callable
from dataclasses import dataclass

from locksim.scenarios.agenda import Agenda
from locksim.scenarios.ear import FOUND_OPEN, NO_ANSWER, Ear
from locksim.scenarios.load import Scenario
from locksim.world import World

# Who isn't let in waits so long before asking again.
_AGAIN_MS = 20_000
# A door that is still open then is locked by hand.
_BY_HAND_MS = 180_000
# What keeps a door shut though the pack could open it.
_NOT_THE_PACK = ("BUSY", "MOTOR_BLOCKED", "TIMEOUT", "NOT_AUTHORISED")


@dataclass
class Counts:
    """Of one day."""

    visits: int = 0
    opened: int = 0
    found_open: int = 0
    refused: int = 0
    by_hand: int = 0


class Visitors:
    """`on_refused` is told why, and whether it was the last try and the pack's fault."""

    def __init__(self, scenario: Scenario, world: World, ear: Ear, agenda: Agenda) -> None:
        self._scenario = scenario
        self._world = world
        self._ear = ear
        self._agenda = agenda
        self._opens = "bolt.unlock" if scenario.lock == "door" else "bolt.release"
        self.counts = Counts()
        self.on_refused: Callable[[str, bool], None] = lambda *_: None

    def visit(self) -> None:
        """Somebody comes."""
        self.counts.visits += 1
        tries = self._scenario.visits.tries
        for attempt in range(1, tries + 1):
            result = self._ear.ask(self._opens)
            if result in ("done", FOUND_OPEN):
                self._comes_in(result)
                return
            self.counts.refused += 1
            self.on_refused(self._why(result), attempt == tries and result not in _NOT_THE_PACK)
            if attempt < tries:
                self._world.run(_AGAIN_MS)

    def _comes_in(self, result: str) -> None:
        self.counts.opened += result == "done"
        self.counts.found_open += result == FOUND_OPEN
        if self._scenario.visits.by_hand and self._scenario.lock == "door":
            self._agenda.add(self._world.now + _BY_HAND_MS, self._lock_by_hand)

    def _lock_by_hand(self) -> None:
        if self._world.plant.bolt.place(self._world.now) != "LOCKED":
            self.counts.by_hand += 1
            self._world.thumb_turn("locked")

    def _why(self, result: str) -> str:
        if result != NO_ANSWER:
            return result
        # It was asked last: a reset after that is its answer.
        for event in reversed(self._world.recorder.events):
            if event.ch == "rx":
                break
            if event.ch == "reset":
                return f"{NO_ANSWER}, {event.v} in the run"
        return f"{NO_ANSWER}, the unit is down" if self._world.loop.stopped else NO_ANSWER
