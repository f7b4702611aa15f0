"""A virtual board with a `main.py` of the test's own: what it says is JSON, a line each.

The firmware's packages are on its flash as on any board; only what starts differs.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lockhil.firmware import laid_out, wiring_file
from lockhil.virtual.image import build
from lockhil.virtual.loop import VirtualLoop
from locksim.world import World

WIRING = json.loads(wiring_file().read_text())
SAYS = """\
import json
import time
import machine
def say(value):
    machine.UART(1).write(json.dumps(value) + "\\n")
"""
# A board whose main.py ends has crashed.
STAY = """
while True:
    time.sleep(3_600)
"""


class Rig:
    """A board in its world, from its start on."""

    def __init__(self, world: World, loop: VirtualLoop) -> None:
        self.world = world
        self.loop = loop

    @property
    def said(self) -> list[Any]:
        """What it said so far."""
        return [json.loads(event.v) for event in self.seen("tx")]

    def seen(self, ch: str) -> list[Any]:
        """The events on a channel of the trace."""
        return [event for event in self.world.recorder.events if event.ch == ch]


@contextmanager
def board(
    main: str | None, files: Mapping[str, bytes] | None = None, **options: Any
) -> Iterator[Rig]:
    """A board that runs `main` (None: the firmware's own), with these files beside the rest."""
    content = {**laid_out(), **(files or {})}
    if main is not None:
        content["main.py"] = (SAYS + main).encode()
    with TemporaryDirectory() as folder:
        disk = Path(folder) / "flash.img"
        shutil.copyfile(build(content), disk)
        loops: list[VirtualLoop] = []

        def loop(timeline: Any) -> VirtualLoop:
            loops.append(VirtualLoop(timeline, WIRING, disk))
            return loops[0]

        try:
            world = World(loop=loop, **options)
            loops[0].on_reset = world.reset
            yield Rig(world, loops[0])
        finally:
            for one in loops:
                one.stop()


def say(main: str, files: Mapping[str, bytes] | None = None, **options: Any) -> list[Any]:
    """What a board says that runs `main` for a second."""
    with board(main + STAY, files, **options) as rig:
        rig.world.run(1_000)
        return rig.said
