"""A change on the real simulated unit: from its gate to its receipt, broken off anywhere."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lockhil.targets import open_target
from lockhil.targets.base import Target
from lockrig.battery.change import Step
from lockrig.battery.ending import Ending
from lockrig.battery.kept import RECEIPT_FORMAT, decode, encode
from lockrig.battery.procedure import Procedure
from lockrig.records.sealed import unseal
from tests.full import FULL
from tests.lockrig.battery.person import Killed, Person, Watcher, change, commanded


def receipts(folder: Path) -> list[dict]:
    files = sorted((folder / "training" / "unit-T-1" / "swap").glob("2*.json"))
    return [unseal(RECEIPT_FORMAT, "swap", file.read_bytes()) for file in files]


def test_batt_3_4_5_a_change_from_its_gate_to_its_receipt(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:
        person = Person()
        procedure = change(target, tmp_path, person)
        assert procedure.ending is Ending.DONE
        assert procedure.exit_code == 0
        assert person.steps[Step.RUNS] == commanded(target) == 10
        state = target.link.call("swap.state")
        assert (state["phase"], state["swaps"]) == ("none", 1)
        assert target.link.call("battery.report")["level"] == "GOOD"
    [receipt] = receipts(tmp_path)
    assert receipt["result"] == "done"
    assert receipt["gate"]["kind"] == "fresh"
    assert receipt["gate"]["evidence"] == {"level": "CHANGE_NOW", "ground": "none", "fresh": True}
    assert (receipt["runs"]["locks"], receipt["runs"]["unlocks"]) == (5, 5)
    assert all(run["low_cell_mv"] > 2_500 for run in receipt["runs"]["all"])
    assert receipt["load"]["level"] == "GOOD"
    assert json.dumps(receipt).count("T-1") == 1


# Keys of a whole change: label twice, signs, cover, signs, five hands, registration, runs, proof.
KEYS = 22
PLACES = range(1, KEYS + 1) if FULL else (2, 3, 4, 5, 7, 10, 11, 12, 13, 20, 22)


def kill_at(place: int, target: Target | None = None) -> Callable[[Procedure, int], None]:
    """Kill the command before that key; with a target, the unit loses its power, too."""

    def kill(_procedure: Procedure, keys: int) -> None:
        if keys == place:
            if target is not None:
                target.bench.power_cut(500)
            raise Killed

    return kill


@pytest.mark.parametrize("place", PLACES)
def test_killed_before_any_key_it_goes_on_where_it_was(tmp_path: Path, place: int) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:
        first, second = Person(kill_at(place)), Person()
        with pytest.raises(Killed):
            change(target, tmp_path, first)
        assert change(target, tmp_path, second).ending is Ending.DONE
        # None without a key, whatever was broken off.
        assert commanded(target) == first.steps[Step.RUNS] + second.steps[Step.RUNS]
        assert target.link.call("swap.state")["swaps"] == 1
        assert second.steps[Step.RESUMED] == (place > 3)
        assert (Step.COVER in second.steps) == (place <= 4)
    assert [receipt["result"] for receipt in receipts(tmp_path)] == ["done"]


@pytest.mark.parametrize("place", [place for place in PLACES if place > 10])
def test_killed_with_the_unit_without_power_it_is_counted_anew(tmp_path: Path, place: int) -> None:
    """Whatever pack is in after a loss of power, it isn't what the runs before were made with."""
    with open_target("sim", pack="low", unit_id="T-1") as target:
        with pytest.raises(Killed):
            change(target, tmp_path, Person(kill_at(place, target)))
        person = Person()
        assert change(target, tmp_path, person).ending is Ending.DONE
        assert person.steps[Step.RUNS] >= 10
        assert target.link.call("swap.state")["swaps"] == 1


@pytest.mark.parametrize("step", ["RUNS", "CLOSE", "CONFIRM"])
def test_given_up_the_unit_knows_it_and_nothing_is_open(tmp_path: Path, step: str) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:
        procedure = change(target, tmp_path, Person(**{step: "g"}))
        assert (procedure.ending, procedure.exit_code) == (Ending.GIVEN_UP, 1)
        assert target.link.call("swap.state")["phase"] == "none"
        assert target.link.call("swap.state")["unannounced"]
        [receipt] = receipts(tmp_path)
        assert receipt["result"] == "cancelled"
        # And it may be begun anew.
        target.bench.clock.advance(minutes=2)
        assert change(target, tmp_path, Person()).ending is Ending.DONE


