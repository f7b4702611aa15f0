"""What is going to happen in a life, in order: a heap of instants and what to do then.

It knows when, by the scenario and its luck; doing it is the caller's.
"""

import heapq
from collections.abc import Callable, Iterator
from itertools import count

from locksim.scenarios.chance import stream
from locksim.scenarios.events import Event
from locksim.scenarios.load import Scenario

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS

Deed = Callable[[], None]


class Agenda:
    """Deeds by their instant; those of one instant in the order in which they were added."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Deed]] = []
        self._number = count()

    def add(self, at_ms: int, deed: Deed) -> None:
        heapq.heappush(self._heap, (at_ms, next(self._number), deed))

    def until(self, end_ms: int) -> Iterator[tuple[int, Deed]]:
        """Those before `end_ms`, those among them that are added on the way."""
        while self._heap and self._heap[0][0] < end_ms:
            at_ms, _, deed = heapq.heappop(self._heap)
            yield at_ms, deed


def visit_times(scenario: Scenario, seed: int, day: int) -> list[int]:
    """When somebody comes on that day, in ms of the life."""
    visits = scenario.visits
    luck = stream(seed, "visits", day)
    first, last = (hour * HOUR_MS for hour in visits.hours)
    number = luck.randint(*visits.a_day)
    return sorted(day * DAY_MS + luck.randrange(first, last) for _ in range(number))


def ask_times(scenario: Scenario, day: int) -> Iterator[int]:
    """When the poller asks on that day."""
    poller = scenario.poller
    if poller is not None and day >= poller.from_day:
        every = poller.every_s * 1000
        first = -(-day * DAY_MS // every) * every
        yield from range(first, (day + 1) * DAY_MS, every)


class Events:
    """A scenario's events, each due once."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._waiting = list(scenario.event)
        # When each level was first told of this pack.
        self.level_days: dict[str, int] = {}

    def new_pack(self) -> None:
        """What is done to each pack waits for the next one."""
        self.level_days.clear()
        self._waiting += [
            event
            for event in self._scenario.event
            if event.each_pack and event not in self._waiting
        ]

    def due(self, day: int) -> list[Event]:
        """Those of that day."""
        found = [event for event in self._waiting if self._on(event) == day]
        self._waiting = [event for event in self._waiting if event not in found]
        return found

    def _on(self, event: Event) -> int | None:
        if event.on_day is not None:
            return event.on_day
        told = self.level_days.get(event.after_level or "")
        # At the earliest the morning after.
        return None if told is None else told + max(1, event.after_days)
