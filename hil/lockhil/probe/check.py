"""The bench's self-test: every wire by something that the probe or the unit itself shows.

A bench that fails here says nothing of the lock: the run ends before its first test. It drives a
unit as people do, with a good pack, so that nothing is left behind but records in its journal.
"""

from typing import Any, Final

from lockhil.client import Link, LinkTimeoutError, RpcError
from lockhil.probe.bench import ProbeBench
from lockhil.probe.wiring import EYES, SUPPLY, WARMTH
from lockhil.targets.realclock import BenchBrokenError, ContactLostError
from locksim.motor import RUNNING_MA

# What the unit makes of a line on its own, on its link: (what is asked of, what it says).
_ALONE: Final = {
    "end_locked": ("bolt", "LOCKED"),
    "end_unlocked": ("bolt", "UNLOCKED"),
    "door_closed": ("door", "closed"),
    "door_open": ("door", "open"),
    "usb": ("supply", "external"),
    "pack": ("supply", "battery"),
}
_AT_REST: Final = {"bolt": "UNKNOWN", "door": "unknown", "supply": "unknown"}
# Unlike at both taps, and good enough that no unit suspects it.
_CELLS: Final = ((2_900, 300), (3_100, 300))
_SETTLE_MS: Final = 100
# How long a board may take to start; and how long it is listened to before it counts as silent.
_STARTS_MS: Final = 15_000
_SILENT_MS: Final = 1_500
_ASK_MS: Final = 250
# The converters of such boards, and filters of 1 % resistors.
_PERCENT: Final = 3
_FULL: Final = 65_535
# After an empty line: half a line may lie there from before.
_HELLO: Final = b'\n{"jsonrpc":"2.0","id":0,"method":"unit.hello"}\n'
_BROKEN: Final = "the bench is broken: net "
_COLD_MV, _WARM_MV = 600, 1_000
# How far the motor's mean current may be off: a unit that stops it late has it stall for a while.
_MEAN_MA: Final = 350


