"""A board of the bench goes while the suite runs over its ports: the run says so and ends.

And when it is plugged in again, the next run is as any.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lockhil.probe.files import laid_out
from lockhil.probe.wiring import read_wiring
from lockhil.virtual.image import build, image
from lockhil.virtual.pair import RealPair
from lockhil.virtual.pair.wiring import PROBE, SIDES, UNIT
from lockhil.virtual.running import Running, announced, taken
from lockunit.settings import Settings
from tests.full import slow

NAME = "K-1"
# A few tests, with presses, power cuts and a reset.
TESTS = "bolt_is_sensed_at_boot or hello"
# About as long as they and the bench's self-test take.
RUN_S = 35.0
# A busy machine takes several times that; what hangs takes for ever.
MOST_S = 240
KILLS = 5
PASSED, NO_CONTACT = 0, 4
# In the bench's self-test a unit that is gone looks as if a wire were.
SAYS = {
    UNIT: ("the unit", "the bench is broken"),
    PROBE: ("the probe", "no probe answers"),
}
# On a busy machine a board may be too late for the self-test; again and again it isn't.
TRIES = 3


@contextmanager
def running(folder: Path) -> Iterator[RealPair]:
    """A pair that is found by its name, as `lockrig virtual K-1 --pair` is."""
    wiring, probe = read_wiring("virtual"), f"{NAME}-PROBE"
    made = {
        UNIT: image({"settings": Settings().encode(), "unit": NAME.encode()}),
        PROBE: build(laid_out(wiring, probe)),
    }
    for side in SIDES:
        shutil.copyfile(made[side], folder / side)
    names = {UNIT: NAME, PROBE: probe}
    with (
        taken(NAME),
        taken(probe),
        RealPair(wiring.data, folder / UNIT, folder / PROBE) as pair,
    ):
        notes = [
            Running(names[side], os.getpid(), pair.console(side), pair.link(side)) for side in SIDES
        ]
        with announced(notes[0]), announced(notes[1]):
            yield pair


def suite() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "lockrig", "hil", f"pair:{NAME}", "-k", TESTS],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@slow("kills boards under suites on the real clock, a minute and more each")
@pytest.mark.parametrize("seed", range(40))
def test_the_run_says_which_and_ends_and_the_next_works(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    chance = random.Random(seed)
    with running(tmp_path) as pair:
        for _ in range(KILLS):
            side, at_s = chance.choice(SIDES), chance.uniform(0, RUN_S)
            what = f"seed {seed}: the {side} killed after {at_s:.1f} s"
            process = suite()
            time.sleep(at_s)
            pair.kill(side)
            said, _ = process.communicate(timeout=MOST_S)
            assert pair.failure is None
            assert process.returncode in (PASSED, NO_CONTACT), f"{what}:\n{said}"
            if process.returncode == NO_CONTACT:
                assert any(word in said for word in SAYS[side]), f"{what}:\n{said}"
            pair.restart(side)
        for _ in range(TRIES):
            process = suite()
            said, _ = process.communicate(timeout=MOST_S)
            if process.returncode == PASSED:
                return
        raise AssertionError(f"seed {seed}, the run after:\n{said}")
