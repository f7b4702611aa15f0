"""The suite finds what it is for: a fault planted into a copy of the firmware fails by its id.

Each copy is run through `lockrig hil sim --firmware COPY`, as an engineer would.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.full import sliced

FIRMWARE = Path(__file__).parents[3] / "firmware"

# The part of the suite that proves the requirement; the rest of it would take as long again.
PARTS = {
    "DIAG": "test_1_diagnostic",
    "SAFE": "test_1_diagnostic",
    "BOLT": "test_2_bolt",
    "UPD": "test_d",
}

# What is planted: (file, what stands there, what is put instead), the requirement, what is shown.
FAULTS = {
    "green held 12 s": (
        ("selftest.py", "_GREEN_OFF_MS = 4_000", "_GREEN_OFF_MS = 12_000"),
        "DIAG-3",
        "12000 ms, at most 10000 ms",
    ),
    "three red blinks": (
        ("selftest.py", "self._blinks = 1 if", "self._blinks = 3 if"),
        "DIAG-4",
        "3 blinks, at least 1 blinks and at most 2 blinks",
    ),
    "no red": (("selftest.py", "self.board.leds(0, 1)", "pass"), "DIAG-4", "0 blinks"),
    "load never on": (
        ("battery.py", "        self.board.load(on)", "        self.board.load(0)"),
        "SAFE-2",
        "load on the pack: not seen, at least 3000 ms",
    ),
    "LED lit at boot": (("unit.py", "board.leds(0, 0)", "board.leds(1, 0)"), "SAFE-1", "1 lights"),
    "relock late by 1 ms": (
        ("bolt.py", "set(now, self.settings.relock_ms)", "set(now, self.settings.relock_ms + 1)"),
        "BOLT-3",
        "30001 ms, at least 30000 ms and at most 30000 ms",
    ),
    "relock early by 1 ms": (
        ("bolt.py", "set(now, self.settings.relock_ms)", "set(now, self.settings.relock_ms - 1)"),
        "BOLT-3",
        "29999 ms, at least 30000 ms",
    ),
    "bolt assumed at boot": (
        (
            "bolt.py",
            "motor(0)\n        self.state = self._sensed()",
            "motor(0)\n        self.state = LOCKED",
        ),
        "BOLT-5",
        "expected UNLOCKED, the unit says LOCKED",
    ),
    "an update's tag not compared": (
        ("updating.py", 'not same(signed, _unhex(params["tag"])) or ', ""),
        "UPD-2",
        "UPD-2: no tag",
    ),
    "an older update accepted": (
        ("updating.py", '"OLDER" if older and not params["downgrade"] else ""', '""'),
        "UPD-2",
        "UPD-2: older",
    ),
    "an update's hashes not verified": (
        ("filling.py", 'return "" if reading.good() else NOT_VERIFIED', 'return ""'),
        "UPD-4",
        "UPD-4: altered",
    ),
    "a trial before it is verified": (
        (
            "filling.py",
            "        self.phase = VERIFYING\n",
            "        self.phase = VERIFYING\n        self._slot.try_it()\n",
        ),
        "UPD-4",
        "UPD-4",
    ),
    "an update over a trial": (
        ("updating.py", "            or parts.trial.on\n", ""),
        "UPD-1",
        "UPD-1: into the slot that is in use",
    ),
    "an update while the motor runs": (
        (
            "updating.py",
            "        if busy:\n            return BUSY\n        if method",
            "        if method",
        ),
        "UPD-5",
        "UPD-5",
    ),
}


@pytest.mark.parametrize("fault", sliced(FAULTS, 3))
def test_a_planted_fault_fails_by_its_requirement(fault: str, tmp_path: Path) -> None:
    (file, good, bad), requirement, shown = FAULTS[fault]
    copy = tmp_path / "firmware"
    shutil.copytree(FIRMWARE, copy)
    source = (copy / "lockunit" / file).read_text()
    assert good in source, f"the fault can't be planted: {good!r} isn't in {file} any more"
    (copy / "lockunit" / file).write_text(source.replace(good, bad))
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "lockrig", "hil", "sim", "--firmware", copy),
            *("-k", PARTS[requirement.partition("-")[0]], "--report", tmp_path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    results = json.loads((tmp_path / "report.json").read_text())["results"]
    failed = [r for r in results if r["outcome"] == "failed" and requirement in r["requirements"]]
    assert failed, f"{requirement} didn't fail: {ran.stdout}"
    assert any(requirement in r["reason"] and shown in r["reason"] for r in failed), [
        r["reason"] for r in failed
    ]
    assert requirement in ran.stdout
