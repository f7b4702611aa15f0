"""One lock unit's world: composes hardware, firmware and instrument, and lets things happen.

It is physics and wiring: what the unit should make of it stands elsewhere.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import accumulate
from random import Random
from typing import Any

from simpy import Environment

from lockjudge.trace import Trace
from locksim.board import DOORS, RESETS, SUPPLIES, SimBoard
from locksim.bolt import PLACES, Bolt
from locksim.mainloop import Boot, Loop, LoopMaker, MainLoop
from locksim.packs.make import PackSpec, make_pack
from locksim.plant import Plant
from locksim.radio import Radio
from locksim.rail import Rail
from locksim.recorder import Recorder
from locksim.slots import Slots
from locksim.timeline import Alarm, Timeline
from lockunit import VERSION
from lockunit import board as port
from lockunit.settings import Settings
from lockunit.unit import Unit

# A UART hands on so many bytes at once.
RX_PIECE = 256


class World:
    """A unit that booted just now, and all that surrounds it.

    Time passes in `run` alone: what a stimulus leads to at the same instant is done by `run(0)`.

    `pack`: see `make_pack`; `bolt`: locked, between or unlocked; `door`: closed, open or unknown;
    `supply`: battery, external (USB; the pack then carries nothing) or unknown (the pack, but
    nobody can tell); `ticks_start`: the unit's clock at this first boot, later ones begin at 0;
    `utc_s`: the unit's calendar at time 0, None if nobody set it; `stored`: what it finds there;
    `wires`: connections that its radio takes at once;
    `boot`: makes the unit; `loop`: makes what runs it instead, say in another interpreter.
    `target` and `clock` stand in its traces. ValueError says what was expected of a setting.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        pack: PackSpec = "good",
        *,
        env: Environment | None = None,
        unit_id: str = "SIM-0001",
        ticks_start: int = 0,
        bolt: str = "locked",
        door: str = "closed",
        temperature_c: int | None = 20,
        supply: str = "battery",
        seed: int = 0,
        utc_s: int | None = None,
        stored: Mapping[str, bytes] | None = None,
        wires: int = 2,
        boot: Boot = Unit,
        loop: LoopMaker | None = None,
        target: str = "sim",
        clock: str = "virtual",
    ) -> None:
        self.timeline = Timeline(env)
        self.settings = settings if settings is not None else Settings()
        self.unit_id = unit_id
        self.plant = Plant(
            make_pack(pack),
            Bolt(_one_of(PLACES, bolt)),
            self.now,
            supply=_one_of(SUPPLIES, supply),
            temperature_c=20 if temperature_c is None else temperature_c,
        )
        self.door = _one_of(DOORS, door)
        self._temperature_c = temperature_c
        self.adc_fails = False
        # What outlives every reset and loss of power.
        self.storage: dict[str, bytes] = dict(stored or {})
        self.slots = Slots()
        # Seconds since 1970 at virtual time 0; None: the unit's clock isn't set.
        self.utc_s = utc_s
        self._random = Random(f"{seed} {unit_id}")  # noqa: S311 a simulation
        # The random numbers that the unit got so far: in no trace, for one may be a key.
        self.chances = b""
        # Each is told the time and the line that the unit sends; it must not call back.
        self.on_sent: list[Callable[[int, bytes], None]] = []
        self.recorder = Recorder(
            target=target, unit=unit_id, firmware=VERSION, seed=seed, clock=clock
        )
        # How often the unit has started.
        self.boots = 0
        self.loop: Loop = loop(self.timeline) if loop else MainLoop(self.timeline, boot)
        self._mechanics = Alarm(self.timeline, self.settle)
        self.rail = Rail(self, ticks_start)
        self.radio = Radio(self, wires)
        self.join, self.leave = self.radio.join, self.radio.leave
        self.advertises = self.radio.advertises
        self._ends = self.bolt_ends()

        for ch, v in (("button", 0), ("led.green", 0), ("led.red", 0), ("door", door)):
            self.record(ch, v)
        self.record("power", 1)
        self.settle()
        self.rail.boot()

    @property
    def now(self) -> int:
        """Milliseconds of virtual time."""
        return self.timeline.now

    @property
    def temperature_c(self) -> int | None:
        """Degrees C as the unit's sensor shows them; None: it fails, and the air stays as it is."""
        return self._temperature_c

    @temperature_c.setter
    def temperature_c(self, celsius: int | None) -> None:
        self._temperature_c = celsius
        if celsius is not None and celsius != self.plant.temperature_c:
            self.plant.temperature_c = celsius
            self.settle()

    @property
    def wakes(self) -> list[tuple[int, str]]:
        """When the unit was woken, and by what."""
        return self.loop.wakes

    @property
    def charge_mas(self) -> int:
        """The charge drawn from the pack so far, in mAs; a new pack doesn't reset it."""
        return self.plant.charge_mas(self.now)

    def run(self, ms: int = 0) -> None:
        """Let `ms` pass; what is due at the last of them has happened. FirmwareCrashError."""
        self.timeline.run(ms)

    def trace(self, since: int = 0) -> Trace:
        """What the instrument saw until now; `since`: see `Recorder.trace`."""
        return self.recorder.trace(self.now, since)

    def record(self, ch: str, v: Any) -> None:
        """Let the instrument see the value of a channel."""
        self.recorder.level(self.now, ch, v)

    def happened(self, ch: str, v: Any) -> None:
        """Let the instrument see a moment on a channel."""
        self.recorder.moment(self.now, ch, v)

    # What people and the weather do.

    def button(self, down: int) -> None:
        """The button's contact closes (1) or opens (0)."""
        if down != self.recorder.shown["button"]:
            self.record("button", down)
            self.loop.event(port.EV_BUTTON, down)

    def press(self, hold_ms: int = 150, bounce: Sequence[int] = ()) -> None:
        """Press now, release after `hold_ms`; time doesn't pass in here.

        `bounce`: after how many ms each the contact flips, again and again, at both; an even
        number of flips.
        """
        if len(bounce) % 2 or min(bounce, default=0) < 0:
            raise ValueError(f"expected an even number of flips (ms >= 0), got {list(bounce)}")
        for start, down in ((0, 1), (hold_ms, 0)):
            for flips, at in enumerate(accumulate(bounce, initial=start)):
                level = down ^ (flips % 2)
                if at:
                    self.timeline.after(at, partial(self.button, level))
                else:
                    self.button(level)

    def chance(self) -> bytes:
        """Four random bytes for the unit; the same for the same seed and unit."""
        drawn = self._random.randbytes(4)
        self.chances += drawn
        return drawn

    def set_pack(self, pack: PackSpec, *, tapped: bool = True) -> None:
        """Put in another pack in no time; the unit doesn't notice but by its voltage."""
        self.plant.pack = make_pack(pack, tapped=tapped)
        self.settle()

    def jam(self, thousandths: int | None) -> None:
        """See `Bolt.jam`: 0 (locked) to 1000 (unlocked), or None."""
        if thousandths is not None and not 0 <= thousandths <= 1000:
            raise ValueError(f"expected a place from 0 to 1000, got {thousandths}")
        self.plant.bolt.jam(self.now, thousandths)
        self.settle()

    def motor_dead(self, dead: bool) -> None:
        """Break the motor's wire, or mend it."""
        self.plant.motor.dead = dead
        self.settle()

    def break_switch(self, end: str, state: str | None) -> None:
        """The end switch `locked` or `unlocked` stays `open` or `closed`; None mends it."""
        _one_of(("locked", "unlocked"), end)
        self.plant.bolt.broken.pop(end, None)
        if state is not None:
            self.plant.bolt.broken[end] = _one_of(("open", "closed"), state)
        self.settle()

    def thumb_turn(self, place: str, duration_ms: int = 400) -> None:
        """A hand turns the bolt to `locked` or `unlocked`, and holds it until it is there."""
        self.plant.bolt.turn(self.now, _one_of(("locked", "unlocked"), place), duration_ms)
        self.settle()

    def set_door(self, door: str) -> None:
        """The door is now closed, open or unknown."""
        if door != self.door:
            self.door = _one_of(DOORS, door)
            self.record("door", door)
            self.loop.event(port.EV_DOOR, DOORS[door])

    def set_supply(self, supply: str) -> None:
        """What feeds the unit is now battery, external or unknown."""
        if supply != self.plant.supply:
            self.plant.supply = _one_of(SUPPLIES, supply)
            self.settle()
            self.loop.event(port.EV_SUPPLY, SUPPLIES[supply])

    def reset(self, cause: str) -> None:
        """Reset the unit: `brown-out`, `watchdog`, `soft` or `power`."""
        self.rail.reset(_one_of(RESETS, cause))

    def power_cut(self, ms: int) -> None:
        """Take all power away, and give it back after `ms`; the unit's calendar is lost."""
        self.utc_s = None
        self.rail.cut(ms)

    def receive(self, data: bytes, wire: int = 0) -> None:
        """Bytes come in on a wire of the unit, in a UART's pieces; lost while it is down.

        The instrument hears the serial line alone, this way and that.
        """
        if wire:
            self.radio.receive(data, wire)
            return
        self.recorder.received(self.now, data)
        for start in range(0, len(data), RX_PIECE):
            self.loop.event(port.EV_RX, data[start : start + RX_PIECE])

    def sent(self, line: bytes) -> None:
        """The unit sends a line on the serial one."""
        self.recorder.sent(self.now, line)
        for listener in self.on_sent:
            listener(self.now, line)

    # What follows from it.

    def bolt_ends(self) -> int:
        """The end switches, as the port counts them."""
        bolt = self.plant.bolt
        locked = port.END_LOCKED if bolt.switch(self.now, "locked") else 0
        return locked | (port.END_UNLOCKED if bolt.switch(self.now, "unlocked") else 0)

    def settle(self) -> None:
        """Let the hardware find its new state, and show it to the instrument and the unit."""
        plant, now = self.plant, self.now
        plant.settle(now)
        self.record("power.source", plant.supply)
        self.record("motor", plant.motor.direction)
        self.record("load", int(plant.load))
        self.record("battery.mv", plant.pack_mv(now))
        self.record("battery.ma", plant.pack_ma)
        self.record("bolt", plant.bolt.place(now))
        self._mechanics.set(plant.next_ms(now))
        self.rail.watch()
        ends = self.bolt_ends()
        if ends != self._ends:
            self._ends = ends
            self.loop.event(port.EV_BOLT, ends)

    def boot(self, ticks: int) -> None:
        """Start the unit with its clock at `ticks`."""
        self.boots += 1
        self.loop.start(SimBoard(self), self.settings, ticks)

    def outputs_fall(self) -> None:
        """The unit is gone and drives nothing; it starts again where there is power."""
        self.loop.stop()
        self.radio.falls_silent()
        self.record("led.green", 0)
        self.record("led.red", 0)
        self.plant.motor.drive(self.now, 0)
        self.plant.load = False
        self.settle()


def _one_of(choices: Iterable[str], word: str) -> str:
    if word not in choices:
        raise ValueError(f"expected one of {', '.join(choices)}, got {word!r}")
    return word
