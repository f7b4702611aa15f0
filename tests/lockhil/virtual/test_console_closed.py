"""A production unit's console: no prompt by any key, but in the one start that opens it."""

import json
import os
import select
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import serial

from lockhil.boards.repl import Repl
from lockhil.client import Link
from lockhil.firmware import laid_out, wiring_file
from lockhil.targets.realclock import SerialTransport
from lockhil.virtual.image import build
from lockhil.virtual.realtime import RealBoard
from locksim.world import World
from lockunit import lockkey, maintenance
from tests.lockhil.virtual.rig import board

WIRING = json.loads(wiring_file().read_text())
KEYS = dict(lockkey.provisions(bytes(range(32)), 1, 1_750_000_000))
MARK = {maintenance.STORED_AS: maintenance.pack()}
# Ctrl-C, raw REPL, friendly REPL, paste, soft reset, probes for raw-paste mode.
KEYS_TYPED = (b"\x03", b"\x01", b"\x02", b"\x05", b"\x04", b"\r\x03\x03\x01", b"\x05A\x01", b"\r\n")
PROMPTS = (b">>>", b"raw REPL", b"MicroPython v", b"KeyboardInterrupt", b"===")


class Live:
    """A board on the real clock, and what its console said."""

    def __init__(self, real: RealBoard) -> None:
        self.real = real
        self.port = serial.serial_for_url(real.console, timeout=0)
        self.said = b""

    def type(self, data: bytes, wait_s: float = 0.02) -> None:
        self.port.write(data)
        self.hear(wait_s)

    def hear(self, wait_s: float) -> None:
        until = time.monotonic() + wait_s
        while (left := until - time.monotonic()) > 0:
            select.select([self.port], [], [], left)
            self.said += self.port.read(4_096)

    def hammer(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for keys in KEYS_TYPED:
                self.type(keys, 0.003)

    def hello(self) -> dict[str, Any]:
        transport = SerialTransport(self.real.link, lambda: int(time.monotonic() * 1_000))
        try:
            link = Link(transport, first_id=int.from_bytes(os.urandom(2), "big"))
            link.send_raw(b"\n")
            return link.call("unit.hello", timeout_ms=5_000)
        finally:
            transport.close()

    def reset(self) -> None:
        with self.real.acting() as world:
            world.reset("soft")

    def shut(self) -> None:
        """No prompt came, whatever was typed; and the unit runs."""
        assert not [prompt for prompt in PROMPTS if prompt in self.said], self.said
        assert self.hello()["unit"] == "SIM-0001"


@contextmanager
def live(
    data: Mapping[str, bytes], files: Mapping[str, bytes | None] | None = None
) -> Iterator[Live]:
    content: dict[str, bytes | None] = {**laid_out()}
    content |= {f"data/{name}": value for name, value in data.items()}
    content |= {"data/unit": b"SIM-0001", **(files or {})}
    with TemporaryDirectory() as folder:
        disk = Path(folder) / "flash.img"
        shutil.copyfile(build({k: v for k, v in content.items() if v is not None}), disk)
        real = RealBoard(WIRING, disk, lambda **more: World(clock="real", **more))
        one = Live(real)
        try:
            yield one
        finally:
            one.port.close()
            real.close()


def test_no_key_opens_it_while_the_unit_starts_or_runs() -> None:
    with live(KEYS) as unit:
        unit.hammer(0.6)
        unit.shut()
        for _ in range(3):
            unit.reset()
            unit.hammer(0.6)
        unit.shut()


@pytest.mark.parametrize("key", [b"", KEYS["key.lock"][:-1] + b"\0"])
def test_a_key_that_is_corrupt_keeps_it_shut(key: bytes) -> None:
    with live({**KEYS, "key.lock": key}) as unit:
        unit.hammer(0.5)
        unit.shut()


def test_a_development_unit_has_a_console_as_ever() -> None:
    with live({}) as unit:
        unit.hear(1.0)
        unit.port.close()
        repl = Repl(unit.real.console)
        assert repl.run("print(6*7)").strip() == "42"
        repl.close()


def test_one_start_opens_it_and_a_soft_reset_in_the_raw_repl_ends_that() -> None:
    with live({**KEYS, **MARK}) as unit:
        # It runs: while it starts, two ctrl-C in a row may end the unix port itself.
        assert unit.hello()["unit"] == "SIM-0001"
        unit.port.close()
        repl = Repl(unit.real.console)
        assert repl.run("import os\nprint('maintenance' in os.listdir('/data'))").strip() == "False"
        repl._transport.serial.write(b"\x04")  # in the raw REPL: main.py is left out
        repl.close()
        unit.port.open()
        unit.hear(0.5)
        unit.said = b""
        unit.hammer(0.5)
        unit.shut()


@pytest.mark.parametrize("mark", [b"", maintenance.pack()[:-1]])
def test_a_mark_that_is_not_whole_opens_nothing(mark: bytes) -> None:
    with live({**KEYS, maintenance.STORED_AS: mark}) as unit:
        unit.hammer(0.5)
        unit.shut()


def test_a_program_that_ends_leads_into_a_reset_never_to_a_prompt() -> None:
    ends = b"from lockboards import app\ndef main():\n raise SystemExit\n"
    with live(KEYS, {"a/lockboards/app.mpy": None, "a/lockboards/app.py": ends}) as unit:
        unit.hammer(1.5)
        assert not [prompt for prompt in PROMPTS if prompt in unit.said], unit.said
        assert b"SystemExit" in unit.said


def test_it_is_shut_whatever_else_is_on_the_board() -> None:
    """Without main.py it runs as ever; without any firmware it starts again and again."""
    with live(KEYS, {"main.py": None}) as unit:
        unit.hammer(0.5)
        unit.shut()
    with live(KEYS, {"a/lockboards/console.mpy": None}) as unit:
        unit.hammer(0.5)
        assert not [prompt for prompt in PROMPTS if prompt in unit.said], unit.said


def test_an_open_console_closes_by_itself() -> None:
    data = {f"data/{name}": value for name, value in {**KEYS, **MARK}.items()}
    with board(None, data) as rig:
        rig.world.run(14 * 60_000)
        assert not rig.seen("reset")
        rig.world.run(2 * 60_000)
        assert [event.v for event in rig.seen("reset")] == ["soft"]
        rig.world.run(60 * 60_000)
        assert len(rig.seen("reset")) == 1
