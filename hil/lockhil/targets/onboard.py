"""What the targets on a virtual board share, on either clock: its parts, and its bench."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lockhil.bench import NotOnThisBenchError
from lockhil.firmware import wiring_file
from lockhil.targets.inworld import WorldBench
from lockhil.targets.options import Options
from lockhil.virtual.image import image
from locksim.packs.make import PackSpec, make_pack
from locksim.packs.source import Source
from locksim.world import World
from lockunit.settings import Settings


@dataclass(frozen=True, slots=True)
class Parts:
    """What a board is made of: the unit's settings, which pin is which, a flash of its own."""

    settings: Settings
    wiring: dict[str, Any]
    disk: Path


@contextmanager
def parts(begin: Options) -> Iterator[Parts]:
    """The parts of a board for a unit that begins so; its flash is gone afterwards."""
    settings = begin.settings()
    wiring = json.loads(wiring_file().read_text(encoding="utf-8"))
    own = {"settings": settings.encode(), "unit": begin.unit_id.encode()}
    flash = image({**begin.found(), **own})
    with tempfile.TemporaryDirectory(prefix="lockrig-") as folder:
        disk = Path(folder) / "flash.img"
        shutil.copyfile(flash, disk)
        yield Parts(settings, wiring, disk)


class BoardBench(WorldBench):
    """The bench around a board: it takes only what the board is wired to measure."""

    def __init__(self, world: World, wiring: dict[str, Any]) -> None:
        taps, warmth = wiring["taps"], wiring["temperature"]
        self._cells: int = taps["count"]
        self._most_mv: int = taps["full_mv1"]
        span = [mv - warmth["zero_mv"] for mv in (0, warmth["full_mv"])]
        self._coldest, self._hottest = (mv // warmth["mv_per_c"] for mv in span)
        self._check_pack(world.plant.pack)
        self._check_temperature(world.temperature_c)
        super().__init__(world)

    def set_pack(self, pack: PackSpec, *, tapped: bool = True) -> None:
        pack = make_pack(pack, tapped=tapped)
        self._check_pack(pack)
        super().set_pack(pack, tapped=tapped)

    def temperature(self, celsius: int | None) -> None:
        self._check_temperature(celsius)
        super().temperature(celsius)

    def _check_pack(self, pack: Source) -> None:
        open_mvs = [pack.open_mv(cell, 0) for cell in range(pack.size)]
        if pack.taps != self._cells or max(open_mvs) >= self._most_mv:
            cells = ", ".join(f"{mv} mV" for mv in open_mvs)
            raise NotOnThisBenchError(
                f"expected a pack that this board is wired for ({self._cells} cells below "
                f"{self._most_mv} mV, a tap at each), got {cells}"
                f"{'' if pack.taps else ' without taps'}; run this on sim"
            )

    def _check_temperature(self, celsius: int | None) -> None:
        if celsius is not None and not self._coldest <= celsius < self._hottest:
            raise NotOnThisBenchError(
                f"expected {self._coldest} to {self._hottest - 1} degrees C, which this board's "
                f"sensor can show, got {celsius}; run this on sim"
            )
