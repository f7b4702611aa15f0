"""The probe's bench: stimuli go to the model and the pins, edges of the unit come back from them.

Time passes in `run` alone, up to the instant of what happens; the host's lines are `methods`'.
"""

from lockprobe.log import Log
from lockprobe.pins import CONTACTS, EYES, SENSES, Pins
from lockprobe.plant import Plant

_LEDS = {"green": "led.green", "red": "led.red"}
# As the board's drivers read them: (closed, open) and (usb, pack).
DOORS = {"closed": (0, 1), "open": (1, 0), "unknown": (1, 1)}
SUPPLIES = {"battery": (0, 1), "external": (1, 0), "unknown": (0, 0)}


class Bench:
    """A locked door lock with a good pack, its door closed; times are the probe's, in us."""

    def __init__(self, pins: Pins, log: Log, us: int) -> None:
        self.pins = pins
        self.log = log
        self.plant = Plant()
        self.button = 0
        self.door = "closed"
        self.temperature_mv = -1
        self.adc_fails = False
        self.power = pins.power
        # While the host drives the nets by hand the model only watches.
        self.by_hand = False
        # What is to happen: (ms, number, what, argument), the earliest first.
        self._agenda: "list[tuple[int, int, str, int]]" = []
        self._number = 0
        self._settled_ms = us // 1000
        self._eyes = {net: pins.level(net) for net in EYES}
        for net in ("green", "red", "load"):
            self._saw(us, net)
        self._drives(us)
        self.settle(us)

    def begin(self, us: int, bolt: str) -> None:
        """Everything as at the start but the power: bolt, motor, switches, button."""
        self.plant = Plant(bolt)
        self.plant.connected = bool(self.power)
        self.button, self.door, self.temperature_mv = 0, "closed", -1
        self.adc_fails = self.by_hand = False
        self._agenda = []
        self._drives(us)
        self.plant.load = bool(self._eyes["load"])
        self.settle(us)

    def at(self, ms: int, what: str, arg: int) -> None:
        """Let something happen later: `button` or `power` becomes `arg`."""
        self._number += 1
        self._agenda.append((ms, self._number, what, arg))
        self._agenda.sort()

    def forget(self, what: str) -> None:
        """Let none of these happen."""
        self._agenda = [item for item in self._agenda if item[2] != what]

    def next_ms(self, us: int) -> int:
        """Milliseconds until something happens by itself; -1: never."""
        now = us // 1000
        ms = self.plant.next_ms(now)
        if self._agenda:
            left = max(0, self._agenda[0][0] - now)
            ms = left if ms < 0 else min(ms, left)
        return ms

    def run(self, us: int) -> None:
        """Let happen what is due until now, each at its own millisecond."""
        now = us // 1000
        at = self._settled_ms
        while True:
            ms = self.plant.next_ms(at)
            due = -1 if ms < 0 else at + ms
            if self._agenda and (due < 0 or self._agenda[0][0] <= due):
                due = self._agenda[0][0]
            if due < 0 or due > now:
                return
            at = max(at, due)
            while self._agenda and self._agenda[0][0] <= at:
                _, _, what, arg = self._agenda.pop(0)
                self._act(at * 1000, what, arg)
            self.settle(at * 1000)

    def _act(self, us: int, what: str, arg: int) -> None:
        if what == "button":
            self.set_button(us, arg)
        else:
            self.set_power(us, arg)

    def edge(self, us: int, place: int, level: int) -> None:
        """The unit drives an output anew."""
        self.run(us)
        # It may have come before what was served just now; the model doesn't go back for it.
        us = max(us, self._settled_ms * 1000)
        net = EYES[place]
        self._eyes[net] = level
        if net in ("motor_throw", "motor_withdraw"):
            self._drives(us)
        else:
            self._saw(us, net)
        if net not in _LEDS:
            self.settle(us)

    def _saw(self, us: int, net: str) -> None:
        level = self._eyes[net]
        if net == "load":
            self.plant.load = bool(level)
        self.log.note(us, _LEDS.get(net, net), level)

    def _drives(self, us: int) -> None:
        # Both bridge inputs alike stop the motor.
        direction = self._eyes["motor_throw"] - self._eyes["motor_withdraw"]
        self.plant.motor.drive(us // 1000, direction)
        self.log.note(us, "motor", direction)

    def set_button(self, us: int, down: int) -> None:
        """The button's contact closes (1) or opens (0)."""
        self.button = down
        self.log.note(us, "button", down)
        if not self.by_hand:
            self.pins.set("button", 1 - down)

    def set_power(self, us: int, on: int) -> None:
        """All power to the unit, USB's too, on or off."""
        self.power = on
        self.plant.connected = bool(on)
        if not on:
            # What is dead mustn't be fed through its inputs.
            self.settle(us)
        self.pins.set("supply", on)
        self.log.note(us, "power", on)
        self.settle(us)

    def settle(self, us: int) -> None:
        """Let the model find its new state; show it to the unit and write it down."""
        now = self._settled_ms = us // 1000
        plant, note = self.plant, self.log.note
        plant.settle(now)
        note(us, "button", self.button)
        note(us, "door", self.door)
        note(us, "power", self.power)
        note(us, "power.source", plant.supply)
        note(us, "battery.mv", plant.pack_mv())
        note(us, "battery.ma", plant.pack_ma)
        note(us, "bolt", plant.bolt.place(now))
        if not self.by_hand:
            self._show(now)

    def _show(self, now: int) -> None:
        plant, pins, on = self.plant, self.pins, self.power
        ends = [0 if plant.bolt.switch(now, end) else 1 for end in ("locked", "unlocked")]
        levels = [1 - self.button, ends[0], ends[1]]
        levels += DOORS[self.door]
        for net, level in zip(CONTACTS, levels):
            pins.set(net, level)
        for net, level in zip(SENSES, SUPPLIES[plant.supply]):
            pins.set(net, level if on else 0)
        for cells in range(1, len(plant.cells) + 1):
            pins.show("tap%d" % cells, self._measured(plant.node_mv(cells), self.adc_fails))
        pins.show("motor_ma", plant.motor_ma if on else 0)
        mv = self.temperature_mv
        pins.show("temperature", self._measured(mv, mv < 0))

    def _measured(self, value: int, fails: bool) -> int:
        if not self.power:
            return 0
        return -1 if fails else value

    def take_over(self, us: int, yes: bool) -> None:
        """Leave the nets to the host, all at rest; or give them back to the model."""
        self.by_hand = yes
        if yes:
            for net in CONTACTS:
                self.pins.set(net, 1)
            for net in SENSES:
                self.pins.set(net, 0)
            for net in self.pins.analogue():
                self.pins.duty(net, 0)
        self.settle(us)
