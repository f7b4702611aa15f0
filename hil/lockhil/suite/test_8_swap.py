"""BATT-3 to BATT-9: a change of the battery as a transaction, and what of it counts."""

import pytest

from lockhil.plugin import Measure, Opener
from lockhil.suite.change import (
    OUT_MS,
    RUNS,
    begin,
    close,
    counted,
    last_why,
    register,
    registered,
    run_door,
    steps,
    take_out,
)
from lockhil.suite.observe import press_and_watch
from lockhil.targets.base import Target


@pytest.mark.req("BATT-4", "BATT-5", "BATT-8")
def test_a_change_from_its_gate_to_its_end(unit: Target, measure: Measure) -> None:
    """Begun with fresh contact, out and in, registered, five and five, proved: in this order."""
    counted(unit)
    assert close(unit)["result"] == "done", "BATT-5"
    assert steps(unit) == ["begun", "out", "replaced", *["counted"] * 2 * RUNS, "closed"], "BATT-5"
    found = unit.link.call("swap.state")
    assert (found["phase"], found["swaps"]) == ("none", 1), "BATT-4"
    measure("BATT-5", "runs counted", found["locks"] + found["unlocks"], "runs",
            at_least=2 * RUNS, at_most=2 * RUNS)  # fmt: skip


@pytest.mark.req("BATT-8")
@pytest.mark.parametrize("gate", ["fresh", "diagnosed"])
def test_the_gate_is_shut_without_a_reading_or_a_pass(unit: Target, gate: str) -> None:
    """Just started, nobody knows of the pack: neither way leads in, until it was read or passed."""
    unit.bench.reset("soft")
    unit.bench.clock.advance(seconds=2)
    assert begin(unit, "staff", gate)["result"] in ("NOT_FRESH", "NO_DIAGNOSTIC"), "BATT-8"
    assert register(unit)["result"] == "NOT_BEGUN", "BATT-8"
    if gate == "fresh":
        unit.bench.clock.advance(seconds=70)
    else:
        press_and_watch(unit.bench)
    assert begin(unit, "staff", gate)["result"] == "done", "BATT-8"


@pytest.mark.req("BATT-8", "BATT-9")
@pytest.mark.parametrize("gate", ["fresh", "diagnosed"])
def test_a_suspected_pack_opens_no_gate_for_the_staff(open_unit: Opener, gate: str) -> None:
    """Whatever way they come: measured suspicion is the service desk's."""
    unit = open_unit(pack="discharged")
    press_and_watch(unit.bench)
    assert begin(unit, "staff", gate)["result"] == "NOT_AUTHORISED", "BATT-8"
    assert begin(unit, "desk", "diagnosed")["result"] == "done", "BATT-9"


@pytest.mark.req("BATT-8")
@pytest.mark.parametrize("minutes", [29, 31])
def test_a_gate_stands_for_half_an_hour(unit: Target, minutes: int) -> None:
    """What was seen of a pack half an hour ago lets nobody begin with it."""
    unit.bench.clock.advance(seconds=70)
    assert begin(unit)["result"] == "done"
    unit.bench.clock.advance(minutes=minutes)
    take_out(unit)
    expected = "done" if minutes < 30 else "NOT_BEGUN"
    assert register(unit)["result"] == expected, "BATT-8"


@pytest.mark.req("BATT-3", "BATT-4")
def test_a_pack_that_never_was_out_is_no_new_one(unit: Target) -> None:
    """Without a loss of power since the beginning nobody has changed anything."""
    unit.bench.clock.advance(seconds=70)
    assert begin(unit)["result"] == "done"
    assert register(unit)["result"] == "NOT_REMOVED", "BATT-3"
    unit.bench.reset("watchdog")
    unit.bench.clock.advance(seconds=1)
    assert register(unit)["result"] == "NOT_REMOVED", "BATT-3: a reset is no absence"


@pytest.mark.req("BATT-5")
def test_runs_that_prove_nothing_do_not_count(unit: Target) -> None:
    """Thumb-turns, a hand that helps, a jam, a relock and a cable: none is one of the five."""
    bench, link = unit.bench, unit.link
    registered(unit)

    def expect_none(why: str) -> None:
        found = link.call("swap.state")
        assert (found["locks"], found["unlocks"]) == (0, 0), f"BATT-5: {why}"

    bench.thumb_turn("unlocked")
    bench.thumb_turn("locked")
    expect_none("thumb-turns")
    bench.jam(500)
    link.call("bolt.unlock")
    bench.jam(None)
    expect_none("a jam")
    link.call("bolt.lock")
    assert last_why(unit) in ("unmoved", "result"), "BATT-5: from between the ends"
    expect_none("from between the ends")
    bench.supply("external")
    link.call("bolt.unlock")
    bench.supply("battery")
    assert last_why(unit) == "supply", "BATT-5"
    expect_none("a cable")
    bench.clock.advance(seconds=40)
    assert link.call("bolt.state")["state"] == "LOCKED"
    expect_none("a relock")
    link.call("bolt.lock")
    expect_none("locked already")
    assert link.call("bolt.unlock")["result"] == "done"
    assert link.call("swap.state")["unlocks"] == 1, "BATT-5"


