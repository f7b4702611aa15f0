"""Writes an image to a chip of the ESP32 family, by the program esptool.

It is a program of its own, under the GPL: it is run, and never imported. `lockrig[runtime]`
installs it.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lockhil.runtime.image import EspImage

PROGRAM: Final = "esptool"
_SIZE: Final = re.compile(r"Detected flash size:\s*(\d+)(KB|MB)")
_UNITS: Final = {"KB": 1 << 10, "MB": 1 << 20}
# What esptool says where another chip answers than the one that it was told of; where it doesn't
# know which it would go on.
_OTHER: Final = re.compile(r"This chip is (.+?), not |This chip doesn't appear to be")
_FATAL: Final = re.compile(r"(?:A fatal error occurred|A serial exception error occurred): (.*)")
# Faster than its own 115,200, which it begins with, and what adapters on such boards can do.
_BAUD: Final = 460_800


class NoToolError(Exception):
    """esptool isn't installed."""


class WrongChipError(Exception):
    """Another chip than the image is for, or one with too little flash; nothing was changed."""


class NoChipError(Exception):
    """No chip answers on the port, or the port isn't there; nothing was changed."""


class BrokenOffError(Exception):
    """It ended while it was written: what is on the chip is neither one thing nor the other."""


def installed() -> str:
    """Where the program is. NoToolError."""
    path = os.pathsep.join((os.environ.get("PATH", ""), str(Path(sys.executable).parent)))
    found = shutil.which(PROGRAM, path=path)
    if found is None:
        raise NoToolError("expected esptool: pip install 'lockrig[runtime]'")
    return found


def look(port: str, image: EspImage) -> None:
    """See that this very chip answers, with enough flash. WrongChipError, NoChipError, NoToolError.

    The chip is reset for that, into its loader and out of it.
    """
    code, said = _run([*_reaching(port, image), "flash-id"], lambda _: None)
    other = _OTHER.search(said)
    if other is not None:
        found = other[1] or "another chip"
        raise WrongChipError(f"the file is for {image.chip}, and {found} answers on {port}")
    if code:
        raise NoChipError(f"no {image.chip} answers on {port}: {_fatal(said)}")
    size = _SIZE.search(said)
    if size is not None and int(size[1]) * _UNITS[size[2]] < image.flash:
        raise WrongChipError(
            f"the file is for {image.flash >> 20} MB of flash, and this {image.chip} has "
            f"{size[1]} {size[2]}"
        )


def write(port: str, image: EspImage, file: Path, progress: Callable[[str], object]) -> None:
    """Write it; esptool reads back a hash of what it wrote. `progress` is told its lines.

    BrokenOffError, NoToolError.
    """
    words = [*_reaching(port, image), "--baud", str(_BAUD), "write-flash", "--no-progress"]
    code, said = _run([*words, hex(image.offset), str(file.resolve())], progress)
    if code:
        raise BrokenOffError(f"{port}: {_fatal(said)}")


def _reaching(port: str, image: EspImage) -> list[str]:
    return ["--chip", image.chip, "--port", port]


def _run(words: list[str], progress: Callable[[str], object]) -> tuple[int, str]:
    """Its exit code, and all that it said."""
    with subprocess.Popen(  # noqa: S603 the words are ours, but for a port and a file
        [installed(), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "1000"},
    ) as process:
        assert process.stdout is not None
        said = ""
        try:
            for line in process.stdout:
                said += line
                progress(line.strip())
        except BaseException:
            process.terminate()
            raise
    return process.returncode, said


def _fatal(said: str) -> str:
    """The one line of it that says why."""
    found = _FATAL.search(said)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return found[1].strip() if found else (lines[-1] if lines else "esptool says nothing")
