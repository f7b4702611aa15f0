"""A slice of the sweep, and the engine behind it: what it counts, cuts, leaves and tells."""

import json
import re
import struct
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockhil.powercut import __main__ as command
from lockhil.powercut.flash import (
    BLOCK,
    TORN_MANNERS,
    Cut,
    Flash,
    Manner,
    PowerGoneError,
    remains,
)
from lockhil.powercut.life import SweepError, Uncut, with_cuts
from lockhil.powercut.scenario import Scenario, notified
from lockhil.powercut.scenarios import SCENARIOS
from lockhil.powercut.sweep import Planned, all_violations, every, last, plan, sweep
from lockhil.targets import Target
from lockhil.virtual.protocol import Message, Op
from tests.full import sliced


@cache
def planned(name: str) -> Planned:
    """One life without a cut, for all that ask for it."""
    return plan(SCENARIOS[name])


def life(name: str) -> tuple[Scenario, bytes, Uncut]:
    """What cuts are made in."""
    one = planned(name)
    return one.scenario, one.image, one.uncut


@pytest.mark.parametrize("case", sliced(enumerate(SCENARIOS), 2))
def test_a_slice_of_the_sweep_violates_nothing(case: tuple[int, str]) -> None:
    """One cut in a scenario, in one manner after the other; `make powercut` makes all."""
    number, name = case
    manners = (Manner.END, *TORN_MANNERS)
    whole = planned(name)
    cuts = [cut for cut in whole.cuts if cut.manner == manners[number % len(manners)]]
    (swept,) = last(sweep([replace(whole, cuts=(cuts[61 * number % len(cuts)],))]))
    assert [str(one) for one in all_violations([swept])] == []
    assert swept.total == 1


def test_a_boot_after_a_cut_can_lose_its_power_too(monkeypatch: pytest.MonkeyPatch) -> None:
    # The first operation of that boot; `make powercut TWICE=1` cuts at each of each boot.
    monkeypatch.setattr("lockhil.powercut.sweep._MOST_AGAIN", 1)
    # A file beside is there already: the next boot sweeps it.
    once = replace(planned("levels"), cuts=(Cut(Manner.AFTER, 2),))
    (swept,) = last(sweep([once], twice=True))
    assert swept.twice == 2
    assert swept.violations == []


def test_processes_share_the_work_and_find_the_same() -> None:
    some = [every(planned(name), 2) for name in ("settings", "bad latch")]
    one, two = last(sweep(some)), last(sweep(some, jobs=2))
    assert [(s.cuts, s.violations) for s in one] == [(s.cuts, s.violations) for s in two]


def test_every_operation_is_cut_in_every_manner() -> None:
    every_one = planned("settings")
    count = every_one.uncut.operations
    assert count > 5
    assert every_one.uncut.erases > 0
    cuts = [(manner, number) for number in range(1, count + 1) for manner in TORN_MANNERS]
    assert [(cut.manner, cut.at) for cut in every_one.cuts] == [(Manner.END, 0), *cuts]


def test_the_same_cut_shows_the_same_twice() -> None:
    scenario, image, uncut = life("diagnostic")
    for cut in (Cut(Manner.SCRAMBLED, 2), Cut(Manner.INSTANT, 3_000)):
        first, again = (with_cuts(scenario, image, uncut, (cut,)) for _ in range(2))
        assert first == again


# The operation that counts when settings are stored; what comes after it is the journal's.
_RENAME = 7


def test_power_really_goes_where_it_was_told_to() -> None:
    scenario, image, uncut = life("settings")
    found = []
    for cut in (Cut(Manner.BEFORE, _RENAME), Cut(Manner.AFTER, _RENAME)):
        after = with_cuts(scenario, image, uncut, (cut,))
        # Before anybody was told of it.
        assert notified(after.told, "set.stored") == []
        assert notified(after.told, "unit.boot") == []
        found.append(notified(after.said, "set.found")[0]["which"])
    assert found == [0, 1], "this operation is the one that counts"


def test_a_cut_in_the_first_boot_leaves_nothing_told() -> None:
    scenario, image, uncut = life("first boot")
    after = with_cuts(scenario, image, uncut, (Cut(Manner.TORN, 1),))
    assert after.told == []
    assert after.opened == "done"


def test_a_history_that_isnt_the_same_without_the_cut_is_no_evidence() -> None:
    scenario, image, uncut = life("settings")
    with pytest.raises(SweepError, match=r"settings: .*that ended before operation 999 torn"):
        with_cuts(scenario, image, uncut, (Cut(Manner.TORN, 999),))