@pytest.mark.req("BATT-5")
def test_four_and_five_are_not_enough(unit: Target) -> None:
    """One lock too few: the change stays open, and the fifth ends it."""
    registered(unit)
    run_door(unit, RUNS - 1)
    unit.link.call("bolt.unlock")
    assert close(unit)["result"] == "NOT_COUNTED", "BATT-5"
    unit.link.call("bolt.lock")
    assert close(unit)["result"] == "done", "BATT-5"


@pytest.mark.req("BATT-5")
@pytest.mark.parametrize("kind", ["entrance", "laundry"])
def test_a_street_lock_is_proved_by_five_releases_with_their_hold(
    open_unit: Opener, kind: str
) -> None:
    """A release counts when its hold has followed, by the motor."""
    unit = open_unit(kind=kind)
    registered(unit)
    for number in range(RUNS):
        unit.link.call("bolt.release")
        assert unit.link.call("swap.state")["unlocks"] == number, "BATT-5: before its hold"
        unit.bench.clock.advance(seconds=8)
        assert unit.link.call("swap.state")["unlocks"] == number + 1, "BATT-5"
    assert close(unit)["result"] == "done", "BATT-5"


@pytest.mark.req("BATT-5", "PWR-1")
@pytest.mark.parametrize("way", ["watchdog", "soft", "power"])
def test_a_change_outlives_a_reset_and_counts_anew_without_power(unit: Target, way: str) -> None:
    """After a reset the runs stand; without power it may be another pack: then none does."""
    registered(unit)
    run_door(unit, 3)
    if way == "power":
        unit.bench.power_cut(OUT_MS)
        unit.bench.clock.advance(ms=OUT_MS + 1_000)
    else:
        unit.bench.reset(way)
        unit.bench.clock.advance(seconds=1)
    found = unit.link.call("swap.state")
    kept = 0 if way == "power" else 3
    assert (found["phase"], found["locks"], found["unlocks"]) == ("replaced", kept, kept), "PWR-1"
    run_door(unit, RUNS - kept)
    assert close(unit)["result"] == "done", "BATT-5"


@pytest.mark.req("BATT-8")
def test_a_change_that_began_without_contact_is_taken_up(unit: Target) -> None:
    """The host hands over its begin record; a unit that hasn't lost power since refuses it."""

    def adopt(ago_s: int) -> str:
        told = unit.link.call("swap.adopt", role="staff", gate="diagnosed", ago_s=ago_s)
        return str(told["result"])

    unit.bench.clock.advance(minutes=10)
    assert adopt(60) == "NOT_REMOVED", "BATT-8"
    take_out(unit)
    assert adopt(60) == "done", "BATT-8"
    assert unit.link.call("swap.state")["phase"] == "out", "BATT-8"
    assert register(unit)["result"] == "done", "BATT-4"
    run_door(unit)
    assert close(unit)["result"] == "done"


@pytest.mark.req("BATT-9")
def test_a_suspicion_is_not_adopted_away(open_unit: Opener) -> None:
    """A measured suspicion stands in the way of a change that began without contact, too."""
    unit = open_unit(pack="discharged")
    unit.bench.clock.advance(minutes=2)
    take_out(unit)
    told = unit.link.call("swap.adopt", role="staff", gate="diagnosed", ago_s=60)
    assert told["result"] == "NOT_AUTHORISED", "BATT-9"


@pytest.mark.req("BATT-4")
def test_a_change_that_nobody_announced_is_recorded_and_raises_nothing(open_unit: Opener) -> None:
    """A better pack after a loss of power: the unit says so, and its level stays."""
    unit = open_unit(pack="low")
    unit.bench.clock.advance(days=1)
    take_out(unit)
    unit.bench.clock.advance(minutes=2)
    assert steps(unit) == ["unannounced"], "BATT-4"
    assert unit.link.call("swap.state")["unannounced"] is True, "BATT-4"
    assert unit.link.call("battery.report")["level"] == "CHANGE_NOW", "MON-1"
