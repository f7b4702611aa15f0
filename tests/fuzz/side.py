"""One side of a comparison: worlds that are told the same bytes and must show the same.

It sends, collects what was told at once and what came later, and what was driven meanwhile.
"""

import json
from collections.abc import Sequence
from typing import Any

from lockjudge.trace import Event
from locksim.world import World

DRIVEN = ("motor", "load", "led.green", "led.red")


class Side:
    """These worlds; a unit's link has one wire, so whoever speaks here speaks to each of them."""

    def __init__(self, worlds: Sequence[World]) -> None:
        self.worlds = worlds
        # What was driven, and how many lines were told, since somebody last took them.
        self.driven: list[Event] = []
        self.told = 0
        # Whether anything may come late: what is under way is told when it ends.
        self.expecting = False
        # What came late after the last thing said.
        self.later: list[str] = []
        self.same()
        self.driven.clear()

    @property
    def now_ms(self) -> int:
        return self.worlds[0].now

    def say(self, data: bytes, pause_ms: int = 0) -> list[str]:
        """Send it, then let time pass; the lines told at once, AssertionError: something came late.

        Late may come the refusal of a false proof, and what a holder of a session is told unasked.
        """
        events = self.worlds[0].recorder.events
        first = len(events)
        for world in self.worlds:
            world.receive(data)
            world.run()
        at_once = [event.v for event in events[first:] if event.ch == "tx"]
        self.later = self.wait(pause_ms)
        return at_once

    def wait(self, ms: int) -> list[str]:
        """Let time pass; what was told meanwhile."""
        if not ms:
            return []
        events = self.worlds[0].recorder.events
        first = len(events)
        for world in self.worlds:
            world.run(ms)
        came = [event.v for event in events[first:] if event.ch == "tx"]
        assert self.expecting or all(sealed(line) or refusal(line) for line in came), (
            f"late: {came}"
        )
        return came

    def same(self) -> None:
        """Each showed the same since the last time; then it is forgotten here."""
        first, *others = (world.recorder.events for world in self.worlds)
        for other in others:
            for one, another in zip(first, other, strict=True):
                assert one == another, f"the board shows {one}, the core {another}"
        self.driven += [event for event in first if event.ch in DRIVEN]
        self.told += sum(event.ch == "tx" for event in first)
        assert not any(event.ch == "reset" for event in first), "the unit started anew"
        for world in self.worlds:
            world.recorder.events.clear()
            world.wakes.clear()

    def take_driven(self) -> list[Event]:
        """What was driven since the last time."""
        self.same()
        taken, self.driven = self.driven, []
        return taken


def parsed(line: str) -> dict[str, Any]:
    """A line that a unit tells: an object, always."""
    told = json.loads(line)
    assert isinstance(told, dict), line
    return told


def sealed(line: str) -> bool:
    return line.startswith('{"s":')


def refusal(line: str) -> bool:
    """Whether it refuses a false proof: that is told late."""
    return '"result":{"result":"NOT_PROVED"' in line
