"""What is used of mpremote, held to on a virtual board: an upgrade that changes it fails here."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lockhil.boards import repl as repl_module
from lockhil.boards.contents import look
from lockhil.boards.onboard import STILL
from lockhil.boards.repl import BoardError, NoContactError, Repl
from lockhil.boards.session import visit
from lockhil.firmware import wiring_file
from lockhil.targets.options import Options
from lockhil.virtual.console import Console
from lockhil.virtual.image import image
from lockhil.virtual.interpreter import NoInterpreterError
from lockhil.virtual.realtime import RealBoard
from locksim.world import World


@pytest.fixture
def board(tmp_path: Path) -> Iterator[RealBoard]:
    begin = Options()
    wiring = json.loads(wiring_file().read_text())
    stored = {"settings": begin.settings().encode(), "unit": b"T-1"}
    try:
        shutil.copyfile(image(stored), tmp_path / "flash.img")
    except NoInterpreterError as error:
        pytest.skip(str(error))

    def make_world(**more: Any) -> World:
        return begin.world(begin.settings(), target="test", clock="real", **more)

    board = RealBoard(wiring, tmp_path / "flash.img", make_world)
    yield board
    board.close()


def until(board: RealBoard, seen: Callable[[World], bool]) -> None:
    """Wait for it, as long as a slow machine takes."""
    for _ in range(600):
        with board.acting() as world:
            if seen(world):
                return
        time.sleep(0.05)
    pytest.fail("it didn't come to that")


def shown(channel: str, value: object) -> Callable[[World], bool]:
    return lambda world: world.recorder.shown[channel] == value


def boots(world: World) -> int:
    """How often main.py started."""
    sent = [event.v for event in world.recorder.events if event.ch == "tx"]
    return sum("unit.boot" in line for line in sent)


def test_the_raw_repl_runs_code_and_tells_errors(board: RealBoard) -> None:
    until(board, lambda world: boots(world) == 1)
    repl = Repl(board.console)
    assert repl.run("print('Å', 6*7)").split() == ["Å", "42"]
    assert repl.values("print((1, b'\\x00', None))\nprint(repr('two'))") == [
        (1, b"\x00", None),
        "two",
    ]
    with pytest.raises(BoardError, match="ZeroDivisionError: divide by zero"):
        repl.run("1/0")
    with pytest.raises(NoContactError, match="garbled"):
        repl.values("print('no literal at all')\nprint(')')")
    longest = "x='" + "y" * 2_040 + "'"
    assert repl.run(longest) == ""
    with pytest.raises(NoContactError, match="is busy: another program has it open"):
        Repl(board.console)
    # A reset in the raw REPL isn't one that skips main.py.
    repl.reset()
    until(board, lambda world: boots(world) == 2)
    assert b"lockboards/loop.py" in wait_for_loop(repl)
    repl.close()


def wait_for_loop(repl: Repl) -> bytes:
    """Interrupt main.py until it was in its loop."""
    for _ in range(20):
        repl.listen(0.5)
        said = repl.interrupt(2)
        if b"lockboards/loop.py" in said:
            break
        repl.restart()
    return said


def test_a_visit_switches_leds_off_first_and_starts_the_board_again(board: RealBoard) -> None:
    until(board, shown("bolt", "LOCKED"))
    with board.acting() as world:
        world.press()
    until(board, shown("led.green", 1))
    with visit(board.console) as here:
        until(board, shown("led.green", 0))
        assert here.who.virtual
        assert str(here.who) == "a virtual board, MicroPython 1.29.0"
        assert here.who.unfit(6) is None
        found = look(here.repl)
    assert (found.unit, found.version, found.manifest) == ("T-1", "0.1.0", None)
    assert (found.used, found.home) == ("/a", "/a")
    assert not found.boot_idle  # it keeps the console
    until(board, lambda world: boots(world) == 2)


def test_who_comes_right_after_a_restart_is_heard_at_once(
    board: RealBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A ctrl-C in the first lines of boot.py is nobody's; a slow machine may take its time.
    monkeypatch.setattr(repl_module, "_TRIES_S", (15, 15))
    until(board, lambda world: boots(world) == 1)
    for _ in range(6):
        repl = Repl(board.console)
        repl.run(STILL)
        repl.restart()
        repl.close()
    repl = Repl(board.console)
    assert repl.run("print(6*7)").split() == ["42"]
    repl.close()


def test_a_running_motor_stops_with_the_visit(board: RealBoard) -> None:
    until(board, shown("bolt", "LOCKED"))
    with board.acting() as world:
        world.receive(b'{"jsonrpc":"2.0","id":1,"method":"bolt.unlock"}\n')
    until(board, lambda world: bool(world.recorder.shown["motor"]))
    repl = Repl(board.console)
    assert repl.run(STILL).strip() == "True"
    until(board, shown("motor", 0))
    repl.close()


def test_what_is_typed_while_a_board_starts_waits_until_it_has_its_flash() -> None:
    """Interrupted before, its REPL would work on the PC's own files."""
    console = Console()
    inner = console.attach()
    os.set_blocking(inner.slave, False)
    client = os.open(console.line.path, os.O_RDWR | os.O_NOCTTY)
    os.write(client, b"\r\x01")
    console.from_client()
    with pytest.raises(BlockingIOError):
        os.read(inner.slave, 10)
    console.up()
    assert os.read(inner.slave, 10) == b"\r\x01"
    # A board that is started again by itself has what was typed since it ended.
    console.rebooting()
    console.detach()
    os.write(client, b"\r\x02")
    console.from_client()
    inner = console.attach()
    os.set_blocking(inner.slave, False)
    console.up()
    assert os.read(inner.slave, 10) == b"\r\x02"
    # One without power has not.
    console.detach()
    os.write(client, b"lost")
    console.from_client()
    inner = console.attach()
    os.set_blocking(inner.slave, False)
    console.up()
    with pytest.raises(BlockingIOError):
        os.read(inner.slave, 10)
    os.close(client)
    console.close()
