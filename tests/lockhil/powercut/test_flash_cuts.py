"""A whole flash that was recorded, cut: what the cuts leave, and that faults of it are found."""

from dataclasses import replace

import pytest

from lockhil.boards import flash, onboard, plan
from lockhil.powercut.flash import TORN_MANNERS, Cut, Manner
from lockhil.powercut.scenarios import SCENARIOS
from lockhil.powercut.sweep import Planned, Violation, every, last, sweep
from lockhil.powercut.sweep import plan as plan_sweep

FLASH = SCENARIOS["flash"]


def found(planned: Planned) -> list[Violation]:
    (swept,) = last(sweep([planned]))
    return swept.violations


@pytest.fixture(scope="module")
def planned() -> Planned:
    return plan_sweep(FLASH)


def test_a_slice_of_a_whole_flash_violates_nothing(planned: Planned) -> None:
    assert planned.uncut.operations > 500
    assert len(planned.cuts) == 4 * planned.uncut.operations + 1
    assert [str(one) for one in found(every(planned, 4))] == []
    # What counts is at the end: boot.py, main.py, the trial, its count, its confirmation.
    late = replace(planned, cuts=planned.cuts[-120:])
    assert [str(one) for one in found(every(late, 6, 1))] == []


def test_a_cut_leaves_what_was_done_before_it_and_nothing_after(planned: Planned) -> None:
    recording = planned.recording
    assert recording is not None
    count = len(recording.operations)
    for at in (1, count // 2, count):
        before, after = (recording.left_by(Cut(m, at)) for m in (Manner.BEFORE, Manner.AFTER))
        assert before == (
            recording.left_by(Cut(Manner.AFTER, at - 1)) if at > 1 else recording.before
        )
        assert after != before
        torn = {recording.left_by(Cut(manner, at)) for manner in TORN_MANNERS}
        assert {before, after} <= torn
    assert recording.left_by(Cut(Manner.END)) == recording.left_by(Cut(Manner.AFTER, count))


def test_a_flash_into_the_slot_in_use_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_slot", lambda contents, _: contents.used)
    monkeypatch.setattr("lockhil.powercut.slots.ask_link", lambda *_: None)
    names = {one.invariant for one in found(every(plan_sweep(FLASH), 12))}
    assert names & {"it comes back and answers", "nothing untried is in use"}


def test_a_trial_of_a_slot_that_is_not_whole_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_once(self: flash.Flash, places: list[str]) -> None:
        whole(self, places)
        self._repl.run(onboard.put_on_trial("/trial", "b3"))

    whole = flash.Flash._remove
    monkeypatch.setattr(flash.Flash, "_remove", at_once)
    seen = found(every(plan_sweep(FLASH), 12))
    assert "it comes back and answers" in {one.invariant for one in seen}
