"""The whole firmware on the target `virtual`, in a heap that ends: a day that asks for much.

`virtual` runs what a board runs, and its own stand-ins for `machine` and the like in the same
heap: what survives here has that much more on a board.
"""

import importlib.util
import json
import tempfile
from pathlib import Path
from unittest import mock

from lockhil import firmware
from lockhil.targets import open_target
from lockhil.targets.options import Options
from lockhil.virtual import child_process, image
from lockhil.virtual.loop import VirtualLoop
from locksim.mainloop import FirmwareCrashError
from tests.memory.ports import BOARD

# Printed by a board that has booted so far, and ends.
_MAIN = """
import gc, json
def alive():
    gc.collect()
    return gc.mem_alloc()
told = [alive()]
import lockboards.app
told.append(alive())
from lockboards.board import MachineBoard
from lockboards.files import Files
from lockunit.settings import decode
from lockunit.unit import Unit
files = Files("/data")
board = MachineBoard(json.load(open("/a/board.json")), files)
unit = Unit(board, decode(files.fetch("settings")), 0)
told.append(alive())
print(told)
"""


def _lines() -> list[bytes]:
    """The longest lines that a unit has to bear: those of the scripts."""
    spec = importlib.util.spec_from_file_location("memory_lines", BOARD / "lines.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [line for _, line in module.LONGEST]


def hard_day(heap: int) -> None:
    """Live through it in a heap of so many bytes. FirmwareCrashError."""
    with (
        mock.patch.object(child_process, "HEAP", str(heap)),
        open_target("virtual") as unit,
    ):
        for _ in range(3):
            unit.link.call("bolt.unlock")
            unit.link.call("bolt.lock")
        unit.bench.press()
        unit.bench.clock.advance(seconds=40)
        unit.bench.clock.advance(hours=13)
        for line in _lines():
            before = len(unit.link.lines)
            unit.link.send_raw(line + b"\n")
            unit.bench.clock.advance(seconds=1)
            assert len(unit.link.lines) == before + 1, line[:60]
        unit.link.call("bolt.unlock")
        unit.bench.clock.advance(hours=13)
        assert unit.link.call("bolt.state")["state"] == "LOCKED"
        for method in ("unit.hello", "battery.report", "selftest.last"):
            unit.link.call(method)


def survives(heap: int) -> bool:
    """Whether a unit lives through the hard day in a heap of so many bytes."""
    try:
        hard_day(heap)
    except FirmwareCrashError:
        return False
    return True


def smallest_heap(enough: int, step: int = 1_024) -> int:
    """The smallest heap that it survives in, to `step` bytes; it survives in `enough`."""
    too_small = 0
    while enough - too_small > step:
        middle = (enough + too_small) // 2
        if survives(middle):
            enough = middle
        else:
            too_small = middle
    return enough


def alive() -> tuple[int, int, int]:
    """Bytes alive on `virtual`: its stand-ins, the firmware's code, its objects once booted."""
    options = Options()
    settings = options.settings()
    content = firmware.laid_out()
    content["main.py"] = _MAIN.encode()
    content["data/settings"] = settings.encode()
    wiring = json.loads(content[firmware.WIRING])
    with tempfile.TemporaryDirectory() as folder:
        disk = Path(folder) / "flash.img"
        disk.write_bytes(image.build(content).read_bytes())
        try:
            options.world(settings, loop=lambda line: VirtualLoop(line, wiring, disk)).run()
        except FirmwareCrashError as end:
            stand_ins, code, booted = json.loads(str(end).splitlines()[-1].partition(": ")[2])
            return stand_ins, code - stand_ins, booted - code
    raise AssertionError("the unit told nothing")
