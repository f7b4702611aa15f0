"""DIAG and SAFE: the push-button diagnostic, in the order of the routine."""

from itertools import pairwise

import pytest

from lockhil.plugin import Measure, Opener
from lockhil.suite.observe import changes, expect_verdict, lit, press_and_watch, pulses
from lockhil.targets.base import Target


def _after(pulse: list[tuple[int, int | None]], index: int, edge: int) -> int | None:
    return pulse[index][edge] if len(pulse) > index else None


@pytest.mark.req("DIAG-1", "DIAG-2", "DIAG-3", "DIAG-4", "DIAG-5", "SAFE-3")
def test_good_pack_shows_the_whole_sequence(unit: Target, measure: Measure) -> None:
    """A good pack: green now, off at 4 s, one red blink from 7 s, and the judge allows it."""
    bench, slack = unit.bench, unit.tolerance_ms
    mark = bench.mark()
    pressed = press_and_watch(bench)
    trace = bench.trace()
    green, red = (pulses(trace, ch, pressed) for ch in ("led.green", "led.red"))
    on, off = _after(green, 0, 0), _after(green, 0, 1)
    measure("DIAG-2", "green on", on, "ms", at_most=1_000, channel="led.green", from_ms=pressed)
    measure("SAFE-3", "green on", on, "ms", at_most=200 + slack)
    measure("DIAG-3", "green off", off, "ms", at_most=10_000, channel="led.green", from_ms=pressed)
    measure("SAFE-3", "green off", off, "ms", at_least=4_000 - slack, at_most=4_000 + slack)
    measure("DIAG-4", "red blinks", len(red), "blinks", at_least=1, at_most=2)
    measure("SAFE-3", "red blinks of a good pack", len(red), "blinks", at_least=1, at_most=1)
    measure(
        "DIAG-4",
        "red off",
        _after(red, 0, 1),
        "ms",
        at_most=20_000,
        channel="led.red",
        from_ms=pressed,
    )
    _measure_blinks(measure, red, slack)
    measure("DIAG-5", "greens", len(green), "lights", at_least=1, at_most=1)
    expect_verdict(bench, mark, 0, "DIAG-5")


def _measure_blinks(measure: Measure, red: list[tuple[int, int | None]], slack: int) -> None:
    """SAFE-3's timing of the blinks: from 7 s, 0.3 s long, 1.5 s apart, done by 15 s."""
    for number, (on, off) in enumerate(red):
        expected = 7_000 + 1_500 * number
        name = f"red blink {number + 1}"
        measure(
            "SAFE-3", f"{name} on", on, "ms", at_least=expected - slack, at_most=expected + slack
        )
        length = None if off is None else off - on
        measure("SAFE-3", f"{name} length", length, "ms", at_least=300 - slack, at_most=300 + slack)
        measure("SAFE-3", f"{name} off", off, "ms", at_most=15_000)


@pytest.mark.req("SAFE-3", "DIAG-4", "BATT-2")
@pytest.mark.parametrize("pack", ["weak", "low"])
def test_pack_to_change_soon_blinks_twice(open_unit: Opener, measure: Measure, pack: str) -> None:
    """A pack that passes but is to be changed: two red blinks, and the judge allows it."""
    unit = open_unit(pack=pack)
    mark = unit.bench.mark()
    pressed = press_and_watch(unit.bench)
    red = pulses(unit.bench.trace(), "led.red", pressed)
    measure("SAFE-3", "red blinks of a weak pack", len(red), "blinks", at_least=2, at_most=2)
    _measure_blinks(measure, red, unit.tolerance_ms)
    expect_verdict(unit.bench, mark, 0, "SAFE-3")


@pytest.mark.req("DIAG-5", "SAFE-2")
@pytest.mark.parametrize("pack", ["discharged", "one_weak_cell", "flat"])
def test_discharged_pack_never_shows_red(open_unit: Opener, measure: Measure, pack: str) -> None:
    """A discharged pack, a single discharged cell too: no red, and the judge suspects it."""
    unit = open_unit(pack=pack)
    mark = unit.bench.mark()
    pressed = press_and_watch(unit.bench)
    red = pulses(unit.bench.trace(), "led.red", pressed)
    measure("SAFE-2", "red blinks of a discharged pack", len(red), "blinks", at_most=0)
    expect_verdict(unit.bench, mark, 3, "DIAG-5")


