"""What the tests of a battery change share: its unit, its time, and diagnoses that were made.

No test in here.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lockrig.battery.change import DESK, Change, Gate, Run, Seen, Step
from lockrig.battery.procedure import Procedure
from lockrig.diagnose.outcome import Ending, Outcome
from lockrig.records.standing import Standing
from tests.lockrig.diagnose.people import answered, at_start, saved, watched

UNIT = "ABC-123"
CASE = "CASE-7"
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HEALTHY = Seen(UNIT, level="CHANGE_NOW", fresh=True, bolt="LOCKED")
DONE = {"result": "done", "level": "CHANGE_NOW", "ground": "none"}


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def diagnoses() -> dict[str, Outcome]:
    """Finished diagnoses, by what is special with each; "allowed" is the only good one."""
    unsaved = answered(watched(at_start()))
    unsaved.unsaved()
    broken_off = answered(watched(at_start()))
    broken_off.end(Ending.INTERRUPTED)
    doubted = watched(at_start())
    doubted.doubt("a doubt")
    return {
        "allowed": saved(answered(watched(at_start()))).outcome,
        "other unit": replace(saved(answered(watched(at_start()))).outcome, unit="XYZ-9"),
        "suspected": saved(answered(watched(at_start()), red_blinks=0)).outcome,
        "inconclusive": saved(answered(watched(at_start()), red_blinks="unsure")).outcome,
        "unsaved": unsaved.outcome,
        "not yet saved": answered(watched(at_start())).outcome,
        "broken off": broken_off.outcome,
        "doubted": saved(answered(doubted)).outcome,
        "none": Outcome(UNIT),
    }


def labelled(
    role: str = "staff", saved_change: Change | None = None, *, proven: bool = False
) -> Procedure:
    """A change whose unit was looked up."""
    procedure = Procedure(role, CASE if role == DESK else "", NOON)
    for _ in range(2):
        procedure.text(UNIT)
    procedure.looked_up(Standing(), saved_change, proven=proven)
    return procedure


def keep(procedure: Procedure) -> Procedure:
    """The driver's part, where the disk works."""
    while procedure.step in (Step.KEEP, Step.RECEIPT):
        procedure.kept()
    return procedure


def at_cover() -> Procedure:
    """By fresh contact."""
    procedure = labelled()
    procedure.reached(HEALTHY)
    procedure.answer("no")
    keep(procedure).began(UNIT, DONE, 0)
    return keep(procedure)


def at_cover_diagnosed(*, contact: bool = False) -> Procedure:
    """By a diagnosis, without contact unless `contact`."""
    procedure = labelled()
    procedure.unreached("silent")
    keep(procedure).choose("enter")
    procedure.diagnosed(diagnoses()["allowed"], Gate("diagnosed", NOON, "name"))
    keep(procedure)
    if contact:
        procedure.began(UNIT, DONE, 0)
    else:
        procedure.unreached("silent")
    return keep(procedure)


def through_hands(procedure: Procedure) -> Procedure:
    """From the cover to the waiting for the unit."""
    procedure.choose("enter")
    keep(procedure).answer("no")
    while keep(procedure).step is not Step.WAIT:
        procedure.choose("enter")
    return procedure


def at_runs() -> Procedure:
    """Registered, nothing run yet."""
    procedure = through_hands(at_cover())
    procedure.reached(replace(HEALTHY, level="UNKNOWN", fresh=False, phase="out"))
    keep(procedure).answer("yes")
    procedure.registered(DONE)
    return keep(procedure)


def ran(method: str, locks: int, unlocks: int, why: str = "", result: str = "done") -> Run:
    """A run that the unit counted, or not."""
    step = {"phase": "replaced", "locks": locks, "unlocks": unlocks}
    step |= {"counted": not why, "why": why}
    bolt = "LOCKED" if method == "bolt.lock" else "UNLOCKED"
    return Run(method, {"result": result}, step, {"low_cell_mv": 2_800}, bolt)


def at_close() -> Procedure:
    """All runs are counted."""
    procedure = at_runs()
    procedure.reached(replace(HEALTHY, level="GOOD", fresh=False, phase="replaced"))
    locks = unlocks = 0
    while procedure.step is Step.RUNS:
        method = procedure.next_command()
        procedure.choose("enter")
        locks, unlocks = locks + (method == "bolt.lock"), unlocks + (method == "bolt.unlock")
        procedure.ran(ran(method, locks, unlocks))
        keep(procedure)
    return procedure
