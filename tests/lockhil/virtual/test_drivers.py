"""The drivers' own pieces in the real MicroPython: ring, inputs, files, converter, markers."""

import pytest

from lockunit import board as port
from tests.lockhil.virtual.rig import STAY, board, say


def test_the_ring_keeps_order_and_says_when_it_lost_something() -> None:
    main = """
import select
from lockboards.ring import Ring
ring = Ring()
for lap in range(3):  # its ends meet somewhere else each time
    for n in range(20):
        ring.put(n, 100 + n)
    say([[ring.kind(), ring.take()] for _ in range(20)])
poller = select.poll()
poller.register(ring, select.POLLIN)
say(len(poller.poll(0)))
for n in range(33):
    ring.put(1, n)
say([ring.waiting(), ring.overflowed, len(poller.poll(0)), [ring.take() for _ in range(32)]])
say([ring.waiting(), len(poller.poll(0))])
ring.overflowed = False
say(len(poller.poll(0)))
"""
    lap = [[n, 100 + n] for n in range(20)]
    assert say(main) == [lap, lap, lap, 0, [32, True, 1, list(range(32))], [0, 1], 0]


# A unit that notes its events, on the board and main loop of the firmware.
NOTING = """
import lockboards.loop
from lockboards.board import MachineBoard
from lockboards.files import Files
with open("/a/board.json") as file:
    board = MachineBoard(json.load(file), Files("/data"))
class Unit:
    def event(self, now, kind, arg, wire):
        say([kind, arg])
    def step(self, now):
        return -1
"""
RUN = "lockboards.loop.run(Unit(), board)\n"


def test_after_lost_events_every_input_is_looked_at_again() -> None:
    flood = f"""
for n in range(40):  # more than it holds
    board.ring.put({port.EV_DOOR}, {port.DOOR_UNKNOWN})
"""
    with board(NOTING + flood + RUN, bolt="unlocked", door="open", supply="external") as rig:
        rig.world.run(10)
        assert rig.said[:32] == [[port.EV_DOOR, port.DOOR_UNKNOWN]] * 32
        assert rig.said[32:] == [
            [port.EV_BOLT, port.END_UNLOCKED],
            [port.EV_DOOR, port.DOOR_OPEN],
            [port.EV_SUPPLY, port.SUPPLY_EXTERNAL],
        ]


def test_two_contacts_of_one_reading_are_one_event() -> None:
    with board(NOTING + RUN) as rig:
        rig.world.set_door("open")
        rig.world.set_supply("external")
        rig.world.set_supply("unknown")
        rig.world.break_switch("unlocked", "closed")
        rig.world.press(hold_ms=10)
        rig.world.run(10)
        assert rig.said == [
            [port.EV_DOOR, port.DOOR_OPEN],
            [port.EV_SUPPLY, port.SUPPLY_EXTERNAL],
            [port.EV_SUPPLY, port.SUPPLY_UNKNOWN],
            [port.EV_BOLT, port.END_LOCKED | port.END_UNLOCKED],
            [port.EV_BUTTON, 1],
            [port.EV_BUTTON, 0],
        ]


def test_contacts_that_contradict_each_other_are_unknown() -> None:
    main = NOTING + (
        "board.inputs._pins['door_open'] = board.inputs._pins['door_closed']\n"
        "board.inputs._pins['usb'] = board.inputs._pins['pack']\n"
        "say([board.door(), board.supply()])\n"
    )
    assert say(main) == [[port.DOOR_UNKNOWN, port.SUPPLY_UNKNOWN]]


def test_what_was_being_written_when_power_went_is_swept_and_the_old_content_stays() -> None:
    main = """
import os
from lockboards.files import Files
files = Files("/data")
say([sorted(os.listdir("/data")), files.fetch("battery").decode(), files.fetch("none")])
files.store("battery", b"new")
files.store("other", b"")
say([sorted(os.listdir("/data")), files.fetch("battery").decode(), files.fetch("other").decode()])
"""
    assert say(main, {"data/battery": b"old", "data/battery.new": b"ha"}) == [
        [["battery"], "old", None],
        [["battery", "other"], "new", ""],
    ]