@pytest.mark.req("SAFE-2")
def test_load_hangs_on_the_pack_while_green(unit: Target, measure: Measure) -> None:
    """While green is on a load of about the motor's current hangs on the pack for 3 s; no motor."""
    bench = unit.bench
    pressed = press_and_watch(bench)
    trace = bench.trace()
    green, load = pulses(trace, "led.green", pressed), pulses(trace, "load", pressed)
    begin, end = (_after(load, 0, edge) for edge in (0, 1))
    hung = None if begin is None or end is None else end - begin
    measure(
        "SAFE-2", "load on the pack", hung, "ms", at_least=3_000, channel="load", from_ms=pressed
    )
    off = _after(green, 0, 1)
    measure("SAFE-2", "load off", end, "ms", at_most=off)
    drawn = [v for t, v in changes(trace, "battery.ma", pressed) if v and t - pressed < 3_000]
    measure("SAFE-2", "current", max(drawn, default=None), "mA", at_least=400, at_most=1_000)
    measure("SAFE-2", "motor runs", len(changes(trace, "motor", pressed + 1)), "runs", at_most=0)


@pytest.mark.req("SAFE-2")
@pytest.mark.parametrize("source", ["external", "unknown"])
@pytest.mark.parametrize("after_ms", [-1_000, 1_000, 3_950, 5_000])
def test_no_red_without_the_battery(unit: Target, source: str, after_ms: int) -> None:
    """Fed by anything but the battery, before or at any time until red: no red."""
    bench = unit.bench
    bench.clock.advance(ms=2_000)
    if after_ms < 0:
        bench.supply(source)
    pressed = bench.clock.now_ms
    bench.press()
    if after_ms > 0:
        bench.clock.advance(ms=pressed + after_ms - bench.clock.now_ms)
        bench.supply(source)
        bench.clock.advance(ms=500)
        bench.supply("battery")
    bench.clock.advance(seconds=31)
    assert not pulses(bench.trace(), "led.red", pressed), f"SAFE-2: red while fed by {source}"


@pytest.mark.req("SAFE-2", "MON-1")
def test_no_red_after_a_failed_reading(unit: Target) -> None:
    """A reading that fails: no red, and the level doesn't change for it."""
    bench = unit.bench
    bench.clock.advance(minutes=2)
    level = unit.link.call("battery.report")["level"]
    bench.adc_fails(True)
    pressed = press_and_watch(bench)
    assert not pulses(bench.trace(), "led.red", pressed), "SAFE-2: red without a reading"
    last = unit.link.call("selftest.last")
    assert (last["outcome"], last["loaded_mv"]) == ("no_verdict", None), "SAFE-2"
    assert unit.link.call("battery.report")["level"] == level, "MON-1: a failed reading is unknown"


@pytest.mark.req("SAFE-2", "SAFE-5")
@pytest.mark.parametrize("pack", ["good_untapped", "weak_untapped", "one_weak_cell_untapped"])
def test_no_red_for_a_pack_that_is_not_seen_into(open_unit: Opener, pack: str) -> None:
    """Cells in a row without taps: a weak one hides, so even a good pack gets no red."""
    unit = open_unit(pack=pack)
    pressed = press_and_watch(unit.bench)
    assert not pulses(unit.bench.trace(), "led.red", pressed), "SAFE-5: red for what isn't seen"
    reason = unit.link.call("selftest.last")["reason"]
    # That the mean of all is discharged can be seen all the same.
    assert reason == ("voltage" if pack == "one_weak_cell_untapped" else "taps"), "SAFE-5"
    assert unit.link.call("battery.report")["fits"] is False, "SAFE-5"


@pytest.mark.req("SAFE-2")
def test_no_red_for_a_pack_of_another_kind(open_unit: Opener) -> None:
    """Cells that rest higher than any of the kind that was selected: nothing is known of them."""
    unit = open_unit(pack=((3_750, 100), (3_750, 100)))
    pressed = press_and_watch(unit.bench)
    assert not pulses(unit.bench.trace(), "led.red", pressed), "SAFE-2: red for another kind"
    assert unit.link.call("selftest.last")["reason"] == "profile", "SAFE-2"


@pytest.mark.req("SAFE-2", "BATT-9")
def test_no_red_while_a_suspicion_stands(open_unit: Opener) -> None:
    """A measured suspicion outlives rest, a reset and a fresh pack: no red."""
    unit = open_unit(pack="discharged")
    bench = unit.bench
    press_and_watch(bench)
    bench.set_pack("good")
    bench.reset("soft")
    bench.clock.advance(hours=1)
    pressed = press_and_watch(bench)
    assert not pulses(bench.trace(), "led.red", pressed), "SAFE-2: red under suspicion"
    report = unit.link.call("battery.report")
    assert report["level"] == "SUSPECTED_DISCHARGED", "BATT-9"
    assert report["ground"] == "diagnostic", "BATT-9: the first ground stays"


@pytest.mark.req("SAFE-1")
@pytest.mark.parametrize("cause", ["power", "brown-out", "watchdog", "soft"])
def test_dark_at_boot(unit: Target, measure: Measure, cause: str) -> None:
    """No light at boot or after a reset of any cause."""
    bench = unit.bench
    bench.clock.advance(seconds=5)
    if cause == "power":
        bench.power_cut(500)
    else:
        bench.reset(cause)
    bench.clock.advance(seconds=60)
    measure("SAFE-1", f"lights since power-on, {cause}", len(lit(bench, 0)), "lights", at_most=0)


