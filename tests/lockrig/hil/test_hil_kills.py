"""A suite on a line that dies, or whose board does, at any moment: it ends, says so, and can go on.

`make test` tries a moment each, `make full` a hundred.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.full import FULL
from tests.lockrig.plugged import Plugged, plugged

SEED = random.randrange(1_000_000) if FULL else 3
MOMENTS = 100 if FULL else 1
# Longer than any of these may take on a busy machine: it would hang.
PATIENCE_S = 90


def suite(board: Plugged, only: str) -> subprocess.Popen[str]:
    """`lockrig hil` on the board's link, as a process of its own."""
    words = [sys.executable, "-m", "lockrig", "hil", f"serial:{board.link}", "-k", only]
    return subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def begun(process: subprocess.Popen[str]) -> None:
    """Wait until the suite told of its first test."""
    assert process.stdout is not None
    assert process.stdout.read(1)


def passes(board: Plugged) -> None:
    """A run on the board as it is now ends well."""
    process = suite(board, "test_hello")
    out, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, (SEED, out)


def test_a_board_that_dies_under_the_suite(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for _ in range(MOMENTS):
        with plugged(tmp_path) as board:
            process = suite(board, "test_5_link")
            # From before the first contact until well into the tests, which take a minute.
            time.sleep(chance.uniform(0.1, 12 if FULL else 6))
            board.kill()
            out, _ = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 4, (SEED, out)
        assert f"serial:{board.link}: contact lost: " in out, (SEED, out)
        assert "Traceback" not in out, (SEED, out)
    with plugged(tmp_path) as board:
        passes(board)


def test_a_suite_that_is_killed(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    with plugged(tmp_path) as board:
        for _ in range(MOMENTS):
            process = suite(board, "test_5_link")
            time.sleep(chance.uniform(0.1, 8 if FULL else 4))
            # With all that it started, as when its terminal goes.
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=PATIENCE_S)
            passes(board)


def test_ctrl_c_ends_a_suite(tmp_path: Path) -> None:
    with plugged(tmp_path) as board:
        process = suite(board, "test_5_link")
        begun(process)
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 130, out
        passes(board)