def test_what_was_stored_is_there_after_a_loss_of_power() -> None:
    main = """
from lockboards.files import Files
files = Files("/data")
kept = files.fetch("n") or b""
say(len(kept))
files.store("n", kept + b"x")
"""
    with board(main + STAY) as rig:
        for _ in range(4):
            rig.world.power_cut(1)
            rig.world.run(100)
        assert rig.said == [0, 1, 2, 3, 4]


def test_a_converter_at_its_end_has_measured_nothing() -> None:
    main = """
from lockboards.analog import Channel
from machine import Pin
for full in (1, 9_900, 16_383):
    channel = Channel(33, full)
    class Stuck:
        def read_u16(self):
            return raw
    channel._adc = Stuck()
    said = []
    for raw in (0, 65_534, 65_535):
        said.append(channel.read())
    say(said)
for full in (0, 16_384):
    try:
        Channel(33, full)
    except ValueError as error:
        say(str(error))
"""
    assert say(main) == [
        [0, 1, port.FAILED],
        [0, 9_900, port.FAILED],
        [0, 16_383, port.FAILED],
        "full scale: expected 1 to 16383, got 0",
        "full scale: expected 1 to 16383, got 16384",
    ]


def test_a_converter_that_fails_leaves_every_reading_without_a_number() -> None:
    main = NOTING + "say([board.read_mv(0), board.read_mv(1), board.read_mv(-1)])\n"
    main = f"time.sleep_ms(10)\n{main}"
    with board(main + STAY) as rig:
        rig.world.adc_fails = True
        rig.world.run(10)
        assert rig.said == [[port.FAILED] * 3]


@pytest.mark.parametrize(
    ("kept", "survived", "bits"),
    [
        (b"", False, 0),
        (b"abc", False, 0),
        (bytes((0x4C, 3, 252)), True, 3),
        (bytes((0x4C, 3, 253)), False, 0),
        (bytes((0x4D, 3, 252)), False, 0),
        (bytes((0x4C, 0, 255)), True, 0),
    ],
)
def test_only_whole_markers_count(kept: bytes, survived: bool, bits: int) -> None:
    main = """
from lockboards.markers import Markers
marks = Markers()
say([marks.survived, marks.bits])
"""
    with board(f"{main}\nmachine.RTC().memory({kept!r})\n{STAY}") as rig:
        rig.world.reset("soft")
        rig.world.run(50)
        assert rig.said == [[False, 0], [survived, bits]]


@pytest.mark.parametrize(
    ("watchdog", "open_ms", "closed_ms"),
    [
        ({"ms": 0}, 0, 0),
        ({"ms": 8_000}, 8_000, 8_000),
        # Nothing stops one that watches: it would cut a console off.
        ({"ms": 8_000, "with_console": 0}, 0, 8_000),
    ],
)
def test_a_watchdog_watches_where_nobody_interrupts(
    watchdog: dict[str, int], open_ms: int, closed_ms: int
) -> None:
    main = NOTING + (
        f"wiring = json.load(open('/a/board.json'))\nwiring['watchdog'] = {watchdog!r}\n"
        "say([MachineBoard(wiring, Files('/data'), shut).watchdog_ms for shut in (False, True)])\n"
    )
    assert say(main) == [[open_ms, closed_ms]]


def test_a_board_without_a_temperature_sensor_knows_no_temperature() -> None:
    main = NOTING + (
        "wiring = json.load(open('/a/board.json'))\ndel wiring['temperature']\n"
        "say(MachineBoard(wiring, Files('/data')).temperature())\n"
    )
    assert say(main) == [port.FAILED]
