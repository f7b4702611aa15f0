"""What the host can ask of the probe: one function a method, with its params looked at first.

A method returns at once; what takes time the bench does later. docs/probe.md lists them.
"""

import os

from lockprobe import VERSION
from lockprobe.bench import DOORS, SUPPLIES, Bench
from lockprobe.clock import Clock
from lockprobe.pins import EYES, FULL

# So much of an answer's line is left for events.
_PAGE = 800
_MOST_MS = 86_400_000
_PLACES = ("locked", "between", "unlocked")
_ENDS = ("locked", "unlocked")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Params = dict[str, object]


class Methods:
    """Over one bench; `label` is who the probe is, `lost` says how many edges had no room."""

    def __init__(self, bench: Bench, clock: Clock, label: str, lost: "Callable[[], int]") -> None:
        self._bench = bench
        self._clock = clock
        self._label = label
        self._lost = lost
        # Another one after each start: events are numbered anew then.
        self._run = int.from_bytes(os.urandom(3), "little")

    def table(self) -> "dict[str, Callable[[Params], object]]":
        """The methods by name."""
        names = (
            "hello", "now", "begin", "press", "button", "pack", "jam", "motor", "thumb", "switch",
            "door", "temperature", "supply", "power", "cut", "adc", "events", "hand", "drive",
            "read",
        )  # fmt: skip
        return {"probe." + name: getattr(self, name) for name in names}

    def _now(self) -> int:
        us = self._clock.us()
        self._bench.run(us)
        return us

    def _done(self, us: int) -> "Params":
        self._bench.settle(us)
        return {"us": us}

    def hello(self, _: "Params") -> object:
        return {
            "probe": self._label,
            "version": VERSION,
            "run": self._run,
            "us": self._now(),
            "power": self._bench.power,
            "analogue": self._bench.pins.analogue(),
        }

    def now(self, _: "Params") -> object:
        return {"us": self._clock.us()}

    def begin(self, params: "Params") -> object:
        """Everything at rest, the bolt where it is said to be."""
        us = self._now()
        self._bench.begin(us, _word(params, "bolt", _PLACES))
        return {"us": us}

    def press(self, params: "Params") -> object:
        """Now, and let go `hold_ms` later; `bounce`: ms between flips, after each of the two."""
        hold_ms = _integer(params, "hold_ms", 0, _MOST_MS)
        bounce = params.get("bounce", [])
        if not isinstance(bounce, list) or len(bounce) % 2 or len(bounce) > 32:
            raise ValueError("bounce: expected an even number of flips, at most 32")
        us = self._now()
        bench, now = self._bench, us // 1000
        for start, down in ((0, 1), (hold_ms, 0)):
            at = now + start
            for flips, wait in enumerate([0] + bounce):
                at += _checked("bounce", wait, 0, 1000)
                bench.at(at, "button", down ^ flips % 2)
        bench.run(us)
        return {"us": us}

    def button(self, params: "Params") -> object:
        down = _integer(params, "down", 0, 1)
        us = self._now()
        self._bench.forget("button")
        self._bench.set_button(us, down)
        return {"us": us}

    def pack(self, params: "Params") -> object:
        """`cells`: (open mV, mohm) of each, the lowest first."""
        given = params["cells"]
        if not isinstance(given, list) or not 0 < len(given) <= 8:
            raise ValueError("cells: expected 1 to 8 of them")
        cells = []
        for cell in given:
            mv, mohm = cell
            cells.append((_checked("mv", mv, -5_000, 20_000), _checked("mohm", mohm, 0, 100_000)))
        us = self._now()
        self._bench.plant.cells = cells
        return self._done(us)

    def jam(self, params: "Params") -> object:
        at = None if params["at"] is None else _integer(params, "at", 0, 1000)
        us = self._now()
        self._bench.plant.bolt.jam(us // 1000, at)
        return self._done(us)

    def motor(self, params: "Params") -> object:
        dead = _integer(params, "dead", 0, 1)
        us = self._now()
        self._bench.plant.motor.dead = bool(dead)
        return self._done(us)

    def thumb(self, params: "Params") -> object:
        place = _word(params, "to", _ENDS)
        ms = _integer(params, "ms", 0, _MOST_MS)
        us = self._now()
        self._bench.plant.bolt.turn(us // 1000, place, ms)
        return self._done(us)

    def switch(self, params: "Params") -> object:
        end = _word(params, "end", _ENDS)
        state = params["state"]
        us = self._now()
        broken = self._bench.plant.bolt.broken
        broken.pop(end, None)
        if state is not None:
            broken[end] = _word(params, "state", ("open", "closed"))
        return self._done(us)

    def door(self, params: "Params") -> object:
        self._bench.door = _word(params, "state", DOORS)
        return self._done(self._now())

    def temperature(self, params: "Params") -> object:
        """The sensor's `mv`, null: it fails; `celsius` is for the motor's grease."""
        mv = -1 if params["mv"] is None else _integer(params, "mv", 0, 20_000)
        us = self._now()
        self._bench.temperature_mv = mv
        if "celsius" in params:
            self._bench.plant.temperature_c = _integer(params, "celsius", -100, 200)
        return self._done(us)

    def supply(self, params: "Params") -> object:
        source = _word(params, "source", SUPPLIES)
        us = self._now()
        self._bench.plant.supply = source
        return self._done(us)

    def power(self, params: "Params") -> object:
        on = _integer(params, "on", 0, 1)
        us = self._now()
        self._bench.forget("power")
        self._bench.set_power(us, on)
        return {"us": us}

    def cut(self, params: "Params") -> object:
        ms = _integer(params, "ms", 1, _MOST_MS)
        us = self._now()
        self._bench.forget("power")
        self._bench.at(us // 1000 + ms, "power", 1)
        self._bench.set_power(us, 0)
        return {"us": us}

    def adc(self, params: "Params") -> object:
        fails = _integer(params, "fails", 0, 1)
        us = self._now()
        self._bench.adc_fails = bool(fails)
        return self._done(us)

    def events(self, params: "Params") -> object:
        """A page of events after a number; `lost`: how many before it are gone for good."""
        us = self._now()
        if params["run"] != self._run:
            raise ValueError("run: the probe started anew")
        log = self._bench.log
        number = _integer(params, "after", 0, log.last)
        first, gone = log.after(number)
        page, size = [], 0
        while first + len(page) <= log.last:
            event = log.get(first + len(page))
            size += len(str(event))
            if size > _PAGE:
                break
            page.append(event)
        return {
            "us": us,
            "first": first,
            "last": log.last,
            "lost": gone + self._lost(),
            "glitches": self._bench.pins.glitches,
            "events": page,
        }

    def hand(self, params: "Params") -> object:
        """Give the nets into the host's hand, all at rest, or back to the model."""
        yes = _integer(params, "on", 0, 1)
        us = self._now()
        self._bench.take_over(us, bool(yes))
        return {"us": us}

    def drive(self, params: "Params") -> object:
        """A net in the host's hand: `level` of a digital one, `duty` of an analogue."""
        pins = self._bench.pins
        if not self._bench.by_hand:
            raise ValueError("expected probe.hand before")
        net = params["net"]
        if net in pins.analogue():
            pins.duty(str(net), _integer(params, "duty", 0, FULL))
        elif isinstance(net, str) and pins.has(net) and net not in EYES and net != "supply":
            pins.set(net, _integer(params, "level", 0, 1))
        else:
            raise ValueError("net: expected one that the probe drives")
        return {"us": self._now()}

    def read(self, _: "Params") -> object:
        """What the probe's own pins show now: its inputs, and its outputs where they are wired
        back."""
        pins = self._bench.pins
        shown: "dict[str, int]" = {net: pins.level(net) for net in EYES}
        for net in pins.analogue():
            raw = pins.read_back(net)
            if raw >= 0:
                shown[net] = raw
        return shown


def _integer(params: "Params", name: str, least: int, most: int) -> int:
    return _checked(name, params[name], least, most)


def _checked(name: str, value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(name + ": expected " + str(least) + " to " + str(most))
    return value


def _word(params: "Params", name: str, words: "Iterable[str]") -> str:
    word = params[name]
    if not isinstance(word, str) or word not in words:
        raise ValueError(name + ": expected one of " + ", ".join(words))
    return word
