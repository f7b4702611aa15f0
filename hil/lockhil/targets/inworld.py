"""A unit in a simulated world, in virtual time: its bench and its wire.

They are a thin layer over `locksim.world`: what happens is decided there. What runs the firmware
is the target's own business.
"""

from collections import deque
from collections.abc import Sequence

from lockhil.bench import Clock
from lockhil.client import Transport
from lockhil.targets.base import Target
from lockhil.targets.options import Options
from lockjudge.trace import Event, Trace
from locksim.packs.make import PackSpec
from locksim.world import World
from lockunit import VERSION


class WorldClock:
    """Virtual time: an hour passes at once."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def now_ms(self) -> int:
        return self._world.now

    def advance(
        self, ms: int = 0, *, seconds: int = 0, minutes: int = 0, hours: int = 0, days: int = 0
    ) -> None:
        hours += days * 24
        minutes += hours * 60
        seconds += minutes * 60
        self._world.run(ms + seconds * 1000)


class WorldTransport:
    """The link's wire: waiting for an answer lets virtual time pass up to it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._arrived: deque[tuple[int, bytes]] = deque()
        world.on_sent.append(lambda t_ms, line: self._arrived.append((t_ms, line + b"\n")))
        # What the unit said at its boot, before anybody could listen.
        for event in world.recorder.events:
            if event.ch == "tx":
                self._arrived.append((event.t_ms, event.v.encode() + b"\n"))

    @property
    def now_ms(self) -> int:
        return self._world.now

    @property
    def contact(self) -> int:
        return self._world.boots

    def write(self, data: bytes) -> None:
        self._world.receive(data)
        self._world.run()

    def read(self, timeout_ms: int) -> tuple[int, bytes] | None:
        if not self._arrived and timeout_ms:
            self._world.timeline.run_until(lambda: bool(self._arrived), timeout_ms)
        return self._arrived.popleft() if self._arrived else None


class WorldBench:
    """Hands, eyes and weather of a simulated world; see `lockhil.bench.Bench`.

    `world` is there for what only a simulation has.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.clock: Clock = WorldClock(world)
        world.run()

    def press(self, hold_ms: int = 150, bounce: Sequence[int] = ()) -> None:
        self.world.press(hold_ms, bounce)
        self.world.run()

    def hold_button(self) -> None:
        self.world.button(1)
        self.world.run()

    def release_button(self) -> None:
        self.world.button(0)
        self.world.run()

    def set_pack(self, pack: PackSpec, *, tapped: bool = True) -> None:
        self.world.set_pack(pack, tapped=tapped)
        self.world.run()

    def jam(self, thousandths: int | None) -> None:
        self.world.jam(thousandths)
        self.world.run()

    def motor_dead(self, dead: bool = True) -> None:
        self.world.motor_dead(dead)
        self.world.run()

    def thumb_turn(self, place: str, duration_ms: int = 400) -> None:
        self.world.thumb_turn(place, duration_ms)
        self.world.run()

    def break_switch(self, end: str, state: str | None) -> None:
        self.world.break_switch(end, state)
        self.world.run()

    def door(self, state: str) -> None:
        self.world.set_door(state)
        self.world.run()

    def temperature(self, celsius: int | None) -> None:
        self.world.temperature_c = celsius

    def supply(self, source: str) -> None:
        self.world.set_supply(source)
        self.world.run()

    def power_cut(self, ms: int) -> None:
        self.world.power_cut(ms)
        self.world.run()

    def reset(self, cause: str = "soft") -> None:
        self.world.reset(cause)
        self.world.run()

    def adc_fails(self, fails: bool = True) -> None:
        self.world.adc_fails = fails

    def journal_key(self) -> bytes:
        return self.world.chances[:32]

    def leds(self) -> tuple[int, int]:
        shown = self.world.recorder.shown
        return shown["led.green"], shown["led.red"]

    def mark(self) -> int:
        return len(self.world.recorder.events)

    def since(self, mark: int) -> list[Event]:
        return self.world.recorder.events[mark:]

    def trace(self, since: int = 0) -> Trace:
        return self.world.trace(since)

    def wakes(self) -> list[tuple[int, str]]:
        return self.world.wakes


def target_in(
    begin: Options,
    world: World,
    name: str,
    kind: str,
    bench: WorldBench | None = None,
    *,
    transport: Transport | None = None,
    tolerance_ms: int = 0,
) -> Target:
    """The target that lives in `world`, in virtual time; `bench`, `transport`: its own, if any."""
    bench = bench or WorldBench(world)
    issuer = begin.issuer()
    return Target(
        name=name,
        kind=kind,
        clock_kind="virtual",
        tolerance_ms=tolerance_ms,
        bench=bench,
        link=begin.link(transport or WorldTransport(world), issuer),
        unit_id=world.unit_id,
        firmware=VERSION,
        issuer=issuer,
    )
