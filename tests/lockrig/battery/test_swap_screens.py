"""What is shown: fits 80 x 24 in both languages, one screen a step, and says whom to call."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lockrig.battery import wording
from lockrig.battery.change import Gate, Step
from lockrig.battery.choices import choice_keys
from lockrig.battery.ending import Ending
from lockrig.battery.procedure import Procedure
from lockrig.battery.receipt import document
from lockrig.battery.result import result
from lockrig.battery.screens import screen
from lockrig.config import ServiceDesk
from lockrig.diagnose.screens import WIDTH, answer_keys
from lockrig.i18n import LANGUAGES, _, language, speak
from lockrig.records.standing import Standing
from tests.lockrig.battery.people import (
    DONE,
    HEALTHY,
    NOON,
    UNIT,
    at_close,
    at_cover,
    at_cover_diagnosed,
    at_runs,
    diagnoses,
    keep,
    labelled,
    minutes,
    ran,
    through_hands,
)

DESK = ServiceDesk("0123-456 78", "servicedesk@example.org")


@pytest.fixture(params=LANGUAGES, autouse=True)
def spoken(request: pytest.FixtureRequest) -> Iterator[None]:
    before = language()
    speak(request.param)
    yield
    speak(before)


def every_screen() -> Iterator[Procedure]:
    """The procedure at each step that shows something, with what may stand beside it."""
    yield from up_to_the_cover()
    yield from from_the_cover_on()
    yield from after_the_registration()


def up_to_the_cover() -> Iterator[Procedure]:
    for typed in ((), ("?",), (UNIT,), (UNIT, "XYZ-9")):
        procedure = Procedure("staff", "", NOON)
        for text in typed:
            procedure.text(text)
        yield procedure
    for role in ("staff", "desk"):
        procedure = labelled(role)
        yield procedure
        procedure.unreached("w" * 60)
        yield keep(procedure)
    procedure.choose("enter")
    yield procedure
    procedure.text("CASE-8")
    yield procedure
    procedure.text("CASE-7")
    yield procedure
    procedure.answer("no")
    yield keep(procedure)
    yield at_cover()
    yield at_cover_diagnosed()
    procedure = at_cover()
    procedure.turn(NOON + minutes(31))
    procedure.reached(HEALTHY)
    assert procedure.hint == "expired"
    yield procedure
    for phase in ("begun", "out"):
        procedure = labelled()
        procedure.reached(replace(HEALTHY, phase=phase))
        yield procedure
    procedure = labelled(saved_change=at_runs().change)
    yield procedure


def from_the_cover_on() -> Iterator[Procedure]:
    procedure = at_cover()
    for step in (Step.SIGNS_AGAIN, Step.OUT, Step.APART, Step.NEW, Step.IN, Step.COVER_ON):
        procedure.step = step
        for hint in ("", "never_out"):
            procedure.hint = hint
            yield procedure
    yield through_hands(at_cover())
    procedure = through_hands(at_cover())
    procedure.hint = "lost"
    yield procedure
    procedure.reached(replace(HEALTHY, phase="out"))
    for hint in ("", "again"):
        procedure.hint, procedure.why = hint, "STORAGE"
        yield keep(procedure)


def after_the_registration() -> Iterator[Procedure]:
    procedure = at_runs()
    yield procedure
    procedure.hint = "lost"
    yield procedure
    procedure.hint = ""
    for why in wording.UNCOUNTED:
        for outcome in wording.RESULTS:
            procedure.step = Step.RUN
            procedure.ran(ran("bolt.lock", 1, 1, why, outcome))
            yield keep(procedure)
    procedure = at_close()
    yield procedure
    for cause in wording.UNPROVED:
        procedure.hint, procedure.why = "unproved", cause
        yield procedure
    for step in (Step.BUSY, Step.BEGIN, Step.RUN, Step.PROVE):
        procedure.step = step
        yield procedure


def test_every_screen_fits_in_80_by_24() -> None:
    shown = set()
    for procedure in every_screen():
        drawn = screen(procedure, "W" * 32, "SIM-1234", 21)
        assert drawn.lines
        assert max(map(len, drawn.lines)) <= WIDTH, (procedure.step, drawn.lines)
        assert len(drawn.lines) + 2 * bool(drawn.big) <= 21, procedure.step
        shown.add(procedure.step)
    silent = {Step.RECORDS, Step.DIAGNOSE, Step.KEEP, Step.RECEIPT, Step.END}
    alike = {Step.ABANDON, Step.ADOPT, Step.REGISTER, Step.CANCEL}
    assert shown == set(Step) - silent - alike


def test_only_one_screen_takes_the_cover_off() -> None:
    for procedure in every_screen():
        lines = " ".join(screen(procedure).lines)
        off = _("Step 1 of 6: take the cover off. Nothing else yet.")
        assert (off in lines) == (procedure.step is Step.COVER)


def test_each_choice_has_a_key_that_is_no_answer() -> None:
    assert len(choice_keys()) == 4
    assert not set(choice_keys()) & set(answer_keys())


def endings() -> Iterator[Procedure]:
    for ending in Ending:
        if ending in (Ending.DONE, Ending.VERDICT, Ending.DESK):
            continue
        for procedure in (labelled(), at_cover(), through_hands(at_cover())):
            procedure.why = "below_threshold"
            procedure.end(ending)
            yield procedure
    for reason in ("suspected", "inconclusive", "danger", "damaged"):
        procedure = Procedure("staff", "", NOON)
        procedure.text(UNIT)
        procedure.text(UNIT)
        procedure.looked_up(Standing(reason, file="/x/y.json"), None, proven=False)
        yield procedure


def test_every_end_but_the_good_one_says_what_isnt_done_and_whom_to_call() -> None:
    for procedure in endings():
        assert procedure.exit_code != 0
        last = result(procedure, DESK, None, NOON)
        assert last.tone == "stop"
        told = "\n".join(last.lines)
        assert DESK.phone in told
        assert DESK.email in told
        assert max(map(len, [*last.lines, *last.before])) <= WIDTH
        assert len(last.lines) <= 12
        if procedure.change.step in (Step.NO_CONTACT, Step.BEGIN, Step.COVER):
            assert last.big == _("DO NOT OPEN") or procedure.ending is Ending.DANGER


def test_the_good_end_has_its_receipt_and_no_name() -> None:
    procedure = at_close()
    procedure.choose("enter")
    keep(procedure).closed(DONE, {"level": "GOOD", "last_loaded_mv": 2_800, "temp_c": 20})
    keep(procedure)
    assert procedure.exit_code == 0
    receipt = document(procedure, "sim", True)
    last = result(procedure, DESK, receipt, NOON)
    assert last.big == _("THE BATTERY IS CHANGED")
    assert UNIT in " ".join(last.before)
    assert "2800" in " ".join(last.before)
    assert max(map(len, [*last.lines, *last.before])) <= WIDTH
    assert len(last.lines) + len(last.before) <= 22


def test_a_diagnosis_that_allows_nothing_ends_it_with_its_own_code() -> None:
    for name, outcome in diagnoses().items():
        procedure = labelled()
        procedure.unreached("silent")
        keep(procedure).choose("enter")
        procedure.diagnosed(outcome, Gate("diagnosed", NOON, "name"))
        if name == "allowed":
            assert procedure.step is Step.KEEP
            continue
        assert procedure.ending is Ending.VERDICT
        assert procedure.exit_code in (3, 4, 130)
