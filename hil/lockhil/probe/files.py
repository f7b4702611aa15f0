"""The files of a probe's program: compiled, with its wires and its name, by their paths on a board.

It reads and compiles; what puts them on a board is `boards`, or `virtual.image`.
"""

import tempfile
from functools import cache
from pathlib import Path

import locksim.bolt
import locksim.motor
from lockhil.firmware import compile_file, said_version
from lockhil.probe.wiring import Wiring

ONBOARD = Path(__file__).parent / "onboard"
# Where it lies on a board, beside its main.py.
FOLDER = "probe"
# The simulator's own figures and forms go there as they are.
_SHARED = (Path(locksim.bolt.__file__), Path(locksim.motor.__file__))


def sources() -> dict[str, Path]:
    """The modules of the program: their paths in `FOLDER`, ending in .py -> the files here."""
    paths = [*sorted((ONBOARD / "lockprobe").glob("*.py")), *_SHARED]
    return {f"{path.parent.name}/{path.name}": path for path in paths}


@cache
def modules() -> dict[str, bytes]:
    """The same, compiled. FirmwareError."""
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="lockrig-") as folder:
        for place, source in sources().items():
            made = Path(folder) / "made.mpy"
            compile_file(source, place, made)
            found[place.removesuffix(".py") + ".mpy"] = made.read_bytes()
    return found


def laid_out(wiring: Wiring, label: str, *, start: int = 1) -> dict[str, bytes]:
    """How a probe has it, `main.py` last; `start`: see `Wiring.for_board`. FirmwareError."""
    files = {
        **modules(),
        "wires.json": wiring.for_board(start=start),
        "label": label.encode(),
    }
    placed = {f"{FOLDER}/{place}": data for place, data in files.items()}
    return {**placed, "main.py": (ONBOARD / "main.py").read_bytes()}


def version() -> str:
    """The program's version, as its source says."""
    return said_version(ONBOARD / "lockprobe" / "__init__.py")
