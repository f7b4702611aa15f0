"""What is shown: fits 80 x 24 in both languages, coaches nobody, and never forgets whom to call."""

from datetime import UTC, datetime

import pytest

from lockjudge.trace import Event, Trace
from lockjudge.verdict import judge
from lockrig.config import ServiceDesk
from lockrig.diagnose import reasons
from lockrig.diagnose.outcome import Ending, Outcome
from lockrig.diagnose.procedure import Procedure, Step
from lockrig.diagnose.result import result
from lockrig.diagnose.screens import WIDTH, answer_keys, pattern, screen
from lockrig.i18n import LANGUAGES, _, language, speak
from lockrig.records.standing import Standing
from tests.lockrig.diagnose.people import GOOD_ANSWERS, answered, at_start, saved, watched

DESK = ServiceDesk("0123-456 78", "servicedesk@example.org")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(params=LANGUAGES, autouse=True)
def spoken(request):
    before = language()
    speak(request.param)
    yield
    speak(before)


def every_screen():
    """The procedure at each of its steps, and after each refused input."""
    procedure = Procedure()
    yield procedure
    procedure.text("?")
    yield procedure
    procedure.text("W" * 32)
    yield procedure
    procedure.text("W" * 31)
    yield procedure
    for _again in range(2):
        procedure.text("W" * 32)
    procedure.standing(Standing())
    for answer in ("yes", "no", "no", "yes"):
        yield procedure
        procedure.answer(answer)
    yield procedure
    procedure.ready()
    procedure.begun()
    yield procedure
    procedure.tap("start", 0)
    yield procedure
    for t in range(0, 32_100, 100):
        procedure.turn(t)
    for answer in GOOD_ANSWERS.values():
        yield procedure
        procedure.answer(answer)
    assert procedure.step is Step.REVIEW
    yield procedure


def test_every_screen_fits_in_80_by_24() -> None:
    for procedure in every_screen():
        lines = screen(procedure, "W" * 32, "SIM-1234").lines
        assert lines
        assert max(map(len, lines)) <= WIDTH, procedure.step
        # Above them heading and an empty line, in training below them the lights.
        assert len(lines) <= 22 - (6 if procedure.step is Step.WATCH else 0), procedure.step


def test_the_pattern_is_shown_before_and_never_during_the_watch() -> None:
    for procedure in every_screen():
        shown = screen(procedure).lines
        assert (pattern()[0] in shown) == (procedure.step is Step.PATTERN)


def test_the_screen_of_the_watch_never_changes() -> None:
    procedure = at_start()
    procedure.tap("start", 1_000)
    first = screen(procedure)
    for t in range(0, 31_900, 100):
        procedure.tap(("green", "red", "undo")[t // 100 % 3], 1_000 + t)
        assert screen(procedure) == first
    assert procedure.step is Step.WATCH


def test_each_answer_has_a_key_of_its_own_that_isnt_a_tap() -> None:
    assert len(answer_keys()) == 7
    assert all(key == key.lower() and len(key) == 1 for key in answer_keys())


def ended(ending: Ending, before: Standing | None = None) -> Outcome:
    outcome = Outcome("ABC-1", before or Standing())
    outcome.end(ending)
    return outcome


def refusals() -> list[Outcome]:
    stopped = [Standing(desk, file="/x/y.json (why)") for desk in reasons.DESK]
    unsaved = answered(watched(at_start()))
    unsaved.unsaved()
    return [
        *(ended(ending) for ending in Ending if ending not in (Ending.VERDICT, Ending.DESK)),
        *(ended(Ending.DESK, before) for before in stopped),
        saved(answered(watched(at_start()), red_blinks=0)).outcome,
        saved(answered(watched(at_start()), red_blinks="unsure")).outcome,
        saved(answered(watched(at_start(Standing(repeat=True))), red_blinks="unsure")).outcome,
        unsaved.outcome,
    ]


def test_every_end_but_a_yes_says_do_not_open_and_whom_to_call() -> None:
    for outcome in refusals():
        assert outcome.exit_code != 0
        last = result(outcome, DESK, NOON, NOON)
        assert last.big == _("DO NOT OPEN")
        assert DESK.phone in "\n".join(last.lines)
        assert DESK.email in "\n".join(last.lines)
        assert max(map(len, [*last.lines, *last.before])) <= WIDTH
        # However long the reasons, what to do stays on the screen.
        assert len(last.lines) <= 12


def test_every_refused_verdict_gives_its_reasons_and_a_fault_text() -> None:
    for outcome in refusals():
        if outcome.verdict is not None and outcome.ending is Ending.VERDICT:
            last = result(outcome, DESK, NOON, NOON)
            told = " ".join(last.before)
            assert "ABC-123" in told
            assert "2026-11-24 12:00" in told
            assert reasons.reasons(outcome.verdict)


def test_a_yes_says_by_whom_for_which_unit_and_until_when() -> None:
    outcome = saved(answered(watched(at_start()))).outcome
    last = result(outcome, DESK, NOON, NOON.replace(minute=30))
    told = " ".join(last.lines)
    assert last.big == _("THE BATTERY MAY BE CHANGED")
    assert "ABC-123" in told
    assert "12:30" in told
    assert len(last.lines) + len(last.before) <= 20


def test_every_condition_of_the_judge_has_its_words() -> None:
    trace = Trace({"format": "lockrig-trace/1", "observer": "person"}, [Event(0, "tap", "start")])
    names = {row.name for row in judge(trace).sequences[0].conditions}
    assert set(reasons.VIOLATED) == names
    assert set(reasons.UNKNOWN) == names


def test_the_drivers_doubts_are_told_as_they_are() -> None:
    procedure = watched(at_start())
    procedure.doubt(reasons.OTHER_UNIT)
    verdict = saved(answered(procedure)).outcome.verdict
    assert reasons.reasons(verdict) == [_(reasons.OTHER_UNIT)]
