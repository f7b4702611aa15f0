"""A unit on a pack that changes while its current doesn't."""

from locksim.packs.load import kinds
from locksim.plant import BROWN_OUT_MV, POWER_GOOD_MV
from locksim.world import World

KIND = kinds()["cr123a-2s"]


def world_with(used: float, **more: float) -> World:
    pack = KIND.pack([KIND.new_cell(used=used, **more) for _ in range(2)])
    return World(KIND.settings(), pack)


def test_it_browns_out_in_the_middle_of_a_load_at_that_very_millisecond() -> None:
    # Just enough to begin with, and less with every second.
    for used in [depth / 1000 for depth in range(980, 1000)]:
        world = world_with(used)
        world.press()
        world.run(31_000)
        falls = [event for event in world.recorder.events if event.ch == "reset"]
        loads = [e.t_ms for e in world.recorder.events if e.ch == "load" and e.v == 1]
        if falls and loads and falls[0].t_ms - loads[0] > 100:
            break
    else:
        raise AssertionError("no depth at which it falls in the middle")
    before = [e.v for e in world.recorder.events if e.ch == "battery.mv" and e.t_ms < falls[0].t_ms]
    assert before[-1] >= BROWN_OUT_MV
    assert world.recorder.shown["led.green"] == world.recorder.shown["led.red"] == 0


def test_a_dead_unit_starts_again_once_its_pack_has_recovered() -> None:
    world = world_with(0.985, resistance=2.0)
    world.press()
    world.run(60_000)
    events = world.recorder.events
    assert [e for e in events if e.ch == "reset"]
    assert world.loop.running
    assert world.plant.rail_mv(world.now) > POWER_GOOD_MV


def test_the_cold_reaches_the_cells_and_a_dead_sensor_leaves_them_as_they_are() -> None:
    world = world_with(0.5)
    warm = world.plant.pack.thevenin(0)[1]
    world.temperature_c = -20
    cold = world.plant.pack.thevenin(0)[1]
    world.temperature_c = None
    assert cold > 2 * warm
    assert world.plant.pack.thevenin(0)[1] == cold


def test_standby_discharges_it() -> None:
    world = world_with(0.0)
    world.plant.idle_ua = 10_000
    world.settle()
    world.run(24 * 3_600_000)
    cell = world.plant.pack.slots[0].cell  # type: ignore[attr-defined]
    assert 235 < cell.gone_at(world.now) < 260
