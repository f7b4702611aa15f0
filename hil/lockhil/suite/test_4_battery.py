"""MON and BATT: the monitor judges under load, downwards only, and wakes for nothing else."""

import pytest

from lockhil.plugin import Measure, Opener
from lockhil.suite.observe import told
from lockhil.targets.base import Target


def _levels(unit: Target) -> list[str]:
    return [params["level"] for params in told(unit, "battery.level")]


@pytest.mark.req("MON-1", "BATT-2")
@pytest.mark.parametrize(
    ("pack", "level"),
    [
        ("good", "GOOD"),
        ("weak", "CHANGE_SOON"),
        ("low", "CHANGE_NOW"),
        ("discharged", "SUSPECTED_DISCHARGED"),
        ("one_weak_cell", "SUSPECTED_DISCHARGED"),
    ],
)
def test_level_under_load(open_unit: Opener, pack: str, level: str) -> None:
    """Within a day each pack gets its level, by its voltage under load, and keeps it."""
    unit = open_unit(pack=pack)
    unit.bench.clock.advance(days=1)
    report = unit.link.call("battery.report")
    assert report["level"] == level, f"BATT-2: {report}"
    assert _levels(unit) == [level], "MON-1: it flapped"


@pytest.mark.req("MON-1")
def test_level_never_flaps_nor_rises(unit: Target) -> None:
    """A pack that recovers at rest, or swings around a threshold, keeps its worst level."""
    bench = unit.bench
    bench.clock.advance(days=1)
    for pack in ("weak", "good", "weak", "weak", "good", "low", "low", "good", "good", "weak"):
        bench.set_pack(pack)
        bench.clock.advance(hours=6)
    assert _levels(unit) == ["GOOD", "CHANGE_SOON", "CHANGE_NOW"], "MON-1"


@pytest.mark.req("MON-1")
@pytest.mark.parametrize(("temperature", "level"), [(10, "GOOD"), (9, "CHANGE_NOW")])
def test_a_passed_diagnostic_may_raise_it_in_the_warm(
    open_unit: Opener, temperature: int, level: str
) -> None:
    """A diagnostic that a good pack passes raises the level at 10 C, not below."""
    unit = open_unit(pack="low")
    unit.bench.clock.advance(days=1)
    unit.bench.set_pack("good")
    unit.bench.temperature(temperature)
    unit.bench.press()
    unit.bench.clock.advance(seconds=31)
    assert unit.link.call("battery.report")["level"] == level, f"MON-1 at {temperature} C"


@pytest.mark.req("MON-1", "BATT-9")
def test_level_outlives_a_reset(open_unit: Opener) -> None:
    """A reset makes no battery better."""
    unit = open_unit(pack="low")
    unit.bench.clock.advance(days=1)
    unit.bench.set_pack("good")
    unit.bench.reset("watchdog")
    unit.bench.clock.advance(seconds=1)
    assert unit.link.call("battery.report")["level"] == "CHANGE_NOW", "MON-1"


@pytest.mark.req("BATT-9")
def test_brown_out_under_load_is_a_suspicion(open_unit: Opener) -> None:
    """A unit that browned out under a load suspects its pack, and never loads it again."""
    unit = open_unit(pack="flat")
    bench = unit.bench
    bench.clock.advance(days=2)
    resets = [event for event in bench.trace().events if event.ch == "reset"]
    report = unit.link.call("battery.report")
    assert (report["level"], report["ground"]) == ("SUSPECTED_DISCHARGED", "brown_out"), "BATT-9"
    assert len(resets) <= 2, f"BATT-9: it loads a suspected pack again and again: {resets}"


@pytest.mark.req("BATT-9")
@pytest.mark.parametrize("way", ["rest", "reset", "power cut", "self-test", "fresh pack"])
def test_suspicion_is_cleared_by_nothing_here(open_unit: Opener, way: str) -> None:
    """Neither rest, reset, power, a self-test nor a fresh pack clears a measured suspicion."""
    unit = open_unit(pack="discharged")
    bench = unit.bench
    bench.press()
    bench.clock.advance(seconds=31)
    bench.set_pack("good")
    if way == "reset":
        bench.reset("soft")
    elif way == "power cut":
        bench.power_cut(60_000)
    elif way == "self-test":
        unit.link.call("selftest.start")
    bench.clock.advance(days=2 if way == "rest" else 1)
    assert unit.link.call("battery.report")["level"] == "SUSPECTED_DISCHARGED", f"BATT-9: {way}"


@pytest.mark.req("MON-1")
def test_an_idle_day_wakes_for_the_battery_alone(unit: Target, measure: Measure) -> None:
    """Nobody comes for a day: it wakes twice a sample, and for nothing else."""
    bench = unit.bench
    bench.clock.advance(minutes=5)
    before = len(bench.wakes())
    bench.clock.advance(days=1)
    causes = [cause for _, cause in bench.wakes()[before:]]
    measure("MON-1", "wakes in an idle day", len(causes), "wakes", at_least=8, at_most=8)
    # Not every bench sees into the unit: from outside each of these is a deadline.
    others = [cause for cause in causes if not cause.startswith(("battery.", "deadline"))]
    assert not others, f"MON-1: woken for {others}"