@pytest.mark.req("SAFE-1")
def test_dark_when_moving_failing_and_low(open_unit: Opener, measure: Measure) -> None:
    """No light for an actuation, a jam, an error on the link, a low battery."""
    unit = open_unit(pack="low")
    bench, link = unit.bench, unit.link
    link.call("bolt.unlock")
    bench.jam(500)
    link.call("bolt.lock")
    bench.jam(None)
    link.send_raw(b"garbage\n")
    bench.set_pack("discharged")
    bench.clock.advance(days=1)
    measure("SAFE-1", "lights", len(lit(bench, 0)), "lights", at_most=0)


@pytest.mark.req("SAFE-1")
def test_reset_ends_the_sequence_dark(open_unit: Opener) -> None:
    """A reset at any instant of the sequence ends it dark: nothing resumes."""
    edges = (0, 200, 3_900, 4_000, 7_000, 7_300, 8_500, 8_800)
    near = {max(1, edge + off) for edge in edges for off in (-1, 0, 1)}
    unit = open_unit(pack="weak")
    bench = unit.bench
    for after_ms in sorted(near | set(range(500, 15_000, 1_500))):
        bench.clock.advance(seconds=31)
        pressed = bench.clock.now_ms
        bench.press(hold_ms=1)
        bench.clock.advance(ms=pressed + after_ms - bench.clock.now_ms)
        bench.reset("watchdog")
        since = bench.clock.now_ms
        assert bench.leds() == (0, 0), f"SAFE-1: lit right after a reset at {after_ms} ms"
        bench.clock.advance(seconds=31)
        assert not lit(bench, since + 1), f"SAFE-1: lit after a reset at {after_ms} ms"


@pytest.mark.req("SAFE-4")
def test_started_over_the_link_allows_nothing(unit: Target) -> None:
    """The unit's own test without a press: it may blink, and the judge stays inconclusive."""
    bench = unit.bench
    mark = bench.mark()
    assert unit.link.call("selftest.start") == {"result": "done"}
    bench.clock.advance(seconds=31)
    assert unit.link.call("selftest.last")["outcome"] == "passed"
    expect_verdict(bench, mark, 4, "SAFE-4")


@pytest.mark.req("DIAG-1", "SAFE-3")
@pytest.mark.parametrize("trouble", ["held for an hour", "bouncing", "pressed 1,000 times"])
def test_troubled_button(unit: Target, trouble: str) -> None:
    """A button that is held, bounces, or is pressed a thousand times: one sequence per window."""
    bench = unit.bench
    pressed = bench.clock.now_ms
    if trouble == "held for an hour":
        bench.press(hold_ms=3_600_000)
        bench.clock.advance(hours=1, seconds=1)
    elif trouble == "bouncing":
        bench.press(bounce=(3, 2, 7, 4, 9, 1))
        bench.clock.advance(seconds=31)
    else:
        for _ in range(1_000):
            bench.press(hold_ms=20)
            bench.clock.advance(ms=40)
        bench.clock.advance(seconds=31)
    begun = [on for on, _ in pulses(bench.trace(), "led.green", pressed)]
    expected = 2 if trouble == "pressed 1,000 times" else 1
    assert len(begun) == expected, f"DIAG-1: {begun}"
    assert all(b - a >= 30_000 for a, b in pairwise(begun)), f"SAFE-3: {begun}"
    assert unit.link.call("unit.hello")["unit"] == unit.unit_id


@pytest.mark.req("SAFE-2", "BOLT-1")
def test_no_motor_under_the_load(unit: Target) -> None:
    """A command while the load hangs is answered BUSY; after it the bolt moves, LEDs untouched."""
    bench = unit.bench
    mark, pressed = bench.mark(), bench.clock.now_ms
    bench.press()
    bench.clock.advance(seconds=1)
    assert unit.link.call("bolt.unlock")["result"] == "BUSY"
    bench.clock.advance(seconds=4)
    assert unit.link.call("bolt.unlock")["result"] == "done"
    bench.clock.advance(ms=pressed + 31_000 - bench.clock.now_ms)
    expect_verdict(bench, mark, 0, "DIAG-5")


@pytest.mark.req("DIAG-2", "SAFE-2")
def test_press_during_a_motor_run(unit: Target) -> None:
    """A press while the motor runs is served like any other."""
    bench = unit.bench
    unit.link.begin("bolt.unlock")
    bench.clock.advance(ms=200)
    mark = bench.mark()
    press_and_watch(bench)
    expect_verdict(bench, mark, 0, "DIAG-2")
