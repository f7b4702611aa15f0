"""Motor and bolt: travel, stall, jam, dead motor, broken switches; and the hand always wins."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockunit.board import END_LOCKED, END_UNLOCKED
from tests.locksim.bare_unit import BareWorld

LOCK, UNLOCK = 1, -1


def unlocking(pack: str = "good", **options: str) -> BareWorld:
    world = BareWorld(pack, **options)
    world.board.motor(UNLOCK)
    return world


def ran_for(world: BareWorld, switch: int) -> int:
    """How long the motor ran until a switch closed."""
    assert world.timeline.run_until(lambda: world.bolt_ends() == switch, 5000)
    return world.now


def test_the_bolt_travels_in_about_600_ms_at_6_v_and_slower_at_less() -> None:
    times = [ran_for(unlocking(pack), END_UNLOCKED) for pack in ("good", "weak", "low")]
    assert 550 <= times[0] <= 650
    assert times == sorted(times)
    assert len(set(times)) == 3


def test_locking_is_unlocking_backwards() -> None:
    world = BareWorld(bolt="unlocked")
    world.board.motor(LOCK)
    assert ran_for(world, END_LOCKED) == ran_for(unlocking(), END_UNLOCKED)


def test_inrush_then_running_then_stall_at_the_end() -> None:
    world = unlocking()
    world.run(1000)
    assert world.seen("battery.ma") == [(0, 0), (0, 1666), (80, 600), (601, 1666)]
    assert world.seen("bolt") == [(0, "LOCKED"), (91, "BETWEEN"), (591, "UNLOCKED")]


def test_a_brake_stops_it_at_once() -> None:
    world = unlocking()
    world.run(300)
    world.board.motor(0)
    place = world.plant.bolt.at(300)
    world.run(300)
    assert 0 < place == world.plant.bolt.at(600)
    assert world.board.motor_ma() == 0


def test_a_jam_stalls_the_motor_and_reversing_frees_it() -> None:
    world = unlocking(bolt="locked")
    world.jam(500)
    world.run(1000)
    assert world.plant.bolt.at(world.now) == 500_000
    assert world.board.motor_ma() == 1666
    world.board.motor(LOCK)
    assert world.timeline.run_until(lambda: world.bolt_ends() == END_LOCKED, 1000)


def test_a_jam_holds_from_the_other_side_too() -> None:
    world = BareWorld(bolt="unlocked")
    world.jam(500)
    world.board.motor(LOCK)
    world.run(1000)
    assert world.plant.bolt.at(world.now) == 500_001
    world.board.motor(UNLOCK)
    assert world.timeline.run_until(lambda: world.bolt_ends() == END_UNLOCKED, 1000)


def test_driving_on_the_same_way_is_no_new_inrush() -> None:
    world = unlocking()
    world.run(300)
    world.board.motor(UNLOCK)
    assert world.board.motor_ma() == 600
    world.board.motor(LOCK)
    assert world.board.motor_ma() == 1666


@pytest.mark.parametrize(("bolt", "place"), [("locked", 0), ("unlocked", 1000), ("between", 500)])
def test_jammed_where_it_stands_it_cannot_move_either_way(bolt: str, place: int) -> None:
    world = BareWorld(bolt=bolt)
    world.jam(place)
    at = world.plant.bolt.at(0)
    for direction in (LOCK, UNLOCK):
        world.board.motor(direction)
        world.run(1000)
        assert world.plant.bolt.at(world.now) == at
        assert world.board.motor_ma() == 1666
    world.thumb_turn("unlocked")
    world.run(400)
    assert world.bolt_ends() == END_UNLOCKED


def test_a_dead_motor_draws_and_moves_nothing() -> None:
    world = BareWorld()
    world.motor_dead(True)
    world.board.motor(UNLOCK)
    world.run(1000)
    assert world.seen("battery.ma") == [(0, 0)]
    assert world.seen("motor") == [(0, 0), (0, UNLOCK)]
    assert world.bolt_ends() == END_LOCKED


def test_a_motor_that_dies_on_the_way_stops_there() -> None:
    world = unlocking()
    world.run(300)
    world.motor_dead(True)
    at = world.plant.bolt.at(300)
    world.run(1000)
    assert world.plant.bolt.at(world.now) == at
    assert world.board.motor_ma() == 0


@pytest.mark.parametrize("at_ms", range(0, 700, 10))
@pytest.mark.parametrize("place", ["locked", "unlocked"])
def test_the_thumb_turn_wins_at_any_moment_of_a_motor_run(at_ms: int, place: str) -> None:
    world = unlocking()
    world.run(at_ms)
    world.thumb_turn(place)
    world.run(100)
    # Whoever holds the bolt also stalls the motor, wherever it wanted to go.
    assert world.board.motor_ma() == 1666
    world.run(300)
    assert world.plant.bolt.place(world.now) == place.upper()
    world.run(2000)
    assert world.plant.bolt.place(world.now) == "UNLOCKED"  # the motor still pushed


@pytest.mark.parametrize("state", ["open", "closed"])
def test_a_broken_switch_says_the_same_wherever_the_bolt_is(state: str) -> None:
    world = BareWorld()
    world.break_switch("locked", state)
    for place in ("locked", "unlocked"):
        world.thumb_turn(place)
        world.run(500)
        assert bool(world.board.bolt_ends() & END_LOCKED) == (state == "closed")
    world.break_switch("locked", None)
    assert world.board.bolt_ends() == END_UNLOCKED


def test_the_unit_is_told_of_each_end_as_it_opens_and_closes() -> None:
    world = unlocking()
    world.run(1000)
    assert [(t, arg) for t, _, arg in world.units[0].events] == [(91, 0), (591, END_UNLOCKED)]


STIMULI = st.lists(
    st.tuples(
        st.integers(0, 500),
        st.one_of(
            st.tuples(st.just("motor"), st.sampled_from([-1, 0, 1])),
            st.tuples(st.just("turn"), st.sampled_from(["locked", "unlocked"])),
            st.tuples(st.just("jam"), st.sampled_from([None, 0, 300, 500, 1000])),
            st.tuples(st.just("dead"), st.booleans()),
            st.tuples(st.just("pack"), st.sampled_from(["good", "low", "discharged"])),
        ),
    ),
    max_size=12,
)


def lived(stimuli: list[tuple[int, tuple[str, object]]], stride: int) -> list[object]:
    """The world's trace, where somebody looks at the hardware every `stride` ms."""
    world = BareWorld()
    actions: dict[str, Callable[[Any], None]] = {
        "motor": world.board.motor,
        "turn": world.thumb_turn,
        "jam": world.jam,
        "dead": world.motor_dead,
        "pack": world.set_pack,
    }
    for wait, (what, value) in stimuli:
        for _ in range(wait // stride):
            world.run(stride)
            world.settle()
            assert 0 <= world.plant.bolt.at(world.now) <= 1_000_000
        world.run(wait % stride)
        actions[what](value)
        world.run()
    world.run(2000)
    return [world.seen("bolt"), world.seen("battery.ma"), world.seen("reset")]


@given(STIMULI)
def test_looking_more_often_changes_nothing(stimuli: list[tuple[int, tuple[str, object]]]) -> None:
    assert lived(stimuli, 1000) == lived(stimuli, 7)
