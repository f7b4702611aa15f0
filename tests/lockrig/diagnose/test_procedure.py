"""The routine's steps, in its order: what each answer, tap and pause leads to."""

import pytest

from lockrig.diagnose.outcome import Ending
from lockrig.diagnose.procedure import Procedure, Step
from lockrig.records.standing import Standing
from tests.lockrig.diagnose.people import GOOD_TAPS, answered, at_start, saved, watched


def after_label() -> Procedure:
    procedure = Procedure()
    procedure.text("abc-123")
    procedure.text("abc-123")
    procedure.standing(Standing())
    return procedure


@pytest.mark.parametrize("typed", ["", "ab", "a" * 33, "abc_1", "låset", "a b c"])
def test_batt_8_what_is_no_label_is_asked_for_again(typed: str) -> None:
    procedure = Procedure()
    procedure.text(typed)
    assert procedure.step is Step.LABEL
    assert procedure.hint


def test_batt_8_the_label_is_typed_twice() -> None:
    procedure = Procedure()
    procedure.text("ABC-123")
    procedure.text("ABC-124")
    assert procedure.step is Step.LABEL
    procedure.text("abc-123")
    procedure.text(" ABC-123 ")
    assert procedure.step is Step.RECORDS
    assert procedure.outcome.unit == "ABC-123"


@pytest.mark.parametrize("desk", ["suspected", "inconclusive", "danger", "damaged"])
def test_what_is_the_service_desks_is_not_tried_again(desk: str) -> None:
    procedure = Procedure()
    procedure.text("ABC-123")
    procedure.text("ABC-123")
    procedure.standing(Standing(desk))
    assert procedure.step is Step.END
    assert procedure.outcome.exit_code == 3


@pytest.mark.parametrize("answer", ["no", "unsure"])
def test_who_cant_tell_the_colours_apart_fetches_somebody(answer: str) -> None:
    procedure = after_label()
    procedure.answer(answer)
    assert procedure.outcome.ending is Ending.COLOURS
    assert procedure.outcome.exit_code == 4


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_batt_10_signs_of_danger_stop_at_once(answer: str) -> None:
    procedure = after_label()
    procedure.answer("yes")
    procedure.answer(answer)
    assert procedure.outcome.ending is Ending.DANGER
    assert procedure.outcome.exit_code == 3


@pytest.mark.parametrize("answer", ["no", "unsure"])
def test_nothing_goes_on_while_something_is_plugged_in(answer: str) -> None:
    procedure = after_label()
    procedure.answer("yes")
    procedure.answer("no")
    procedure.answer(answer)
    assert procedure.step is Step.PLUGGED
    assert procedure.hint
    procedure.answer("yes")
    assert procedure.step is Step.PATTERN


def test_start_isnt_accepted_before_the_attempt_is_on_disk() -> None:
    procedure = after_label()
    for answer in ("yes", "no", "yes"):
        procedure.answer(answer)
    procedure.ready()
    procedure.tap("start", 0)
    assert procedure.step is Step.BEGIN
    procedure.begun()
    procedure.tap("green", 0)
    assert procedure.step is Step.START
    procedure.tap("start", 0)
    assert procedure.step is Step.WATCH


def test_diag_5_a_complete_good_sequence_allows_the_change_once_it_is_saved() -> None:
    procedure = answered(watched(at_start()))
    assert procedure.step is Step.SAVE
    assert procedure.outcome.exit_code != 0
    procedure.saved()
    assert procedure.outcome.exit_code == 0


@pytest.mark.parametrize("spare", [(), (11_000,), (9_300, 9_800)])
def test_diag_4_one_blink_or_two_pass_and_three_dont(spare: tuple[int, ...]) -> None:
    taps = (*GOOD_TAPS, *((t, "red") for t in spare))
    blinks = (1, 2, "more")[len(spare)]
    procedure = saved(answered(watched(at_start(), taps), red_blinks=blinks))
    assert (procedure.outcome.exit_code == 0) == (len(spare) < 2)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"dark_before": "no"}, 3),
        ({"green_at_once": "no"}, 3),
        ({"red_while_green": "yes"}, 3),
        ({"red_blinks": 0}, 3),
        ({"red_blinks": "more"}, 3),
        ({"red_short": "no"}, 3),
        ({"red_blinks": 2}, 4),
        ({"dark_before": "unsure"}, 4),
        ({"watched_to_end": "no"}, 4),
        ({"nothing_plugged_in": "no"}, 4),
    ],
)
def test_a_contrary_answer_is_never_a_yes(changed: dict[str, object], code: int) -> None:
    assert saved(answered(watched(at_start()), **changed)).outcome.exit_code == code


def test_an_answer_can_be_taken_back_until_it_is_confirmed() -> None:
    procedure = watched(at_start())
    procedure.answer("no")
    procedure.back()
    assert saved(answered(procedure)).outcome.exit_code == 0


def test_the_second_inconclusive_one_is_a_safety_stop() -> None:
    procedure = answered(watched(at_start(Standing(repeat=True))), dark_before="unsure")
    assert saved(procedure).outcome.exit_code == 3
    assert procedure.outcome.second_inconclusive


def test_the_one_repetition_may_still_pass() -> None:
    assert saved(answered(watched(at_start(Standing(repeat=True))))).outcome.exit_code == 0


def test_without_a_record_there_is_no_yes() -> None:
    procedure = answered(watched(at_start()))
    procedure.unsaved()
    assert procedure.outcome.ending is Ending.UNWRITABLE
    assert procedure.outcome.exit_code == 4


def test_a_suspicion_stands_without_a_record() -> None:
    procedure = answered(watched(at_start()), red_blinks=0)
    procedure.unsaved()
    assert procedure.outcome.exit_code == 3


def test_a_doubt_of_the_drivers_is_never_a_yes() -> None:
    procedure = watched(at_start())
    procedure.doubt("anything")
    assert saved(answered(procedure)).outcome.exit_code == 4


@pytest.mark.parametrize("at_ms", [None, 0, 5_000, 31_000])
def test_an_interruption_is_never_a_yes(at_ms: int | None) -> None:
    procedure = at_start()
    if at_ms is not None:
        watched(procedure, until_ms=at_ms)
    procedure.end(Ending.INTERRUPTED)
    saved(answered(procedure))
    assert procedure.outcome.exit_code == 130


def test_a_verdict_cant_be_had_by_ending() -> None:
    procedure = answered(watched(at_start()))
    procedure.end(Ending.VERDICT)
    assert procedure.step is Step.SAVE
