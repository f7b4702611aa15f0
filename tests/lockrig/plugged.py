"""A virtual board as its own process, as a user starts it, and firmware to put on it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from lockhil.virtual.interpreter import NoInterpreterError, interpreter

REPOSITORY = Path(__file__).parents[2]


class Plugged:
    """`lockrig virtual NAME`: `console` and `link` are its ports, `data` is where its flash is."""

    def __init__(self, data: Path, *options: str, name: str = "T-1") -> None:
        try:
            interpreter()
        except NoInterpreterError as error:
            pytest.skip(str(error))
        self.data, self.name = data, name
        words = [sys.executable, "-m", "lockrig", "virtual", name, *options]
        self.process = subprocess.Popen(
            words,
            env={**os.environ, "XDG_DATA_HOME": str(data)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.console = self.process.stdout.readline().strip()
        self.link = self.process.stdout.readline().removeprefix("link: ").strip()
        # Where its air is, if it has one; it can be found now.
        self.air = self.process.stdout.readline().strip()

    def kill(self) -> None:
        """A power cut."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def plugged(data: Path, *options: str, name: str = "T-1") -> Iterator[Plugged]:
    """A board that goes at the end."""
    board = Plugged(data, *options, name=name)
    try:
        yield board
    finally:
        board.kill()


def flash_process(board: Plugged, *options: str) -> subprocess.Popen[str]:
    """`lockrig flash` of that board as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "lockrig", "flash", f"virtual:{board.name}", *options],
        env={**os.environ, "XDG_DATA_HOME": str(board.data)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def firmware_copy(folder: Path, version: str, change: Callable[[Path], object] = bool) -> Path:
    """A copy of the firmware that says it is `version`; `change` is given its folder."""
    shutil.copytree(REPOSITORY / "firmware", folder)
    init = folder / "lockunit" / "__init__.py"
    head, _, _ = init.read_text().partition("VERSION = ")
    init.write_text(f'{head}VERSION = "{version}"\n')
    change(folder)
    return folder


def differ(folder: Path) -> None:
    """Let every module differ, so that all are copied."""
    for path in folder.rglob("lock*/*.py"):
        path.write_text(path.read_text() + f"\n_COPY = {folder.name!r}\n")


def end_at(process: subprocess.Popen[str], seconds: float, sign: Sequence[int] = ()) -> int:
    """Send it a signal after so long, unless it ended; its exit code."""
    time.sleep(seconds)
    if process.poll() is None:
        process.send_signal(sign[0] if sign else signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode
