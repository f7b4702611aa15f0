"""What a bench may erase of a unit: only what is known to be that unit, and nobody's lock."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lockhil.bench import NotOnThisBenchError
from lockhil.boards.repl import Repl
from lockhil.firmware import wiring_file
from lockhil.probe.console import UnitConsole
from lockhil.targets.options import Options
from lockhil.targets.realclock import ContactLostError
from lockhil.virtual.image import image
from lockhil.virtual.realtime import RealBoard
from locksim.world import World

BEGIN = Options(unit_id="T-1")


@pytest.fixture
def board(tmp_path: Path) -> Iterator[RealBoard]:
    stored = {"settings": BEGIN.settings().encode(), "unit": b"T-1", "calibration": b"?"}
    shutil.copyfile(image(stored), tmp_path / "flash.img")

    def world(**more: Any) -> World:
        return BEGIN.world(BEGIN.settings(), target="test", clock="real", **more)

    wiring = json.loads(wiring_file().read_text())
    board = RealBoard(wiring, tmp_path / "flash.img", world)
    board.wait_until_up()
    yield board
    board.close()


def _stored(board: RealBoard, also: str = "") -> set[str]:
    repl = Repl(board.console)
    try:
        return set(repl.run(f"import os\n{also}\nprint(*os.listdir('/data'))").split())
    finally:
        repl.close()


def test_a_unit_keeps_its_label_and_its_calibration(board: RealBoard) -> None:
    assert "left" in _stored(board, "open('/data/left', 'w').close()")
    UnitConsole(board.console, "T-1").prepare(BEGIN)
    after = _stored(board)
    assert {"unit", "calibration", "settings"} <= after
    assert "left" not in after


def test_nothing_of_another_unit_is_erased(board: RealBoard) -> None:
    before = _stored(board)
    with pytest.raises(ContactLostError, match=r"expected the unit T-2, it is T-1; nothing was"):
        UnitConsole(board.console, "T-2").prepare(BEGIN)
    assert _stored(board) == before


def test_nothing_of_a_lock_in_use_is_erased(board: RealBoard) -> None:
    before = _stored(board, "open('/data/key.lock', 'w').close()")
    with pytest.raises(NotOnThisBenchError, match="without a lock's key"):
        UnitConsole(board.console).prepare(BEGIN)
    assert _stored(board) == before