class Check:
    """One self-test; `rows` tells what was seen of each net. BenchBrokenError, ContactLostError."""

    def __init__(self, bench: ProbeBench, link: Link) -> None:
        self._bench = bench
        self._probe = bench.probe
        self._link = link
        self.rows: list[tuple[str, str]] = []

    def run(self) -> list[tuple[str, str]]:
        """All of it; the rows."""
        try:
            return self._all()
        except BenchBrokenError as error:
            self._expect_both(error)
            raise

    def _all(self) -> list[tuple[str, str]]:
        self._without_power()
        self._loop_back()
        self._power()
        kind = self._link.call("unit.hello")["kind"]
        if kind == "door":
            self._lines_alone()
        if self._bench.wiring.has_sensor:
            self._warmth()
        self._motor_runs(str(kind))
        self._button_and_leds()
        return self.rows

    def _expect_both(self, error: BenchBrokenError) -> None:
        """Who fell silent meanwhile has no wires to be blamed. ContactLostError."""
        powered = self._probe.call("hello")["power"]
        blamed = str(error).startswith(_BROKEN + SUPPLY)
        if powered and not blamed and not answers(self._link, _SILENT_MS):
            raise ContactLostError(f"the unit fell silent in the self-test: {error}") from None

    def _wait(self, ms: int) -> None:
        self._bench.clock.advance(ms=ms)

    def _ok(self, net: str, seen: str) -> None:
        self.rows.append((net, seen))

    def _expect(self, net: str, when: str, expected: object, came: object) -> None:
        if came != expected:
            raise broken(net, f"expected {expected} {when}, came {came}")

    def _about(self, net: str, when: str, expected: int, came: Any, slack: int = 0) -> None:
        slack = slack or max(30, abs(expected) * _PERCENT // 100)
        if type(came) is not int or abs(came - expected) > slack:
            raise broken(net, f"expected {expected} +- {slack} {when}, came {came}")

    def _without_power(self) -> None:
        """Without power nothing drives the probe's inputs: each is pulled low."""
        self._bench.power(0)
        self._probe.call("hand", on=1)
        self._wait(5 * _SETTLE_MS)
        seen = self._probe.call("read")
        for net in EYES:
            self._expect(net, "while the unit has no power", 0, seen[net])

    def _loop_back(self) -> None:
        """What the probe puts out as a voltage comes back where it is wired back."""
        for net in self._bench.wiring.analogue:
            for duty in (_FULL // 4, _FULL * 3 // 4):
                self._probe.call("drive", net=net, duty=duty)
                self._wait(_SETTLE_MS)
                seen = self._probe.call("read")
                for other in self._bench.wiring.analogue:
                    if other in seen:
                        wanted = duty if other == net else 0
                        when = f"of {_FULL} back when {net} gives {duty}"
                        self._about(other, when, wanted, seen[other], _FULL * _PERCENT // 100)
            self._probe.call("drive", net=net, duty=0)
            if net in seen:
                self._ok(net, "read back")

    def _power(self) -> None:
        """The unit answers with power, and doesn't without."""
        self._bench.power(1)
        if not answers(self._link, _STARTS_MS):
            raise broken(SUPPLY, "expected the unit's answer on its link with power, came none")
        self._bench.power(0)
        self._wait(_SETTLE_MS)
        if answers(self._link, _SILENT_MS):
            raise broken(SUPPLY, "expected silence without power, and the unit answers")
        self._bench.power(1)
        if not answers(self._link, _STARTS_MS):
            raise broken(SUPPLY, "expected the unit's answer on its link with power, came none")
        self._ok(SUPPLY, "the unit answers with power alone")

    def _lines_alone(self) -> None:
        """Each line by itself: the unit tells of it, and of nothing else."""
        self._wait(_SETTLE_MS)
        self._expect_look("end_locked", "with all lines at rest", {})
        for net, (what, word) in _ALONE.items():
            active, rest = (1, 0) if what == "supply" else (0, 1)
            self._probe.call("drive", net=net, level=active)
            self._wait(_SETTLE_MS)
            self._expect_look(net, f"with {net} alone", {what: word})
            self._probe.call("drive", net=net, level=rest)
            self._ok(net, f"the unit says {what} {word}")
        self._wait(_SETTLE_MS)

    def _expect_look(self, net: str, when: str, changed: dict[str, str]) -> None:
        state, report = self._link.call("bolt.state"), self._link.call("battery.report")
        came = {"bolt": state["state"], "door": state["door"], "supply": report["supply"]}
        if not changed:
            net = next((net for net, (what, word) in _ALONE.items() if came[what] == word), net)
        self._expect(net, when, _words({**_AT_REST, **changed}), _words(came))
        seen = self._probe.call("read")
        for eye in EYES:
            self._expect(eye, when, 0, seen[eye])

    def _warmth(self) -> None:
        """The unit's thermometer follows."""
        wire = self._bench.wiring.wires[WARMTH]
        for mv in (_COLD_MV, _WARM_MV):
            duty = mv * _FULL // int(wire["full"])
            self._probe.call("drive", net=WARMTH, duty=duty)
            self._wait(_SETTLE_MS)
            expected = (mv - int(wire["zero_mv"])) // int(wire["mv_per_c"])
            came = self._link.call("battery.report")["temp_c"]
            self._about(WARMTH, f"degrees C at {mv} mV", expected, came, 3)
        self._ok(WARMTH, "the unit's temperature follows")

    def _motor_runs(self, kind: str) -> None:
        """The motor's two wires, its current and the taps, by a run each way.

        Beside a cable: whatever a wrong wire shows of the pack, no unit suspects it then.
        """
        report = self._link.call("battery.report")
        if report["level"] == "SUSPECTED_DISCHARGED":
            raise BenchBrokenError(
                f"the unit suspects its battery since before ({report['ground']}), so its motor "
                "can't be tested: give its console, which wipes that, or change the battery in the "
                "routine"
            )
        self._set_up("external")
        steps = [("bolt.unlock", "motor_withdraw", -1), ("bolt.lock", "motor_throw", 1)]
        if kind != "door":
            steps = [("bolt.release", "motor_withdraw", -1)]
        for method, net, way in steps:
            mark = self._bench.mark()
            try:
                result = self._link.call(method)["result"]
            except (RpcError, LinkTimeoutError) as error:
                result = str(error)
            self._wait(_SETTLE_MS)
            events = self._bench.since(mark)
            came = {"motor": [event.v for event in events if event.ch == "motor"]}
            came |= {e.ch: [1] for e in events if e.ch in ("led.green", "led.red", "load")}
            whose = {"LOW_MOTOR_VOLTAGE": self._bench.wiring.taps[-1]}.get(result, net)
            if came == {"motor": [way, 0]} and result == "MOTOR_BLOCKED":
                whose = "motor_ma"
            self._expect(whose, f"at {method}", _words({"motor": [way, 0], "result": "done"}),
                         _words({**came, "result": result}))  # fmt: skip
            self._evidence()
            self._ok(net, f"it runs at {method}")

    def _set_up(self, supply: str) -> None:
        """A locked lock with a good pack; unlike at both taps."""
        self._probe.call("begin", bolt="locked")
        self._bench.supply(supply)
        self._bench.set_pack(_CELLS)
        if self._bench.wiring.has_sensor:
            self._bench.temperature(20)
        self._wait(3 * _SETTLE_MS)

    def _evidence(self) -> None:
        """What the unit measured in a run, beside what the model gave it."""
        runs = [n.params for n in self._link.notifications if n.method == "bolt.moved"]
        if not runs or "mas" not in runs[-1]:
            raise broken("motor_ma", f"expected the evidence of a run, came {runs[-1:]}")
        run, top = runs[-1], self._bench.wiring.taps[-1]
        mean_ma = run["mas"] * 1_000 // max(1, run["ms"])
        for net, what, expected, came, slack in (
            (top, "mV of the pack at rest", sum(mv for mv, _ in _CELLS), run["rest_mv"], 0),
            ("tap1", "mV of the lowest cell", _CELLS[0][0], run["low_cell_mv"], 0),
            ("motor_ma", "mA in the mean of a run", RUNNING_MA, mean_ma, _MEAN_MA),
        ):
            self._about(net, what, expected, came, slack)
            self._ok(net, f"the unit reads {came} {what}")

    def _button_and_leds(self) -> None:
        """The diagnostic: pressed, green and load at once, load off, green off, then red."""
        self._set_up("battery")
        mark, pressed = self._bench.mark(), self._bench.clock.now_ms
        self._bench.press()
        self._wait(11_000)
        events = self._bench.since(mark)
        if not any(event.ch in ("led.green", "led.red", "load") for event in events):
            raise broken("button", "expected a diagnostic after a press, came nothing")
        # Nobody's clock is tested here: a machine or a unit that is busy is late.
        last = 0
        for net, ch, on, off in (
            ("load", "load", (0, 2_000), (2_900, 5_900)),
            ("green", "led.green", (0, 2_000), (2_900, 5_900)),
            ("red", "led.red", (6_000, 9_500), (6_200, 10_500)),
        ):
            came = [(event.v, event.t_ms - pressed) for event in events if event.ch == ch][:2]
            good = [v for v, _ in came] == [1, 0] and all(
                least <= t <= most for (_, t), (least, most) in zip(came, (on, off), strict=True)
            )
            # The load comes off before green does, and green before red comes on.
            if not good or came[1][1] <= last:
                raise broken(
                    net,
                    f"expected {net} on after {on[0]} to {on[1]} ms of a press, and off after "
                    f"{max(last, off[0])} to {off[1]}, came {came or 'nothing'}",
                )
            last = came[1][1]
            self._ok(net, "as in a diagnostic")
        self._ok("button", "a press begins a diagnostic")


def answers(link: Link, most_ms: int) -> bool:
    """Whether a unit says anything within so long; for whom this is the first that matters."""
    until = link.now_ms + most_ms
    # What came before this counts for nothing.
    link.listen(0)
    while True:
        link.send_raw(_HELLO)
        # What was sent is heard at once, what is answered may take a while.
        heard = [*link.listen(0), *link.listen(_ASK_MS)]
        if any(line.from_unit and b'"jsonrpc":"2.0"' in line.data for line in heard):
            return True
        if link.now_ms >= until:
            return False


def broken(net: str, what: str) -> BenchBrokenError:
    """The error that ends a run."""
    return BenchBrokenError(f"{_BROKEN}{net}: {what}")


def _words(found: dict[str, Any]) -> str:
    return ", ".join(f"{what} {word}" for what, word in found.items())