@pytest.mark.parametrize("pack", ["discharged", "one_weak_cell"])
def test_batt_9_a_measured_suspicion_is_the_service_desks(tmp_path: Path, pack: str) -> None:
    with open_target("sim", pack=pack, unit_id="T-1") as target:
        person = Person()
        procedure = change(target, tmp_path, person)
        assert (procedure.ending, procedure.exit_code) == (Ending.MEASURED, 3)
        assert not {Step.COVER, Step.OUT, Step.SIGNS} & set(person.steps)
        desk = Person()
        procedure = change(target, tmp_path, desk, role="desk")
        assert (procedure.ending, procedure.exit_code) == (Ending.DONE, 0)
        assert desk.steps[Step.CASE] == 1
        report = target.link.call("battery.report")
        assert (report["level"], report["ground"]) == ("GOOD", "none")
    [receipt] = receipts(tmp_path)
    assert (receipt["role"], receipt["case"], receipt["gate"]["kind"]) == ("desk", "CASE-7", "desk")


def test_a_weak_new_pack_ends_no_change(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:

        def give_up(procedure: Procedure, _keys: int) -> None:
            person.habits["CLOSE"] = "g" if procedure.hint == "unproved" else "enter"
            if person.keys_given > 40:
                person.habits["RUNS"] = "g"

        person = Person(give_up)
        procedure = change(target, tmp_path, person, new_pack="weak")
        assert procedure.exit_code == 1
        assert target.link.call("battery.report")["level"] != "GOOD"
        assert receipts(tmp_path)[0]["result"] == "cancelled"


def test_a_discharged_new_pack_is_a_safety_stop(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:
        person = Person(RUNS="enter")
        procedure = change(target, tmp_path, person, new_pack="discharged")
        assert (procedure.ending, procedure.exit_code) == (Ending.MEASURED, 3)
        assert person.steps[Step.RUNS] == commanded(target) == 1
        # The desk takes it from there, with another pack.
        target.bench.set_pack("good")
        assert change(target, tmp_path, Person(), role="desk").ending is Ending.DONE


def test_batt_10_signs_after_the_cover_is_off_stop_it(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:
        procedure = change(target, tmp_path, Person(SIGNS_AGAIN="u"))
        assert (procedure.ending, procedure.exit_code) == (Ending.DANGER, 3)
        # For good: the next one is the service desk's.
        procedure = change(target, tmp_path, Person())
        assert (procedure.ending, procedure.exit_code) == (Ending.DESK, 3)
        assert change(target, tmp_path, Person(), role="desk").ending is Ending.DONE
        # Who has seen to it and proved it has lifted its own stop.
        target.bench.clock.advance(minutes=2)
        assert change(target, tmp_path, Person()).ending is Ending.DONE


def test_an_entrance_lock_is_opened_five_times(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-1", kind="entrance") as target:
        assert change(target, tmp_path, Person()).ending is Ending.DONE
        assert commanded(target) == 5


def test_another_unit_than_the_label_says(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-2") as target:
        procedure = change(target, tmp_path, Person())
        assert (procedure.ending, procedure.exit_code) == (Ending.OTHER_UNIT, 4)


def test_a_change_begun_on_another_computer_is_asked_about(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:
        with pytest.raises(Killed):
            change(target, tmp_path / "one", Person(kill_at(4)))
        person = Person()
        assert change(target, tmp_path / "other", person).ending is Ending.DONE
        assert person.steps[Step.ELSEWHERE] == 1


def test_a_blocked_run_and_one_from_half_way_dont_count(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:

        def jam(procedure: Procedure, _keys: int) -> None:
            if procedure.step is Step.RUNS and person.steps[Step.RUNS] == 3:
                target.bench.jam(500)
            elif procedure.step is Step.RUNS and person.steps[Step.RUNS] == 4:
                target.bench.jam(None)

        person = Person(jam)
        assert change(target, tmp_path, person).ending is Ending.DONE
        uncounted = [run for run in receipts(tmp_path)[0]["runs"]["all"] if not run["counted"]]
        assert [(run["result"], run["why"]) for run in uncounted] == [
            ("MOTOR_BLOCKED", "result"),
            ("done", "unmoved"),
        ]
        assert "MOTOR_BLOCKED" not in "".join(person.seen)


def test_batt_8_without_contact_a_diagnosis_and_its_record_is_handed_over(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:
        person = Watcher()
        procedure = change(target, tmp_path, person, silent=True)
        assert procedure.ending is Ending.DONE
        assert {Step.NO_CONTACT, Step.COVER} <= set(person.steps)
    [receipt] = receipts(tmp_path)
    gate = receipt["gate"]
    assert (gate["kind"], gate["handed_over"]) == ("diagnosed", True)
    assert gate["evidence"] == {"verdict": "CHANGE_ALLOWED"}
    judged = tmp_path / "training" / "unit-T-1" / f"{gate['record']}.json"
    assert json.loads(judged.read_bytes())["record"]["exit_code"] == 0


def lost_before(target: Target, folder: Path) -> None:
    """There was no contact, and somebody gave up at that."""
    with pytest.raises(Killed):
        change(target, folder, Person(kill_at(4)), silent=True)


def test_batt_8_contact_that_was_missing_asks_for_a_diagnosis(tmp_path: Path) -> None:
    """And with contact the unit itself has to have felt the press, and agrees."""
    with open_target("sim", pack="low", unit_id="T-1") as target:
        lost_before(target, tmp_path)
        person = Watcher()
        assert change(target, tmp_path, person).ending is Ending.DONE
        assert Step.SIGNS not in person.steps
    gate = receipts(tmp_path)[0]["gate"]
    assert (gate["kind"], gate["handed_over"]) == ("diagnosed", False)


def test_batt_8_a_press_that_the_unit_didnt_feel_is_inconclusive(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:
        lost_before(target, tmp_path)
        person = Watcher(presses=False)
        procedure = change(target, tmp_path, person)
        assert (procedure.ending, procedure.exit_code) == (Ending.VERDICT, 4)
        assert Step.COVER not in person.steps
        # The one repetition, then it is the service desk's.
        assert change(target, tmp_path, Watcher(presses=False)).exit_code == 3
        assert change(target, tmp_path, Watcher()).ending is Ending.DESK


def test_killed_between_receipt_and_the_end_there_is_one_receipt(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:

        def keep_open(procedure: Procedure, _keys: int) -> None:
            if procedure.step is Step.CLOSE:
                kept = tmp_path / "training" / "unit-T-1" / "swap" / "open.json"
                (tmp_path / "open.json").write_bytes(kept.read_bytes())

        assert change(target, tmp_path, Person(keep_open)).ending is Ending.DONE
        left = decode((tmp_path / "open.json").read_bytes())
        times = {**left.times, "prove": left.times["close"]}
        kept = tmp_path / "training" / "unit-T-1" / "swap" / "open.json"
        kept.write_bytes(encode(replace(left, step=Step.PROVE, times=times)))
        assert change(target, tmp_path, Person()).ending is Ending.DONE
        assert target.link.call("swap.state")["swaps"] == 1
    assert [receipt["result"] for receipt in receipts(tmp_path)] == ["done"]


def test_power_gone_in_the_middle_of_a_run_nothing_is_repeated_by_itself(tmp_path: Path) -> None:
    with open_target("sim", pack="low", unit_id="T-1") as target:
        world = target.bench.world  # type: ignore[attr-defined]

        def cut(procedure: Procedure, _keys: int) -> None:
            if procedure.step is Step.RUNS and person.steps[Step.RUNS] == 4:
                world.timeline.after(200, lambda: world.power_cut(500))

        person = Person(cut)
        assert change(target, tmp_path, person).ending is Ending.DONE
        assert any("lost in between" in screen for screen in person.seen)
        # The unit counts anew: another pack may be in.
        assert commanded(target) == person.steps[Step.RUNS] > 14
