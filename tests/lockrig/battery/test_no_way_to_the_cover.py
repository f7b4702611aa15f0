"""BATT-8: no sequence of inputs ends at "take the cover off" without what lets it come off.

A state machine feeds the procedure whatever it likes, kills it and takes it up again from disk,
keeps its own book of contact, diagnoses and cases, and looks at every step whether the cover comes
off that this book doesn't bear out.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockrig.battery.ending import Ending
from tests.lockrig.battery.coverworld import DIAGNOSES, PHASES, RESULTS, Action, World
from tests.lockrig.battery.people import CASE, DONE, HEALTHY, UNIT

TestNoWayToTheCover = World.TestCase
TestNoWayToTheCover.settings = settings(stateful_step_count=20)

BEGUN = replace(HEALTHY, phase="begun")
OUT = replace(HEALTHY, phase="out", fresh=False)
KEPT: Action = ("kept", True)
HANDS: list[Action] = [
    ("chooses", "enter"),
    KEPT,
    ("answers", "no"),
    KEPT,
    *([("chooses", "enter"), KEPT] * 5),
    ("reached", OUT),
    KEPT,
    ("answers", "yes"),
    ("unit_answers", "registered", DONE),
    KEPT,
    ("chooses", "enter"),
    ("ran", 5, 5, ""),
    KEPT,
    ("chooses", "enter"),
    KEPT,
    ("unit_answers", "closed", DONE),
    KEPT,
]
FRESH: list[Action] = [("label",), ("healthy",), ("answers", "no"), KEPT, ("begins",), KEPT, *HANDS]
DIAGNOSED: list[Action] = [
    ("label",),
    ("unreached",),
    KEPT,
    ("chooses", "enter"),
    ("diagnosed", "allowed", 0),
    KEPT,
    ("unreached",),
    KEPT,
    *HANDS,
]
DESK: list[Action] = [
    ("start", "desk", None),
    ("label",),
    ("unreached",),
    KEPT,
    ("chooses", "enter"),
    ("types", CASE),
    ("answers", "no"),
    KEPT,
    *HANDS,
]
RUNS = {"fresh": FRESH, "diagnosed": DIAGNOSED, "desk": DESK}
ANYWHERE: list[Action] = [
    ("killed", False),
    ("healthy",),
    ("unreached",),
    ("kept", False),
]
OTHER: list[Action] = [
    *ANYWHERE,
    ("pulled",),
    ("types", "CASE-8"),
    ("killed", True),
    *(("revived", False, proven, phase) for proven in (True, False) for phase in PHASES[1:4]),
    ("revived", True, True, "begun"),
    ("revived", False, True, "lost"),
    ("revived", False, False, "lost"),
    ("label",),
    ("types", CASE),
    ("reached", BEGUN),
    ("reached", OUT),
    ("reached", replace(HEALTHY, ground="brown_out")),
    ("reached", replace(HEALTHY, fresh=False)),
    ("reached", replace(HEALTHY, unit="XYZ-9")),
    ("lost_and_found",),
    ("begins",),
    *(("began", {**DONE, "result": result}, UNIT) for result in RESULTS[1:]),
    ("began", DONE, "XYZ-9"),
    ("began", {**DONE, "ground": "diagnostic"}, UNIT),
    ("began", {**DONE, "ground": None}, UNIT),
    ("began", {**DONE, "level": "UNKNOWN"}, UNIT),
    *(("diagnosed", name, 0) for name in DIAGNOSES),
    ("diagnosed", "allowed", 31),
    ("unit_answers", "cancelled", DONE),
    ("unit_answers", "adopted", DONE),
    *(("answers", answer) for answer in ("yes", "no", "unsure")),
    *(("chooses", key) for key in ("enter", "again", "later", "give_up")),
    *(("time_passes", ms) for ms in (29, 31, -40, 2_000)),
    KEPT,
    ("ran", 6, 6, ""),
]
PLACES = st.tuples(
    st.integers(0, len(FRESH) - 1),
    st.sampled_from(["before", "instead", "without"]),
    st.sampled_from(OTHER),
)


def edited(run: list[Action], edits: list[tuple[int, str, Action]]) -> list[Action]:
    run = list(run)
    for place, how, action in sorted(edits, key=lambda edit: -edit[0]):
        run[place : place + (how != "before")] = [] if how == "without" else [action]
    return run


def live(run: list[Action]) -> World:
    world = World()
    for name, *values in run:
        getattr(world, name)(*values)
        world.the_cover_comes_off_only_so()
        world.what_ends_well_was_proved()
    return world


@pytest.mark.parametrize("name", RUNS)
def test_a_good_run_with_any_one_step_changed(name: str) -> None:
    run = RUNS[name]
    # Everything as far as the pack is out; what comes later is among the changes below.
    gate = len(run) - len(HANDS) + 4
    for place in range(len(run)):
        live(edited(run, [(place, "without", OTHER[0])]))
        for action in OTHER if place < gate else ANYWHERE:
            live(edited(run, [(place, "before", action)]))


@given(run=st.sampled_from(list(RUNS.values())), edits=st.lists(PLACES, max_size=5))
def test_a_good_run_with_some_steps_changed(
    run: list[Action], edits: list[tuple[int, str, Action]]
) -> None:
    live(edited(run, edits))


@pytest.mark.parametrize("name", RUNS)
def test_the_good_run_itself_ends_well(name: str) -> None:
    world = live(RUNS[name])
    assert world.procedure.ending is Ending.DONE
    assert world.procedure.exit_code == 0
    assert world.disk is None