def test_a_history_that_dies_by_itself_is_told_and_not_cut() -> None:
    def dies(unit: Target) -> None:
        unit.link.call("bolt.state")
        unit.link.send_raw(b"x")
        unit.link.wait(99, 10)

    (swept,) = last(sweep([plan(replace(SCENARIOS["first boot"], name="dies", history=dies))]))
    assert swept.total == 0
    (violation,) = swept.violations
    assert (violation.requirement, violation.invariant) == ("PWR-1", "it comes back and answers")


@given(st.binary(min_size=1, max_size=64), st.integers(1, 50), st.data())
def test_what_a_cut_leaves(done: bytes, number: int, data: st.DataObject) -> None:
    held = data.draw(st.binary(min_size=len(done), max_size=len(done)))
    half = len(done) // 2
    left = {manner: remains(Cut(manner, number), held, done) for manner in TORN_MANNERS}
    assert left[Manner.BEFORE] == held
    assert left[Manner.AFTER] == done
    assert left[Manner.TORN] == done[:half] + held[half:]
    assert left[Manner.SCRAMBLED][:half] == done[:half]
    assert {len(one) for one in left.values()} == {len(done)}


def test_a_flash_clears_bits_and_an_erase_sets_them(tmp_path: Path) -> None:
    disk = tmp_path / "flash.img"
    disk.write_bytes(b"\x0f" * 2 * BLOCK)
    flash = Flash(disk)
    address = struct.pack("<I", BLOCK + 8)
    program = Message(Op.PROGRAM, 0, 1, 8, address + b"\x3c\x3c\x3c\x3c")
    erase = Message(Op.ERASE, 0, 2, 4, struct.pack("<I", BLOCK))
    flash.arm(Cut(Manner.TORN, 2))
    flash.operation(erase)  # let pass: who asked does it
    with pytest.raises(PowerGoneError):
        flash.operation(program)
    assert (flash.operations, flash.erases) == (2, 1)
    assert disk.read_bytes()[BLOCK + 8 : BLOCK + 12] == b"\x0c\x0c\x0f\x0f"
    flash.operation(program)  # power goes once
    flash.arm(Cut(Manner.TORN, 1))
    with pytest.raises(PowerGoneError):
        flash.operation(erase)
    second = disk.read_bytes()[BLOCK:]
    assert second[: BLOCK // 2] == b"\xff" * (BLOCK // 2)
    assert second[BLOCK // 2 :] == b"\x0f" * (BLOCK // 2)
    assert disk.read_bytes()[:BLOCK] == b"\x0f" * BLOCK


@pytest.fixture
def only_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """One cut in each scenario."""

    def at_the_end(scenario: Scenario, firmware: Path | None) -> Planned:
        return replace(plan(scenario, firmware), cuts=(Cut(Manner.END),))

    monkeypatch.setattr(command, "plan", at_the_end)


@pytest.mark.usefixtures("only_the_end")
def test_the_command_prints_a_table_and_writes_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out" / "powercut.json"
    assert command.main(["bad settings", "--json", str(path)]) == 0
    head, _, row, total = capsys.readouterr().out.splitlines()
    assert head.startswith("| scenario | operations | before | torn | scrambled | after |")
    cuts = "| 0 | 0 | 0 | 0 | 0 | 1 | 0 | 1 | 0 | "
    assert re.match(rf"\| bad settings \| [1-9]\d* {re.escape(cuts)}", row)
    assert re.match(rf"\| all \| [1-9]\d* {re.escape(cuts)}", total)
    told = json.loads(path.read_text())
    assert (told["cuts"], told["violations"]) == (1, 0)
    assert told["scenarios"][0]["manners"] == {"end": 1}


@pytest.mark.usefixtures("only_the_end")
def test_the_command_fails_on_a_violation_and_names_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = replace(SCENARIOS["bad settings"], refused=("settings", "counters"))
    monkeypatch.setitem(SCENARIOS, "bad settings", wrong)
    assert command.main(["bad settings"]) == 1
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == (
        "PWR-2 what is corrupt is named: bad settings, cut at the end: "
        "counters is corrupt, and hello doesn't name it: ['settings']"
    )


def test_the_command_knows_its_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["nothing"])
    assert "expected some of levels, " in capsys.readouterr().err
