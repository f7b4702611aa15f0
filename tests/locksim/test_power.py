"""Charge, brown-outs, power cuts and resets: when the unit goes down, and what it then finds."""

import pytest

from lockunit.board import (
    FAILED,
    MARK_LOAD,
    PACK,
    RESET_BROWN_OUT,
    RESET_POWER,
    RESET_WATCHDOG,
    SUPPLY_EXTERNAL,
)
from tests.locksim.bare_unit import BareWorld


def test_the_charge_is_counted() -> None:
    world = BareWorld()
    world.board.load(1)
    world.run(10_000)
    world.board.load(0)
    assert world.charge_mas == 6000
    world.run(24 * 3_600_000)
    # What the electronics take by themselves: 25 uA for a day.
    assert world.charge_mas == 6000 + 2160


@pytest.mark.parametrize(("interval_ms", "ua"), [(100, 150), (1_000, 15), (10_240, 1), (0, 0)])
def test_adverts_take_the_more_the_more_often_they_are(interval_ms: int, ua: int) -> None:
    world = BareWorld()
    world.advertises(interval_ms)
    world.run(1_000_000)
    assert world.charge_mas == 25 + ua
    world.reset("watchdog")
    before = world.charge_mas
    world.run(1_000_000)
    assert world.charge_mas - before == 25, "a unit that is gone tells nothing"


def test_the_pack_carries_nothing_while_usb_feeds_the_unit() -> None:
    world = BareWorld("flat", supply="external")
    world.board.load(1)
    world.run(60_000)
    assert world.charge_mas == 0
    assert world.board.read_mv(PACK) == 4600
    assert world.board.supply() == SUPPLY_EXTERNAL
    assert len(world.units) == 1


def test_a_brown_out_lets_all_outputs_fall_and_the_unit_boot_again() -> None:
    world = BareWorld("flat")
    world.run(1000)
    world.board.leds(1, 1)
    world.board.store("latch", b"1")
    world.board.mark(MARK_LOAD)
    world.board.load(1)
    world.run(1000)
    assert world.seen("reset") == [(1000, "brown-out")]
    for ch in ("led.green", "led.red", "load"):
        assert world.seen(ch) == [(0, 0), (1000, 1), (1000, 0)]
    assert len(world.units) == 2
    assert world.units[1].booted_at == 0  # its clock began again
    assert world.board.reset_cause() == RESET_BROWN_OUT
    assert world.board.markers() == MARK_LOAD
    assert world.board.fetch("latch") == b"1"


def test_below_the_good_voltage_it_stays_down_until_there_is_power() -> None:
    world = BareWorld()
    world.set_pack([(1450, 300), (1450, 300)])  # it runs down to 2800 mV ...
    world.run(100)
    assert world.seen("reset") == []
    world.set_pack([(1300, 300), (1300, 300)])
    world.run(100)
    world.set_pack([(1450, 300), (1450, 300)])  # ... but doesn't start from so little
    world.run(10_000)
    assert len(world.units) == 1
    world.set_pack("good")
    world.run(49)
    assert len(world.units) == 1
    world.run(1)
    assert len(world.units) == 2


def test_a_dip_that_ends_within_the_units_own_turn_is_none() -> None:
    world = BareWorld("flat")
    world.board.load(1)
    world.board.load(0)
    world.run(1000)
    assert world.seen("reset") == []


def test_a_power_cut_takes_everything_but_the_storage() -> None:
    world = BareWorld()
    world.board.store("latch", b"1")
    world.board.mark(MARK_LOAD)
    world.board.motor(-1)
    world.run(200)
    world.power_cut(500)
    world.run(499)
    world.press()
    assert world.units[0].events == [(91, 2, 0)]
    world.run(1000)
    assert world.seen("power") == [(0, 1), (200, 0), (700, 1)]
    assert world.seen("reset") == [(700, "power")]
    assert world.seen("motor")[-1] == (200, 0)
    assert len(world.units) == 2
    assert world.board.reset_cause() == RESET_POWER
    assert world.board.markers() == 0
    assert world.board.fetch("latch") == b"1"


def test_a_reset_says_its_cause_and_none_comes_while_it_is_down() -> None:
    world = BareWorld()
    world.reset("watchdog")
    world.reset("soft")
    world.run(100)
    assert world.seen("reset") == [(0, "watchdog")]
    assert world.board.reset_cause() == RESET_WATCHDOG


def test_readings_fail_on_demand() -> None:
    world = BareWorld()
    assert [world.board.read_mv(cell) for cell in (PACK, 0, 1)] == [6000, 3000, 3000]
    assert world.board.read_mv(2) == FAILED
    world.adc_fails = True
    world.temperature_c = None
    assert [world.board.read_mv(cell) for cell in (PACK, 0)] == [FAILED, FAILED]
    assert world.board.temperature() == FAILED


@pytest.mark.parametrize(
    ("method", "word"),
    [("set_door", "ajar"), ("set_supply", "sun"), ("reset", "whim"), ("thumb_turn", "up")],
)
def test_an_unknown_word_is_refused_with_those_there_are(method: str, word: str) -> None:
    with pytest.raises(ValueError, match=f"expected one of .*, got '{word}'"):
        getattr(BareWorld(), method)(word)
