"""What a yes on a page hangs on after the watch: the record, the time, and nothing newer."""

from datetime import timedelta

import pytest

from lockrig.diagnose.keeping import now
from lockrig.diagnose.outcome import Ending
from lockrig.diagnose.procedure import Step
from lockrig.diagnose.terminal import RealClock
from lockrig.records.standing import Standing
from lockrig.records.store import BusyError, open_unit
from lockrig.web import diagnosis as module
from lockrig.web.diagnoses import Diagnoses, FullError
from lockrig.web.diagnosis import ANSWERED_FOR, IDLE_MS, Diagnosis
from tests.lockrig.diagnose.people import GOOD_ANSWERS
from tests.lockrig.web.person import BEFORE, seen

UNIT = "ABC-1"


class Clock(RealClock):
    """The real one, put forward by hand."""

    ahead_ms = 0

    def ms(self) -> int:
        return super().ms() + self.ahead_ms


def made(folder) -> Diagnosis:
    return Diagnosis("somebody", folder, Clock())


def act(diagnosis: Diagnosis, what: str, value: object = "") -> None:
    diagnosis.act(str(diagnosis.turn), what, str(value))


def at_start(folder) -> Diagnosis:
    diagnosis = made(folder)
    for _again in range(2):
        act(diagnosis, "text", UNIT)
    for answer in BEFORE:
        act(diagnosis, "answer", answer)
    act(diagnosis, "ready")
    return diagnosis


def answered(diagnosis: Diagnosis, **other: object) -> Diagnosis:
    for answer in {**GOOD_ANSWERS, **other}.values():
        act(diagnosis, "answer", answer)
    # So that the answers come when the watch is over.
    diagnosis.clock.ahead_ms += 40_000
    act(diagnosis, "confirm")
    return diagnosis


def allowed(folder) -> Diagnosis:
    diagnosis = at_start(folder)
    seen(diagnosis)
    return answered(diagnosis)


def standing(folder) -> Standing:
    with open_unit(folder, UNIT, training=False) as records:
        return records.standing(now())


def test_a_good_run_is_allowed_and_the_unit_free_again(tmp_path) -> None:
    diagnosis = allowed(tmp_path)
    assert diagnosis.procedure.outcome.exit_code == 0
    assert diagnosis.allowed()
    assert standing(tmp_path) == Standing()


def test_half_an_hour_later_it_isnt_allowed_any_more(tmp_path, monkeypatch) -> None:
    diagnosis = allowed(tmp_path)
    for minutes, still in ((29, True), (30, False), (-1, False)):
        monkeypatch.setattr(
            module, "now", lambda minutes=minutes: now() + timedelta(minutes=minutes)
        )
        assert diagnosis.allowed() is still, minutes


def test_a_newer_suspicion_takes_it_back(tmp_path) -> None:
    diagnosis = allowed(tmp_path)
    later = at_start(tmp_path)
    assert not diagnosis.allowed(), "somebody is at it"
    seen(later)
    answered(later, red_blinks=0)
    assert later.procedure.outcome.exit_code == 3
    assert not diagnosis.allowed()


def test_a_record_that_is_gone_takes_it_back(tmp_path) -> None:
    diagnosis = allowed(tmp_path)
    diagnosis.keeping.attempt.path.unlink()
    assert not diagnosis.allowed()


def test_a_form_that_comes_twice_counts_once(tmp_path) -> None:
    diagnosis = at_start(tmp_path)
    seen(diagnosis)
    turn = str(diagnosis.turn)
    for _again in range(3):
        diagnosis.act(turn, "answer", "yes")
    assert len(diagnosis.procedure.answers) == 1


@pytest.mark.parametrize("value", ["3", "", "YES", "yes ", "0.0", "x" * 10_000])
def test_an_answer_that_isnt_one_changes_nothing(tmp_path, value: str) -> None:
    diagnosis = at_start(tmp_path)
    seen(diagnosis)
    act(diagnosis, "answer", value)
    assert diagnosis.procedure.answers == {}


def test_a_disk_that_cant_be_written_never_ends_in_a_yes(tmp_path, monkeypatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    diagnosis = at_start(tmp_path)
    seen(diagnosis)
    monkeypatch.setattr("lockrig.records.store.write_whole", full)
    answered(diagnosis)
    assert diagnosis.procedure.outcome.ending is Ending.UNWRITABLE
    assert not diagnosis.allowed()


def test_a_folder_that_cant_be_made_stops_it(tmp_path) -> None:
    (tmp_path / "units").write_text("in the way")
    diagnosis = at_start(tmp_path)
    assert diagnosis.procedure.outcome.ending is Ending.UNWRITABLE


def test_what_goes_wrong_inside_ends_it_and_frees_the_unit(tmp_path, monkeypatch) -> None:
    diagnosis = at_start(tmp_path)
    seen(diagnosis)

    def broken(_t_ms: int) -> None:
        raise RuntimeError

    monkeypatch.setattr(diagnosis.keeping, "confirm", broken)
    with pytest.raises(RuntimeError):
        answered(diagnosis)
    assert diagnosis.procedure.outcome.ending is Ending.INTERRUPTED
    assert standing(tmp_path).repeat


def test_who_goes_away_before_start_loses_nothing(tmp_path) -> None:
    diagnosis = at_start(tmp_path)
    diagnosis.sweep()
    with pytest.raises(BusyError), open_unit(tmp_path, UNIT, training=False):
        pass
    diagnosis.clock.ahead_ms += IDLE_MS + 1_000
    diagnosis.sweep()
    assert diagnosis.over
    assert standing(tmp_path) == Standing()


def test_who_goes_away_after_start_is_waited_for_and_then_has_no_answer(
    tmp_path, monkeypatch
) -> None:
    diagnosis = at_start(tmp_path)
    seen(diagnosis)
    diagnosis.clock.ahead_ms += IDLE_MS + 1_000
    diagnosis.sweep()
    assert diagnosis.procedure.step is Step.ANSWERS
    monkeypatch.setattr(module, "now", lambda: now() + ANSWERED_FOR + timedelta(seconds=1))
    diagnosis.sweep()
    assert diagnosis.over
    assert standing(tmp_path).repeat


def test_the_end_of_the_server_is_a_test_without_an_answer(tmp_path) -> None:
    all_of_them = Diagnoses()
    diagnosis = all_of_them.add(lambda: at_start(tmp_path))
    seen(diagnosis)
    all_of_them.end()
    assert standing(tmp_path).repeat


def test_there_is_room_for_sixteen(tmp_path) -> None:
    all_of_them = Diagnoses()
    for _ in range(16):
        all_of_them.add(lambda: made(tmp_path))
    with pytest.raises(FullError):
        all_of_them.add(lambda: made(tmp_path))
    act(all_of_them.under_way("somebody")[0], "break")
    assert all_of_them.add(lambda: made(tmp_path))
