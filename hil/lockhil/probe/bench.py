"""The bench that a probe gives to a real unit; see `lockhil.bench.Bench`.

A thin layer over the probe's methods: what happens then is decided there, in the unit's own time.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lockhil.bench import Clock, NotOnThisBenchError
from lockhil.probe.instrument import Probe
from lockhil.probe.supply import Supply
from lockhil.probe.wiring import Wiring
from lockjudge.trace import Event, Trace
from locksim.circuit import working_point
from locksim.motor import RUNNING_MA, WINDING_MOHM
from locksim.packs.fixed import FixedPack
from locksim.packs.make import PackSpec, make_pack
from locksim.plant import BROWN_OUT_MV, POWER_GOOD_MV
from locksim.recorder import LASTING, Recorder

# The log of the probe is looked at so often, or it would overflow.
DRAIN_MS = 500

# As it is begun where nothing is said of it.
_ROOM_C = 20


class ProbeBench:
    """`clock` counts from `begin_trace` on. `supply`: in place of the probe's own switch. `resets`:
    who can reset the unit, by cause; `key`: who knows its journal's key. `instant`: lets everything
    happen that is due at this very moment, where time stands still."""

    def __init__(
        self,
        probe: Probe,
        wiring: Wiring,
        now_us: Callable[[], int],
        clock: Clock,
        *,
        supply: Supply | None = None,
        resets: Mapping[str, Callable[[], None]] | None = None,
        key: Callable[[], bytes] | None = None,
        instant: Callable[[], None] = lambda: None,
    ) -> None:
        self.probe = probe
        self.instant = instant
        self.wiring = wiring
        self.clock = clock
        self._now_us = now_us
        self._zero_us = 0
        self._supply = supply
        self._resets = resets or {}
        self._key = key
        self._notes: list[tuple[int, str, str]] = []
        self._recorder = Recorder()
        self._drained_us = 0
        # How often the unit was started, as far as this bench had its hand in it.
        self.starts = 1

    @property
    def now_ms(self) -> int:
        """Milliseconds since the trace began."""
        return (self._now_us() - self._zero_us) // 1_000

    def begin(
        self, pack: PackSpec, *, bolt: str, door: str, supply: str, temperature: int | None
    ) -> None:
        """Set everything up around a unit without power."""
        if self._supply is None and not self.wiring.switches_supply:
            raise NotOnThisBenchError("nothing switches the unit's power: no wire, no supply")
        self.power(0)
        self._tell("begin", bolt=bolt)
        self.set_pack(pack)
        self.door(door)
        self.supply(supply)
        if self.wiring.has_sensor or temperature not in (None, _ROOM_C):
            self.temperature(temperature)

    def power(self, on: int) -> None:
        """Switch the unit's power."""
        if self._supply is not None:
            self._supply.switch(bool(on))
        self._tell("power", on=on)

    def begin_trace(self, **header: Any) -> None:
        """Forget what was, and begin with what is shown now."""
        self._drain()
        shown = self._recorder.shown
        self._zero_us = self._drained_us = self._now_us()
        self._recorder = Recorder(**header)
        for ch in LASTING:
            if ch in shown:
                self._recorder.level(0, ch, shown[ch])

    def up(self) -> None:
        """The unit has started: time counts from now on, and what it showed meanwhile stays."""
        self._drain()
        self._zero_us = self._now_us()
        events = self._recorder.events
        events[:] = [Event(0, event.ch, event.v) for event in events]

    def passed(self) -> None:
        """Time has passed: look at the probe's log before it overflows."""
        if self._now_us() - self._drained_us >= DRAIN_MS * 1_000:
            self._drain()

    def _tell(self, method: str, **params: Any) -> None:
        self.instant()
        self.probe.call(method, **params)
        self.instant()

    def _drain(self) -> None:
        self.instant()
        found = self.probe.events()
        notes, self._notes = self._notes, []
        events = sorted([*found, *notes], key=lambda event: event[0])
        self._drained_us = self._now_us()
        last = self._recorder.events[-1].t_ms if self._recorder.events else 0
        for us, ch, v in events:
            # Two clocks and two lines: none of them may make the trace go back.
            last = max(last, (us - self._zero_us) // 1_000)
            if ch in ("rx", "tx", "reset"):
                self._recorder.moment(last, ch, v)
                continue
            again = ch == "power" and v == 1 and self._recorder.shown.get("power") == 0
            self._recorder.level(last, ch, v)
            if again:
                self._recorder.moment(last, "reset", "power")

    def note_line(self, ch: str, line: bytes) -> None:
        """A line passed on the unit's link, `rx` to it or `tx` from it."""
        text = line[:2_048].decode("utf-8", "backslashreplace")
        self._notes.append((self._now_us(), ch, text))

    def press(self, hold_ms: int = 150, bounce: Sequence[int] = ()) -> None:
        if len(bounce) % 2 or min(bounce, default=0) < 0:
            raise ValueError(f"expected an even number of flips (ms >= 0), got {list(bounce)}")
        self._tell("press", hold_ms=hold_ms, bounce=list(bounce))

    def hold_button(self) -> None:
        self._tell("button", down=1)

    def release_button(self) -> None:
        self._tell("button", down=0)

    def set_pack(self, pack: PackSpec, *, tapped: bool = True) -> None:
        made = make_pack(pack, tapped=tapped)
        if not isinstance(made, FixedPack) or not made.tapped:
            raise NotOnThisBenchError("the probe gives packs of fixed voltages, with their taps")
        cells = [(cell.ocv_mv, cell.r_mohm) for cell in made.cells]
        self._refuse_unfit(cells)
        self._tell("pack", cells=cells)

    def _refuse_unfit(self, cells: list[tuple[int, int]]) -> None:
        taps, nodes = (
            self.wiring.taps,
            [sum(mv for mv, _ in cells[: n + 1]) for n in range(len(cells))],
        )
        shown = ", ".join(f"{mv} mV" for mv, _ in cells)
        if len(cells) != len(taps) or not all(
            self.wiring.shows_mv(mv, n) for n, mv in enumerate(nodes)
        ):
            raise NotOnThisBenchError(f"the bench has {len(taps)} taps, and can't show {shown}")
        mv, mohm = nodes[-1], sum(mohm for _, mohm in cells)
        worst = min(
            working_point(mv, mohm, load=True).mv,
            working_point(mv, mohm, shunt_mohm=WINDING_MOHM).mv,
            working_point(mv, mohm, fixed_ma=RUNNING_MA).mv,
        )
        if worst < BROWN_OUT_MV or mv <= POWER_GOOD_MV:
            raise NotOnThisBenchError(
                f"{shown} would brown the unit out; the bench's supply gives all or nothing"
            )

    def jam(self, thousandths: int | None) -> None:
        self._tell("jam", at=thousandths)

    def motor_dead(self, dead: bool = True) -> None:
        self._tell("motor", dead=int(dead))

    def thumb_turn(self, place: str, duration_ms: int = 400) -> None:
        self._tell("thumb", to=place, ms=duration_ms)

    def break_switch(self, end: str, state: str | None) -> None:
        self._tell("switch", end=end, state=state)

    def door(self, state: str) -> None:
        self._tell("door", state=state)

    def temperature(self, celsius: int | None) -> None:
        if celsius is None:
            self._tell("temperature", mv=None)
            return
        if not self.wiring.has_sensor:
            raise NotOnThisBenchError("the unit has no sensor of temperature")
        if not self.wiring.shows_celsius(celsius):
            raise NotOnThisBenchError(f"the unit's sensor can't show {celsius} degrees C")
        self._tell("temperature", mv=self.wiring.sensor_mv(celsius), celsius=celsius)

    def supply(self, source: str) -> None:
        self._tell("supply", source=source)

    def power_cut(self, ms: int) -> None:
        if self._supply is not None:
            raise NotOnThisBenchError("a cut to the millisecond needs the probe's own switch")
        self.starts += 1
        self._tell("cut", ms=ms)

    def reset(self, cause: str = "soft") -> None:
        if cause == "power":
            self.power_cut(100)
            return
        if cause not in self._resets:
            raise NotOnThisBenchError(f"a {cause} reset can't be made from outside the unit")
        self.starts += 1
        self._resets[cause]()
        self._notes.append((self._now_us(), "reset", cause))

    def adc_fails(self, fails: bool = True) -> None:
        # At more than full scale a reading is none.
        self._tell("adc", fails=int(fails))

    def journal_key(self) -> bytes:
        if self._key is None:
            raise NotOnThisBenchError("a real unit tells nobody its journal's key")
        return self._key()

    def leds(self) -> tuple[int, int]:
        self._drain()
        shown = self._recorder.shown
        return shown["led.green"], shown["led.red"]

    def mark(self) -> int:
        self._drain()
        return len(self._recorder.events)

    def since(self, mark: int) -> list[Event]:
        self._drain()
        return self._recorder.events[mark:]

    def trace(self, since: int = 0) -> Trace:
        self._drain()
        self._recorder.header["t_uncertainty_ms"] = self.probe.uncertain_ms
        last = self._recorder.events[-1].t_ms if self._recorder.events else 0
        return self._recorder.trace(max(self.now_ms, last), since)

    def wakes(self) -> list[tuple[int, str]]:
        raise NotOnThisBenchError("nobody sees from outside when a unit wakes")
