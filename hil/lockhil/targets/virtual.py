"""The target `virtual`: the firmware's files in the real MicroPython, on the world's virtual clock.

Driver, core and LittleFS are a board's own; pins, converter and time are the world's.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lockhil.targets.base import Target
from lockhil.targets.inworld import Options, target_in
from lockhil.virtual.image import image, wiring_file
from lockhil.virtual.loop import VirtualLoop


@contextmanager
def open_target(name: str, **options: Any) -> Iterator[Target]:
    """A world of its own around a board that was just switched on; see `Options`."""
    begin = Options(**options)
    settings = begin.settings()
    wiring = json.loads(wiring_file().read_text(encoding="utf-8"))
    flash = image({"settings": settings.encode(), "unit": begin.unit_id.encode()})
    with tempfile.TemporaryDirectory(prefix="lockrig-") as folder:
        disk = Path(folder) / "flash.img"
        shutil.copyfile(flash, disk)
        loops: list[VirtualLoop] = []

        def loop(timeline: Any) -> VirtualLoop:
            loops.append(VirtualLoop(timeline, wiring, disk))
            return loops[0]

        world = begin.world(settings, loop=loop)
        loops[0].on_reset = world.reset
        try:
            yield target_in(world, name, "virtual")
        finally:
            world.loop.stop()
