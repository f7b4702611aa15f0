"""`lockrig virtual NAME --pair`: two boards in the foreground, found by their names."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from lockhil.boards.repl import Repl
from lockrig.errors import LockrigError
from lockrig.virtual.command import command


class Typed:
    """The command, with a keyboard."""

    def __init__(self, data: Path, *options: str) -> None:
        self._keyboard, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lockrig", "virtual", "T-1", "--pair", *options],
            env={**os.environ, "XDG_DATA_HOME": str(data)},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)

    def until(self, what: str, most_s: float = 60) -> str:
        """All that is said until it says this. AssertionError."""
        end = time.monotonic() + most_s
        said = ""
        while what not in said:
            assert time.monotonic() < end, f"expected {what!r}, got {said!r}"
            if select.select([self._keyboard], [], [], 0.1)[0]:
                said += os.read(self._keyboard, 4_096).decode().replace("\r\n", "\n")
        return said

    def type(self, line: str, answer: str) -> str:
        os.write(self._keyboard, line.encode() + b"\n")
        return self.until(answer)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._keyboard)


@contextmanager
def typed(data: Path, *options: str) -> Iterator[Typed]:
    one = Typed(data, *options)
    try:
        yield one
    finally:
        one.close()


def test_both_blank_boards_have_a_console_and_a_name(tmp_path: Path) -> None:
    with typed(tmp_path, "--blank") as pair:
        console, link, probe_console, probe_link = pair.until("ctrl-C ends it").splitlines()[:4]
        for path, marks in ((console, "11"), (probe_console.removeprefix("probe console: "), "22")):
            repl = Repl(path)
            repl.run(f"import machine\nmachine.Pin(4, machine.Pin.OUT, value=1)\nx = {marks}")
            assert repl.run("print(x)").strip() == marks
            repl.close()
        boards = subprocess.run(
            [sys.executable, "-m", "lockrig", "boards"],
            env={**os.environ, "XDG_DATA_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "virtual:T-1  " in boards
        assert "virtual:T-1-PROBE  " in boards
        assert link.removeprefix("link: ") in boards
        assert probe_link.removeprefix("probe link: ") in boards
        shown = pair.type("look", "supply")
        assert "red 1" in shown  # pin 4 of the unit
        assert "button 1" in shown  # pin 4 of the probe
        pair.type("unplug unit", "done")
        assert "red 0" in pair.type("look", "supply 1")
        pair.type("unplug everything", "unplug  unit or probe")
        pair.type("swap supply red", "expected a net at the unit (green, red")
        pair.type("swap button red", "done")
        assert "red 0" in pair.type("look", "supply 1")
        pair.process.send_signal(signal.SIGINT)
        pair.until("interrupted")
        assert pair.process.wait(30) == 130


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["T-1", "--pair", "--air", "0"],
            "--pair has no --air and no --off, and the probe is the pack",
        ),
        (
            ["T-1", "--pair", "--pack", "weak"],
            "--pair has no --air and no --off, and the probe is the pack",
        ),
        (["T-12345678-", "--pair"], "expected a name of at most 10 of A-Z"),
    ],
)
def test_what_a_pair_cant_be_is_refused(words: list[str], says: str) -> None:
    done = CliRunner().invoke(command, words)
    assert isinstance(done.exception, LockrigError)
    assert str(done.exception).startswith(says)
