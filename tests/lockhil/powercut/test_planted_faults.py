"""The sweep finds what it is for: each fault planted into a copy of the firmware is a violation."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lockhil.powercut.scenarios import SCENARIOS
from lockhil.powercut.sweep import Violation, plan, sweep
from tests.full import sliced
from tests.lockhil.powercut.access_faults import ACCESS_FAULTS
from tests.lockhil.powercut.faults import FAULTS
from tests.lockhil.powercut.slot_faults import SLOT_FAULTS
from tests.lockhil.powercut.swap_faults import SWAP_FAULTS
from tests.lockhil.powercut.update_faults import UPDATE_FAULTS

FIRMWARE = Path(__file__).parents[3] / "firmware"
ALL = FAULTS | SWAP_FAULTS | ACCESS_FAULTS | SLOT_FAULTS | UPDATE_FAULTS


@pytest.mark.parametrize("name", ALL)
def test_the_fault_can_be_planted(name: str) -> None:
    for file, good, _ in ALL[name].planted:
        assert (FIRMWARE / file).read_text().count(good) == 1, f"{good!r} in {file}"


@pytest.mark.parametrize("name", sliced(ALL, 6))
def test_a_planted_fault_is_a_violation(name: str, tmp_path: Path) -> None:
    fault = ALL[name]
    copy = tmp_path / "firmware"
    shutil.copytree(FIRMWARE, copy)
    for file, good, bad in fault.planted:
        source = (copy / file).read_text()
        (copy / file).write_text(source.replace(good, bad))

    def as_expected(found: Violation) -> bool:
        wanted = fault.requirement, fault.invariant
        return (found.requirement, found.invariant) == wanted and fault.seen in found.seen

    violations: list[Violation] = []
    planned = plan(SCENARIOS[fault.scenario], copy)
    begin = int(len(planned.cuts) * fault.begin / 100)
    planned = replace(planned, cuts=planned.cuts[begin:] + planned.cuts[:begin])
    for swept in sweep([planned]):
        violations = swept[0].violations
        if any(map(as_expected, violations)):
            return  # one is enough
    pytest.fail(f"not found; what was: {[str(one) for one in violations]}")
