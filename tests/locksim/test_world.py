"""The world with the real firmware in it: its wakes, its clock's wrap, its crashes; determinism."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockjudge.trace import format_trace
from locksim.mainloop import TICKS_PERIOD, FirmwareCrashError
from locksim.packs.fixed import PACKS
from locksim.world import World
from lockunit.board import EV_BUTTON, EV_RX
from tests.locksim.bare_unit import BareUnit, BareWorld


def a_morning(world: World) -> list[str]:
    """A diagnostic, a motor run that a hand disturbs, and a brown-out; its trace's lines."""
    world.press(bounce=(3, 2))
    world.run(31_000)
    world.receive(b'{"jsonrpc":"2.0","id":1,"method":"bolt.unlock"}\n')
    world.run(250)
    world.thumb_turn("locked")
    world.run(40_000)
    world.set_pack("flat")
    world.press()
    world.run(40_000)
    trace = world.trace()
    return list(format_trace(trace.header, trace.events))


def test_the_same_stimuli_give_the_same_bytes() -> None:
    assert a_morning(World(seed=3)) == a_morning(World(seed=3))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 115_000))
def test_where_the_units_clock_wraps_changes_nothing(ms: int) -> None:
    assert a_morning(World(ticks_start=TICKS_PERIOD - ms)) == a_morning(World())


def test_the_units_clock_wraps_and_begins_again_at_a_boot() -> None:
    world = BareWorld(ticks_start=TICKS_PERIOD - 10)
    world.run(10)
    world.press()
    assert world.units[0].booted_at == TICKS_PERIOD - 10
    assert world.units[0].events == [(0, EV_BUTTON, 1)]
    world.reset("soft")
    world.run(50)
    assert world.units[1].booted_at == 0


def test_an_idle_day_wakes_it_for_the_battery_alone() -> None:
    world = World()
    world.run(24 * 3_600_000)
    assert 0 < len(world.wakes) < 20
    assert all(cause.startswith("battery.") for _, cause in world.wakes)


def test_events_are_wakes_with_names() -> None:
    world = BareWorld()
    world.press()
    world.set_door("open")
    world.receive(b"x")
    world.set_supply("external")
    world.thumb_turn("unlocked")
    world.run(1000)
    assert [cause for _, cause in world.wakes] == [
        "event.button",
        "event.door",
        "event.rx",
        "event.supply",
        "event.bolt",
        "event.button",
        "event.bolt",
    ]


def test_bytes_come_in_the_pieces_of_a_uart() -> None:
    world = BareWorld()
    data = bytes(range(256)) * 2 + b"rest"
    world.receive(data)
    world.receive(b"")
    pieces = [arg for _, kind, arg in world.units[0].events if kind == EV_RX]
    assert pieces == [data[:256], data[256:512], b"rest"]


def test_a_megabyte_at_once_is_no_restless_unit() -> None:
    world = World()
    world.receive(b"x" * 2**20 + b"\n")
    world.run(1_000)
    assert world.loop.running


def test_bouncing_contacts_flip_at_both_edges() -> None:
    world = BareWorld()
    world.press(hold_ms=100, bounce=(2, 1))
    world.run(200)
    assert world.seen("button") == [(0, 0), (0, 1), (2, 0), (3, 1), (100, 0), (102, 1), (103, 0)]


@pytest.mark.parametrize("bounce", [(1,), (1, -1)])
def test_a_bounce_must_end_where_the_contact_belongs(bounce: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="even number of flips"):
        BareWorld().press(bounce=bounce)


def test_a_button_held_for_an_hour_is_two_edges() -> None:
    world = World()
    world.press(hold_ms=3_600_000)
    world.run(3_700_000)
    button = [event.v for event in world.recorder.events if event.ch == "button"]
    assert button == [0, 1, 0]


class Faulty(BareUnit):
    """Works until its timer."""

    def step(self, now: int) -> int:
        if now >= 500:
            raise ZeroDivisionError
        return 500


class Restless(BareUnit):
    """Always wants to run again at once."""

    def step(self, now: int) -> int:
        return 0


@pytest.mark.parametrize(
    ("boot", "message"),
    [(Faulty, "ZeroDivisionError.* at 500 ms"), (Restless, "steps within a millisecond.* at 0 ms")],
)
def test_a_crash_of_the_firmware_reaches_the_caller(
    boot: Callable[..., BareUnit], message: str
) -> None:
    world = World(boot=boot)
    with pytest.raises(FirmwareCrashError, match=message):
        world.run(1000)
    world.thumb_turn("unlocked")  # the world goes on; the unit doesn't
    world.run(1000)
    assert not world.loop.running


def test_what_the_unit_causes_within_its_own_turn_is_told_after_it() -> None:
    told: list[str] = []

    class Breaking(BareUnit):
        def event(self, now: int, kind: int, arg: object, wire: int = 0) -> None:
            told.append(f"in {kind}")
            if kind == EV_BUTTON:
                world.break_switch("locked", "open")
            told.append(f"out {kind}")

    world = World(boot=Breaking)
    world.button(1)
    assert told == ["in 1", "out 1", "in 2", "out 2"]
    assert [cause for _, cause in world.wakes] == ["event.button", "event.bolt"]


@pytest.mark.parametrize("name", PACKS)
def test_every_pack_survives_a_day_of_use(name: str) -> None:
    world = World(pack=name)
    for _ in range(4):
        world.press()
        world.receive(b'{"jsonrpc":"2.0","id":1,"method":"bolt.unlock"}\n')
        world.run(6 * 3_600_000)
    assert world.loop.running
    assert world.recorder.shown["motor"] == world.recorder.shown["load"] == 0
