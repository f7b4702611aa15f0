"""BATT and MON: what is known of a pack and what isn't, and how a change of it ends."""

import pytest

from lockhil.plugin import Measure, Opener
from lockhil.suite.change import close, counted
from lockhil.suite.observe import changes, press_and_watch, pulses, told
from lockhil.targets.base import Target


def _told(unit: Target) -> list[tuple[str, bool]]:
    return [(params["level"], bool(params["fresh"])) for params in told(unit, "battery.level")]


def _suspected(open_unit: Opener) -> Target:
    """A unit whose pack was measured to be discharged; the pack is a good one now."""
    unit = open_unit(pack="discharged")
    unit.bench.clock.advance(minutes=2)
    assert unit.link.call("battery.report")["level"] == "SUSPECTED_DISCHARGED"
    unit.bench.set_pack("good")
    return unit


@pytest.mark.req("MON-1")
def test_a_level_that_cannot_be_read_is_unknown(unit: Target) -> None:
    """Frozen for months, or a failed read published as a number: it is told as unknown, once."""
    bench = unit.bench
    bench.clock.advance(minutes=2)
    bench.adc_fails(True)
    bench.clock.advance(days=30)
    report = unit.link.call("battery.report")
    assert (report["level"], report["fresh"]) == ("UNKNOWN", False), f"MON-1: {report}"
    assert report["last_loaded_mv"] is None, "MON-1: a failed reading is published"
    bench.adc_fails(False)
    bench.clock.advance(hours=12)
    expected = [("GOOD", True), ("UNKNOWN", False), ("GOOD", True)]
    assert _told(unit) == expected, "MON-1"


@pytest.mark.req("MON-1", "BATT-2")
def test_an_unread_pack_is_still_to_be_changed(open_unit: Opener) -> None:
    """The mark to change a pack doesn't go away with its readings."""
    unit = open_unit(pack="low")
    unit.bench.clock.advance(days=1)
    unit.bench.adc_fails(True)
    unit.bench.clock.advance(days=2)
    report = unit.link.call("battery.report")
    assert (report["level"], report["fresh"]) == ("CHANGE_NOW", False), f"BATT-2: {report}"


@pytest.mark.req("MON-1")
def test_a_level_is_read_again_after_a_reset(unit: Target) -> None:
    """Stale after a change until a restart: after one nothing good is told before it is read."""
    bench = unit.bench
    bench.clock.advance(minutes=2)
    bench.power_cut(5_000)
    bench.set_pack("discharged")
    bench.clock.advance(seconds=20)
    assert unit.link.call("battery.report")["level"] == "UNKNOWN", "MON-1"
    bench.clock.advance(minutes=2)
    assert unit.link.call("battery.report")["level"] == "SUSPECTED_DISCHARGED", "MON-1"


@pytest.mark.req("MON-1")
def test_who_asks_all_the_time_drains_nothing(unit: Target, measure: Measure) -> None:
    """A poller that asks every half minute for six hours: no load but the samples'."""
    for _ in range(720):
        unit.link.call("battery.report")
        unit.bench.clock.advance(seconds=30)
    loads = len(pulses(unit.bench.trace(), "load"))
    measure("MON-1", "loads in six hours of polling", loads, "loads", at_least=1, at_most=2)


@pytest.mark.req("BATT-9")
def test_a_good_pack_and_the_desk_lift_a_suspicion(open_unit: Opener, measure: Measure) -> None:
    """The way out: the service desk, a new pack, and 3.9 s of load that it bears."""
    unit = _suspected(open_unit)
    counted(unit, "desk")
    since = unit.bench.clock.now_ms
    told = close(unit, "desk")
    assert (told["result"], told["level"], told["ground"]) == ("done", "GOOD", "none"), "BATT-9"
    hung = [off - on for on, off in pulses(unit.bench.trace(), "load", since) if off is not None]
    slack = unit.tolerance_ms
    measure(
        "BATT-9", "load on the new pack", sum(hung), "ms", at_least=3_900 - slack,
        at_most=3_900 + slack,
    )  # fmt: skip
    unit.bench.clock.advance(seconds=1)
    pressed = press_and_watch(unit.bench)
    assert len(pulses(unit.bench.trace(), "led.red", pressed)) == 1, "BATT-9: it is lifted"


