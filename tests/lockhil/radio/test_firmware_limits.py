"""Whom the firmware's own radio drops, lets in and makes wait; that it keeps nobody locked in."""

import asyncio

import pytest
from bumble.core import BaseBumbleError

from lockunit.board import EV_JOINED, EV_LEFT, EV_RX
from tests.lockhil.radio.phone import FIRMWARE, OTHER, SEALED, THIRD, Phone, line, phone
from tests.lockhil.radio.rig import PHONE, board


def test_a_stranger_hears_nothing_and_is_dropped_and_there_is_room_again() -> None:
    with board(SEALED, stay=False) as one:
        mine = phone(one)
        one.world.press()
        one.world.thumb_turn("unlocked")
        one.world.run(5_000)
        assert mine.heard == []
        mine.write(line("bolt.lock"))
        assert mine.answer()["code"] == -32001
        assert one.wait(lambda: not mine.here, 15_000)
        other = phone(one, OTHER)
        other.write(line("unit.hello"))
        assert other.answer()["sealed"] is True


def test_two_strangers_make_room_for_a_third() -> None:
    with board(SEALED, stay=False) as one:
        phone(one)
        phone(one, OTHER)
        began = one.world.now
        third = phone(one, THIRD)
        assert one.world.now - began < 6_000
        third.write(line("unit.hello"))
        assert third.answer()["sealed"] is True


def test_who_does_not_read_is_dropped() -> None:
    """The stack never takes what the unit sends: as if the air were full, or nobody there."""
    stuck = """
import bluetooth
def full(self, conn, value, data):
    raise OSError(12)
bluetooth.BLE.gatts_notify = full
"""
    with board(stuck + FIRMWARE, stay=False) as one:
        mine = phone(one)
        mine.write(line("unit.hello"))
        one.world.run(9_000)
        assert mine.here
        assert one.wait(lambda: not mine.here, 3_000)


def test_what_the_stack_did_not_take_is_tried_again() -> None:
    busy = """
import bluetooth
notify, n = bluetooth.BLE.gatts_notify, [0]
def sometimes(self, conn, value, data):
    n[0] += 1
    if n[0] % 3:
        raise OSError(12)
    notify(self, conn, value, data)
bluetooth.BLE.gatts_notify = sometimes
"""
    with board(busy + FIRMWARE, stay=False) as one:
        mine = phone(one)
        mine.write(line("battery.report"))
        assert "level" in mine.answer()


def test_who_asks_for_more_than_is_kept_is_dropped() -> None:
    stuck = """
import bluetooth
def full(self, conn, value, data):
    raise OSError(12)
bluetooth.BLE.gatts_notify = full
"""
    with board(stuck + FIRMWARE, stay=False) as one:
        mine = phone(one, mtu=247)
        with pytest.raises(BaseBumbleError):
            mine.write_all(line("battery.report", number) for number in range(100))
        assert one.wait(lambda: not mine.here, 1_000)


def test_a_radio_that_does_not_start_keeps_nobody_out() -> None:
    dead = """
import bluetooth
def dead(self, on=None):
    raise OSError(19)
bluetooth.BLE.active = dead
"""
    with board(dead + FIRMWARE, stay=False) as one:
        one.world.run(100)
        one.world.receive(line("unit.hello", 1) + line("bolt.unlock", 2))
        one.world.run(5_000)
        answers = {told["id"]: told["result"] for told in one.said if "id" in told}
        assert answers[1]["refused"] == ["radio"]
        assert answers[2]["result"] == "done"


def test_adverts_that_fail_are_tried_again() -> None:
    once = """
import bluetooth
advertise, n = bluetooth.BLE.gap_advertise, [0]
def fails_first(self, *args, **named):
    n[0] += 1
    if n[0] < 3:
        raise OSError(12)
    return advertise(self, *args, **named)
bluetooth.BLE.gap_advertise = fails_first
"""
    with board(once + FIRMWARE, stay=False) as one:
        mine = phone(one)
        mine.write(line("unit.hello"))
        assert mine.answer()["kind"] == "door"


# A unit that notes its events, over the real driver and loop.
NOTING = """
import json
import lockboards.loop
from lockboards.board import MachineBoard
from lockboards.files import Files
with open("/a/board.json") as file:
    board = MachineBoard(json.load(file), Files("/data"))
class Unit:
    def event(self, now, kind, arg, wire):
        say([kind, arg if isinstance(arg, int) else len(arg), wire])
        if isinstance(arg, bytes) and arg[:1] == b"d":
            board.drop(wire)
    def step(self, now):
        return -1
board.advertise(100, b"\\x02\\x01\\x06", b"")
lockboards.loop.run(Unit(), board)
"""


def test_the_unit_is_told_who_comes_and_goes_and_what_each_says() -> None:
    with board(NOTING, stay=False) as one:
        first, second = phone(one, PHONE, 247), phone(one, OTHER, 247)
        first.write(b"x" * 30)
        second.write(b"y" * 40)
        assert second.connection is not None
        one.run(second.connection.disconnect())
        first.write(b"drop me")
        assert one.wait(lambda: not first.here, 1_000)
        one.world.run(1_000)
        assert one.said == [
            [EV_JOINED, 1, 1],
            [EV_JOINED, 2, 2],
            [EV_RX, 30, 1],
            [EV_RX, 40, 2],
            [EV_LEFT, 2, 2],
            [EV_RX, 7, 1],
            [EV_LEFT, 1, 1],
        ]


def test_a_third_is_not_let_in_and_waits_for_a_place() -> None:
    with board(NOTING, stay=False) as one:
        first = phone(one, PHONE)
        phone(one, OTHER)
        third = Phone(one, THIRD)

        async def later() -> None:
            coming = asyncio.ensure_future(third.enter())
            await asyncio.sleep(20)
            assert third.connection is None
            assert first.connection is not None
            await first.connection.disconnect()
            await coming

        one.run(later())
        assert one.said[-1] == [EV_JOINED, 1, 1]
