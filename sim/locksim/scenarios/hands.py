"""What people and the world do to a lock in a scenario: each event, done in a world.

It does it and lets the time for it pass; when is `agenda`'s, what comes of it `life`'s.
"""

from collections.abc import Callable
from typing import Protocol

from locksim.packs.live import LivePack
from locksim.plant import ADVERTS_UA
from locksim.scenarios.agenda import DAY_MS, HOUR_MS, Agenda
from locksim.scenarios.begin import another_pack
from locksim.scenarios.ear import Ear
from locksim.scenarios.events import Event
from locksim.scenarios.ledger import Ledger
from locksim.scenarios.load import Scenario
from locksim.world import World

# A pack out, the next one in.
_CHANGE_MS = 60_000
# In the middle of a run, past its inrush.
_IN_RUN_MS = 200
_NOBODY = "nobody"
_DONE = "done"
# What proves a lock after a change; one more, for a bolt that isn't where it was thought to be.
_RUNS = 6
# To look whether the bolt is where it should be; to put the tools away.
_BETWEEN_MS = 4_000
_REST_MS = 60_000
# A release, its hold and its end.
_HELD_MS = 10_000
# A push-button diagnostic, and a little more.
_WATCHED_MS = 31_000


class Hands(Protocol):
    """What a bench may refuse: one that is wired for certain packs only."""

    def set_pack(self, pack: LivePack) -> None: ...


class Doer:
    """Does the events of one life. `on_pack` is told the new pack, whether it is a used one, and
    what came of registering it; `on_press` when somebody is to press the button."""

    def __init__(self, scenario: Scenario, seed: int, world: World, hands: Hands) -> None:
        self._scenario = scenario
        self._seed = seed
        self._world = world
        self._hands = hands
        self.ear = Ear(world)
        self.agenda = Agenda()
        self.ledger = Ledger()
        self.resting_until = 0
        self.packs = 1
        self._radio_ua = 0.0
        self._polls_ua = 0.0
        self.on_pack: Callable[[LivePack, bool, str], None] = lambda *_: None
        self.on_press: Callable[[], None] = lambda: None

    def plan(self, event: Event, day: int) -> None:
        """Put `event` into the agenda."""
        at_ms = day * DAY_MS + round(event.hour * HOUR_MS)
        if event.what == "reset":
            every = (event.every_s or 1) * 1000
            for number in range(event.times or 1):
                self.agenda.add(at_ms + number * every, lambda: self._reset(event))
        else:
            deed = getattr(self, f"_{event.what}")
            self.agenda.add(at_ms, lambda: deed(event))

    def poll_from(self) -> None:
        """The poller begins: what its connections take, on the mean."""
        poller = self._scenario.poller
        if poller is not None:
            self._polls_ua = poller.ask_mas * 1000 / poller.every_s
            self.supply()

    def supply(self) -> None:
        """Let the standby be what it is now."""
        plant, extra = self._world.plant, self._radio_ua + self._polls_ua
        whole = self._scenario.standby_ua + extra
        self.ledger.standby(plant.standby_mas(self._world.now), extra / whole if whole else 0.0)
        plant.idle_ua = max(0, round(whole) - ADVERTS_UA)
        self._world.settle()

    def _diagnose(self, _: Event) -> None:
        self.on_press()

    def _jam(self, event: Event) -> None:
        self._world.jam(event.place)

    def _clear(self, _: Event) -> None:
        self._world.jam(None)

    def _radio(self, event: Event) -> None:
        self._radio_ua = event.ua or 0.0
        self.supply()

    def _reset(self, event: Event) -> None:
        if event.in_motor_run:
            self.ear.send("bolt.unlock" if self._scenario.lock == "door" else "bolt.release")
            self._world.run(_IN_RUN_MS)
        self._world.reset(event.cause or "watchdog")

    def _rest(self, event: Event) -> None:
        self.resting_until = self._world.now + (event.for_days or 0) * DAY_MS

    def _usb(self, event: Event) -> None:
        self._world.set_supply("external")
        hours = event.for_hours or 0
        self.agenda.add(
            self._world.now + round(hours * HOUR_MS), lambda: self._world.set_supply("battery")
        )

    def _pack(self, event: Event) -> None:
        world = self._world
        role = event.role or _NOBODY
        told = "not registered" if role == _NOBODY else self._begin(role)
        self.packs += 1
        warmth = world.plant.temperature_c
        world.power_cut(_CHANGE_MS)
        pack = another_pack(
            self._scenario, self._seed, self.packs, event, now=world.now, temp_c=warmth
        )
        self._hands.set_pack(pack)
        world.run(_CHANGE_MS + 5_000)
        if told == _DONE:
            told = self._prove(role)
        self.on_pack(pack, bool(event.used and max(event.used)), told)

    def _begin(self, role: str) -> str:
        """Pass the gate: by what the unit last read, or by its button."""
        asked = self.ear.ask("swap.begin", role=role, gate="fresh")
        if asked != "NOT_FRESH":
            return asked if asked == _DONE else f"swap.begin by {role}: {asked}"
        self._world.press()
        self._world.run(_WATCHED_MS)
        asked = self.ear.ask("swap.begin", role=role, gate="diagnosed")
        return asked if asked == _DONE else f"swap.begin by {role}: {asked}"

    def _prove(self, role: str) -> str:
        """Register the new pack, lock and unlock with it, and close the change."""
        told = self.ear.ask("battery.replaced", role=role, confirmed=True)
        if told != _DONE:
            return f"battery.replaced by {role}: {told}"
        door = self._scenario.lock == "door"
        for _ in range(_RUNS):
            self.ear.ask("bolt.unlock" if door else "bolt.release")
            self._world.run(_BETWEEN_MS if door else _HELD_MS)
            if door:
                self.ear.ask("bolt.lock")
                self._world.run(_BETWEEN_MS)
        self._world.run(_REST_MS)
        return f"swap.close by {role}: {self.ear.ask('swap.close', role=role)}"