@pytest.mark.req("BATT-9")
def test_the_staff_lift_none(open_unit: Opener) -> None:
    """By staff a suspicion isn't lifted, however good the pack; it isn't even loaded."""
    unit = _suspected(open_unit)
    counted(unit, "desk")
    since = unit.bench.clock.now_ms
    told = close(unit, "staff")
    assert (told["result"], told["level"]) == ("NOT_AUTHORISED", "SUSPECTED_DISCHARGED"), "BATT-9"
    assert not pulses(unit.bench.trace(), "load", since + 1), "BATT-9: it was loaded"


@pytest.mark.req("BATT-9", "MON-1")
@pytest.mark.parametrize("pack", ["weak", "low", "discharged", "one_weak_cell"])
@pytest.mark.parametrize("role", ["staff", "desk"])
def test_no_other_pack_ends_a_change(open_unit: Opener, role: str, pack: str) -> None:
    """Whoever says so: a pack that isn't good under load raises no level and lifts nothing."""
    unit = open_unit(pack="low") if role == "staff" else _suspected(open_unit)
    unit.bench.clock.advance(minutes=2)
    before = unit.link.call("battery.report")["level"]
    counted(unit, role)
    unit.bench.set_pack(pack)
    told = close(unit, role)
    assert (told["result"], told["cause"]) == ("INSUFFICIENT_BATTERY", "voltage"), "BATT-9"
    bad = pack in ("discharged", "one_weak_cell") and before != "SUSPECTED_DISCHARGED"
    if bad and pack == "discharged":
        assert told["level"] == "SUSPECTED_DISCHARGED", "BATT-9: what the proof saw is lost"
    else:
        assert told["level"] == before, "MON-1"


@pytest.mark.req("BATT-9")
@pytest.mark.parametrize("way", ["supply", "adc", "reset", "power cut"])
def test_a_proof_that_is_disturbed_lifts_nothing(open_unit: Opener, way: str) -> None:
    """Plugged in, unread, reset or without power in the middle of the proof: the latch stays."""
    unit = _suspected(open_unit)
    bench = unit.bench
    counted(unit, "desk")
    unit.link.begin("swap.close", role="desk")
    bench.clock.advance(ms=2_000)
    if way == "supply":
        bench.supply("external")
        bench.clock.advance(ms=100)
        bench.supply("battery")
    elif way == "adc":
        bench.adc_fails(True)
    elif way == "reset":
        bench.reset("watchdog")
    else:
        bench.power_cut(1_000)
    bench.clock.advance(ms=4_000)
    bench.adc_fails(False)
    assert changes(bench.trace(), "load")[-1][1] == 0, "BATT-9: the load hangs on"
    bench.clock.advance(minutes=2)
    assert unit.link.call("battery.report")["level"] == "SUSPECTED_DISCHARGED", f"BATT-9: {way}"


@pytest.mark.req("BOLT-1", "SAFE-2")
def test_an_unlock_and_a_press_break_a_proof_off(unit: Target) -> None:
    """Nobody waits at a door for a proof, and the button's diagnostic goes first."""
    bench, link = unit.bench, unit.link
    counted(unit)
    ident = link.begin("swap.close", role="staff")
    bench.clock.advance(ms=1_000)
    assert link.call("bolt.unlock")["result"] == "done", "BOLT-1"
    assert link.wait(ident)["result"] == "BUSY", "BOLT-1"
    ident = link.begin("swap.close", role="staff")
    bench.clock.advance(ms=1_000)
    pressed = press_and_watch(bench)
    assert link.wait(ident)["result"] == "BUSY", "SAFE-2"
    assert len(pulses(bench.trace(), "led.red", pressed)) == 1, "SAFE-2"


@pytest.mark.req("BATT-9")
def test_one_proof_in_half_a_minute(unit: Target) -> None:
    """Each proof costs charge: the second within 30 s is refused."""
    counted(unit)
    unit.bench.set_pack("weak")
    assert close(unit)["result"] == "INSUFFICIENT_BATTERY"
    unit.bench.set_pack("good")
    assert close(unit)["result"] == "BUSY", "BATT-9"
    unit.bench.clock.advance(seconds=30)
    assert close(unit)["result"] == "done"
