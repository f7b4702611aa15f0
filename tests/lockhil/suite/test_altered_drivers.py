"""A fault in the drivers alone shows as two traces that part: the virtual board's and the core's.

Each altered copy is run through `lockrig hil sim virtual --firmware COPY`, as an engineer would.
"""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.full import sliced

FIRMWARE = Path(__file__).parents[3] / "firmware"


@dataclass(frozen=True)
class Fault:
    """What is planted, the tests that meet it, and the row at which the traces part."""

    file: str
    good: str
    bad: str
    tests: str
    row: str


FAULTS = {
    "readings rounded down": Fault(
        "analog.py",
        "raw * self._full + self._top // 2",
        "raw * self._full",
        "locks_and_unlocks",
        r'"rest_mv":6000,"low_mv":5640,.* \| .*"rest_mv":5999,"low_mv":5639,',
    ),
    "door contacts swapped": Fault(
        "inputs.py",
        'self._closed("door_closed"), self._closed("door_open")',
        'self._closed("door_open"), self._closed("door_closed")',
        "door_opening_under_the_relock",
        # It never tried to lock.
        r"ms battery.ma 1666 +\| ",
    ),
    "every wait a millisecond longer": Fault(
        "loop.py",
        "poller.ipoll(ms)",
        "poller.ipoll(ms + 1 if ms > 0 else ms)",
        "load_hangs",
        r"100 ms led.green 1 +\| 101 ms led.green 1",
    ),
    "the ring loses an event": Fault(
        "ring.py",
        "        if self._count == _SIZE:",
        "        if value == 2:\n            return\n        if self._count == _SIZE:",
        "thumb_turn_is_observed",
        r'tx .*"bolt.moved".*UNLOCKED.* \| ',
    ),
}


@pytest.mark.parametrize("name", sliced(FAULTS, 2))
def test_a_fault_in_a_driver_parts_the_traces(name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    copy = tmp_path / "firmware"
    shutil.copytree(FIRMWARE, copy)
    path = copy / "lockboards" / fault.file
    source = path.read_text()
    assert fault.good in source, f"the fault can't be planted: {fault.good!r} isn't there any more"
    path.write_text(source.replace(fault.good, fault.bad))
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "lockrig", "hil", "sim", "virtual"),
            *("--firmware", copy, "-k", fault.tests, "--report", tmp_path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "sim and virtual disagree: their traces" in ran.stdout
    assert re.search(r"^  sim +\| virtual$", ran.stdout, re.MULTILINE), ran.stdout
    parted = [line for line in ran.stdout.splitlines() if line.startswith("! ")]
    assert parted
    assert re.search(fault.row, parted[0].replace("\\", "")), parted[0]
    results = json.loads((tmp_path / "report.json").read_text())["results"]
    assert all(r["outcome"] == "passed" for r in results if r["target"] == "sim")
    assert any(r["outcome"] == "failed" for r in results if r["target"] == "virtual")
